import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HeatReport } from '../../../src/cli/heatReport';
import type { V8CpuProfile, V8HeapProfile } from '../../../src/core/profile/v8/v8Profile';
import { methodNamed, reportOf, runCli } from '../../support/cli';
import { nodeBinaries } from '../../support/nodeVersions';
import { profileFixtures, readFixtureText } from '../../support/recordedProfiles';
import { startProgram, stopPrograms, targetFixtures } from '../../support/program';
import { assertCpuProfile, assertHeapProfile } from '../../support/v8Formats';

const folder = mkdtempSync(join(tmpdir(), 'heatlens-saved-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function assertClose(actual: number, expected: number, what: string, tolerance = 0.002): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what}: ${actual} and ${expected}`,
  );
}

/** As a file has it, which does not tell them apart. */
function busyAndWaiting({ cpu }: HeatReport['methods'][number]): { readonly selfMs: number; readonly totalMs: number } {
  return { selfMs: cpu.selfMs + cpu.selfWaitingMs, totalMs: cpu.totalMs + cpu.totalWaitingMs };
}

/** Every documented key, with its type; `x | null` where nothing was measured. */
function assertShape(report: HeatReport): void {
  const number = (value: unknown, what: string): void =>
    assert.ok(typeof value === 'number' && Number.isFinite(value) && value >= 0, `${what}: ${String(value)}`);
  const share = (value: number, what: string): void => assert.ok(value >= 0 && value <= 1, `${what}: ${value}`);
  assert.deepEqual(Object.keys(report), [
    'target',
    'intervalMs',
    'exact',
    'cpu',
    'memory',
    'methods',
    'unmapped',
    'runtime',
    'problems',
  ]);
  number(report.intervalMs, 'intervalMs');
  assert.equal(typeof report.exact, 'boolean');
  assert.deepEqual(Object.keys(report.cpu), [
    'sampledMs',
    'idleMs',
    'waitingMs',
    'gcMs',
    'nativeMs',
    'nodeMs',
    'unmappedMs',
    'samples',
    'intervalUs',
  ]);
  const { waitingMs, ...always } = report.cpu;
  if (waitingMs !== null) number(waitingMs, 'waitingMs');
  Object.entries(always).forEach(([key, value]) => number(value, key));
  assert.deepEqual(Object.keys(report.memory), [
    'liveBytes',
    'allocatedBytes',
    'liveWindowMs',
    'allocatedWindowMs',
    'accuracy',
  ]);
  number(report.memory.liveBytes, 'liveBytes');
  number(report.memory.allocatedBytes, 'allocatedBytes');
  assert.ok(report.methods.length > 0);
  for (const method of report.methods) {
    for (const key of ['name', 'qualifiedName', 'kind', 'file'] as const) assert.equal(typeof method[key], 'string');
    assert.ok(method.file.startsWith('/'), `${method.file} is absolute`);
    assert.ok(
      Number.isInteger(method.line) && method.line >= 1 && Number.isInteger(method.column) && method.column >= 1,
    );
    assert.ok(['exact', 'calibrated', 'approximate'].includes(method.accuracy), method.accuracy);
    if (method.bound !== null) share(method.bound, `the bound of ${method.name}`);
    assert.deepEqual(Object.keys(method.cpu), [
      'selfMs',
      'totalMs',
      'selfShare',
      'totalShare',
      'selfWaitingMs',
      'totalWaitingMs',
    ]);
    share(method.cpu.selfShare, method.name);
    share(method.cpu.totalShare, method.name);
    assert.ok(method.cpu.selfMs <= method.cpu.totalMs + 0.002);
    assert.deepEqual(Object.keys(method.memory), [
      'liveBytes',
      'allocatedBytes',
      'totalLiveBytes',
      'totalAllocatedBytes',
      'accuracy',
    ]);
    const { accuracy, ...bytes } = method.memory;
    assert.ok(['exact', 'calibrated', 'approximate'].includes(accuracy), accuracy);
    Object.values(bytes).forEach((value) => assert.ok(Number.isInteger(value) && value >= 0));
  }
  for (const frame of report.unmapped) {
    for (const key of ['name', 'url', 'reason'] as const) assert.equal(typeof frame[key], 'string');
    for (const key of ['selfMs', 'liveBytes', 'allocatedBytes'] as const) number(frame[key], key);
    assert.ok(Number.isInteger(frame.line));
  }
  assert.ok(report.problems.every((problem) => typeof problem === 'string'));
}

describe('saved profiles', function () {
  this.timeout(120_000);
  afterEach(stopPrograms);

  it('of a container are shown at the files of a folder here', async () => {
    const frame = {
      functionName: 'total',
      scriptId: '7',
      url: 'file:///usr/src/app/total.js',
      lineNumber: 1,
      columnNumber: 14,
    };
    const root = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
    const profile: V8CpuProfile = {
      nodes: [
        { id: 1, callFrame: root, hitCount: 0, children: [2] },
        { id: 2, callFrame: frame, hitCount: 2 },
      ],
      startTime: 0,
      endTime: 3_000,
      samples: [2, 2],
      timeDeltas: [1_000, 1_000],
    };
    const app = join(folder, 'boxed');
    mkdirSync(app);
    writeFileSync(join(app, 'total.js'), '// here\nfunction total(n) { return n; }\n');
    writeFileSync(join(folder, 'box.cpuprofile'), JSON.stringify(profile));
    const { methods } = await reportOf(['heat', join(folder, 'box.cpuprofile'), '--map', `/usr/src/app=${app}`]);
    assert.deepEqual(
      methods.map(({ name, file, line }) => [name, file, line]),
      [['total', join(app, 'total.js'), 2]],
    );
  });

  it('have the heat of their recording, and V8\u2019s formats', async () => {
    const { path: node } = nodeBinaries()[1];
    const program = await startProgram(node, [join(targetFixtures, 'memory.cjs')]);
    const recorded = await reportOf([
      'record',
      '--pid',
      String(program.pid),
      '--duration',
      '3',
      '--cpu-interval',
      '1000',
      // What they tell of inlined methods is not in the files.
      '--interrupt-budget',
      '0',
      '--out',
      join(folder, 'run'),
    ]);
    assertShape(recorded);
    const files = readdirSync(folder)
      .filter((name) => name.startsWith('run'))
      .sort();
    assert.deepEqual(files, ['run.allocated.heapprofile', 'run.cpuprofile', 'run.heapprofile']);
    assertCpuProfile(JSON.parse(readFileSync(join(folder, 'run.cpuprofile'), 'utf8')) as V8CpuProfile);
    for (const name of ['run.heapprofile', 'run.allocated.heapprofile'])
      assertHeapProfile(JSON.parse(readFileSync(join(folder, name), 'utf8')) as V8HeapProfile);

    const loaded = await reportOf(['heat', ...files.map((name) => join(folder, name))]);
    assertShape(loaded);
    assert.equal(loaded.exact, recorded.exact);
    // Time that a thread waited is busy time in a file, as V8 has it.
    const waitingMs = recorded.cpu.waitingMs ?? 0;
    assertClose(loaded.cpu.sampledMs, recorded.cpu.sampledMs + waitingMs, 'sampled');
    for (const key of ['idleMs', 'gcMs'] as const) assertClose(loaded.cpu[key], recorded.cpu[key], key);
    for (const key of ['nativeMs', 'nodeMs', 'unmappedMs'] as const)
      assert.ok(loaded.cpu[key] >= recorded.cpu[key] - 1 && loaded.cpu[key] <= recorded.cpu[key] + waitingMs + 1, key);
    // A sample that the seam of two windows cuts is one stretch of time in the file, whichever window it was a hit of.
    assert.ok(
      waitingMs > 0 || Math.abs(loaded.cpu.samples - recorded.cpu.samples) <= 3,
      `samples: ${loaded.cpu.samples} and ${recorded.cpu.samples}`,
    );
    assert.equal(loaded.memory.liveBytes, recorded.memory.liveBytes);
    // Allocated bytes are scaled to the interval, whose ends the two know only as well as a busy machine lets them.
    assertClose(loaded.memory.allocatedBytes, recorded.memory.allocatedBytes, 'allocated', 0.15);
    const key = (method: HeatReport['methods'][number]): string =>
      `${method.qualifiedName} ${method.file}:${method.line}`;
    assert.deepEqual(loaded.methods.map(key).sort(), recorded.methods.map(key).sort());
    for (const method of recorded.methods) {
      const again = loaded.methods.find((other) => key(other) === key(method))!;
      assertClose(
        again.cpu.selfMs,
        busyAndWaiting(method).selfMs,
        `${method.name} self`,
        waitingMs > 0 ? 0.02 : undefined,
      );
      assertClose(again.cpu.totalMs, busyAndWaiting(method).totalMs, `${method.name} total`);
      assertClose(again.memory.liveBytes, method.memory.liveBytes, `${method.name} live`);
    }
  });

  it('keep that they are exact, and are written under a name that has the ending already', async () => {
    const { path: node } = nodeBinaries()[2];
    const program = await startProgram(node, [join(targetFixtures, 'inlined.cjs')]);
    const recorded = await reportOf([
      'record',
      '--pid',
      String(program.pid),
      '--duration',
      '1',
      '--exact',
      '--memory',
      'live',
      '--out',
      join(folder, 'exact.cpuprofile'),
    ]);
    assert.equal(recorded.methods[0].name, 'mix');
    const names = readdirSync(folder)
      .filter((name) => name.startsWith('exact'))
      .sort();
    assert.deepEqual(names, ['exact.cpuprofile', 'exact.heapprofile']);
    const loaded = await reportOf(['heat', join(folder, 'exact.cpuprofile')]);
    assert.equal(loaded.exact, true);
    assertClose(methodNamed(loaded, 'mix').cpu.selfMs, busyAndWaiting(methodNamed(recorded, 'mix')).selfMs, 'mix');
  });

  it('of workers get files of their own', async () => {
    const { path: node } = nodeBinaries()[3];
    const program = await startProgram(node, [join(targetFixtures, 'pool.cjs')]);
    const recorded = await reportOf([
      'record',
      '--pid',
      String(program.pid),
      '--duration',
      '1',
      '--memory',
      'off',
      '--interrupt-budget',
      '0',
      '--out',
      join(folder, 'pool'),
    ]);
    const names = readdirSync(folder)
      .filter((name) => name.startsWith('pool'))
      .sort();
    assert.deepEqual(names, ['pool.cpuprofile', 'pool.worker-1.cpuprofile', 'pool.worker-2.cpuprofile']);
    const loaded = await reportOf(['heat', ...names.map((name) => join(folder, name))]);
    assertClose(loaded.cpu.sampledMs, recorded.cpu.sampledMs + (recorded.cpu.waitingMs ?? 0), 'sampled');
    assert.equal(loaded.methods[0].name, 'digest');
    assertClose(loaded.methods[0].cpu.selfMs, busyAndWaiting(recorded.methods[0]).selfMs, 'digest');
  });
});

describe('heatlens heat', function () {
  this.timeout(60_000);

  it('shows the files of other tools', async () => {
    mkdirSync(join(folder, 'app'));
    copyFileSync(join(profileFixtures, 'record.cjs'), join(folder, 'app/record.cjs'));
    const local = join(folder, 'app/record.cjs');
    writeFileSync(
      join(folder, 'other.cpuprofile'),
      readFixtureText('node20.cpuprofile').replaceAll('file:///app/record.cjs', `file://${local}`),
    );
    const report = await reportOf(['heat', join(folder, 'other.cpuprofile')]);
    assertShape(report);
    const names = report.methods.map(({ name }) => name);
    for (const name of ['fibonacci', 'work', 'garbage']) assert.ok(names.includes(name), names.join());
    assert.ok(report.methods.every(({ file }) => file === local));
    const fibonacci = methodNamed(report, 'fibonacci');
    assert.equal(
      fibonacci.line,
      readFileSync(local, 'utf8')
        .split('\n')
        .findIndex((line) => line.includes('function fibonacci')) + 1,
    );
    // What `new Function` made has no file, and says so.
    assert.ok(
      report.unmapped.some(({ reason }) => reason === 'evaluated'),
      JSON.stringify(report.unmapped),
    );
    assert.deepEqual([report.exact, report.target?.pid], [false, null]);
  });

  it('prints a table that a person can read', async () => {
    const { code, stdout, errors } = await runCli(['heat', join(folder, 'other.cpuprofile')]);
    assert.deepEqual([code, errors], [0, []]);
    assert.match(stdout, /^other\.cpuprofile, .* \(approximate/);
    assert.match(stdout, /SELF {2}SELF % .* METHOD +AT/);
    assert.match(stdout, new RegExp(`fibonacci +${join(folder, 'app/record.cjs')}:\\d+`));
    assert.match(stdout, /Not mapped to a source file:/);
  });

  it('shows what is readable, and names what is not', async () => {
    const cut = join(folder, 'cut.cpuprofile');
    writeFileSync(cut, readFixtureText('node20.cpuprofile').slice(0, 5_000));
    const report = await reportOf(['heat', join(folder, 'other.cpuprofile'), cut]);
    assert.ok(report.methods.length > 0);
    assert.equal(report.problems.length, 1);
    assert.match(report.problems[0], /cut\.cpuprofile is not a complete profile/);
  });

  it('merges files', async () => {
    const one = await reportOf(['heat', join(folder, 'other.cpuprofile')]);
    copyFileSync(join(folder, 'other.cpuprofile'), join(folder, 'again.cpuprofile'));
    const two = await reportOf(['heat', join(folder, 'other.cpuprofile'), join(folder, 'again.cpuprofile')]);
    assertClose(two.cpu.sampledMs, 2 * one.cpu.sampledMs, 'sampled');
    assertClose(methodNamed(two, 'fibonacci').cpu.selfMs, 2 * methodNamed(one, 'fibonacci').cpu.selfMs, 'fibonacci');
    assertClose(methodNamed(two, 'fibonacci').cpu.totalShare, methodNamed(one, 'fibonacci').cpu.totalShare, 'share');
  });
});
