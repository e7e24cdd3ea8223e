import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { HeatReport } from '../../../src/cli/heatReport';
import type { V8CpuProfile } from '../../../src/core/profile/v8/v8Profile';
import { until } from '../../support/agentTarget';
import { methodNamed, reportOf, startCli } from '../../support/cli';
import { nodeBinaries, repositoryRoot, type NodeBinary } from '../../support/nodeVersions';
import { onEach } from '../../support/onEach';
import {
  compileService,
  startProgram,
  stopPrograms,
  targetFixtures,
  type CompiledService,
  type Program,
} from '../../support/program';

const tsx = join(repositoryRoot, 'node_modules/tsx/dist/cli.mjs');

/** 1-based. */
function lineOf(file: string, text: string): number {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((each) => each.includes(text));
  assert.ok(line >= 0, `${text} in ${file}`);
  return line + 1;
}

async function stillServes(program: Program): Promise<void> {
  const first = await program.get<{ pid: number; served: number }>();
  const second = await program.get<{ served: number }>();
  assert.deepEqual([first.pid, second.served - first.served], [program.pid, 1]);
}

/** Two Node versions at a time: they share two cores with whatever else runs. */
const pairs = [
  [0, 3],
  [1, 2],
].map((pair) => pair.map((i) => nodeBinaries()[i]));

function namesOf(pair: readonly NodeBinary[]): string {
  return pair.map(({ version }) => `Node ${version}`).join(' and ');
}

describe('heatlens record', function () {
  this.timeout(120_000);
  let service: CompiledService;
  before(() => {
    service = compileService();
  });
  after(() => service.dispose());
  afterEach(stopPrograms);

  for (const pair of pairs) {
    it(`finds the hot method of TypeScript services, compiled beforehand and by tsx, on ${namesOf(pair)}`, async () => {
      const inMemory = join(targetFixtures, 'service.ts');
      await onEach(pair, async (node) => {
        const programs = await Promise.all([
          startProgram(node, [service.script], { cwd: service.folder }),
          startProgram(node, [tsx, inMemory]),
        ]);
        const reports = await Promise.all(
          programs.map(({ pid }) => reportOf(['record', '--pid', String(pid), '--duration', '2'])),
        );
        for (const [i, source] of [service.source, inMemory].entries()) {
          const { target, methods, exact } = reports[i];
          assert.equal(target?.pid, programs[i].pid, 'each is measured as itself');
          assert.equal(exact, false);
          const line = lineOf(source, 'Called through one place') + 1;
          const [hottest] = methods;
          assert.deepEqual(
            [hottest.qualifiedName, hottest.file, hottest.line],
            ['Checksum.apply', source, line],
            JSON.stringify(methods.slice(0, 3), undefined, 1),
          );
          assert.equal(hottest.column, '  public '.length + 1);
          assert.ok(hottest.cpu.selfShare > 0.4 && hottest.cpu.totalShare <= 1);
          assert.deepEqual(await programs[i].inspectorPorts(), [], 'the port is closed again');
          await stillServes(programs[i]);
        }
      });
    });
  }

  it('measures a program as itself while another one holds port 9229, which gets it back', async () => {
    const [{ path: node }] = nodeBinaries();
    const holder = await startProgram(node, ['--inspect=127.0.0.1:9229', service.script]);
    // On a machine where the port was taken before, that other process is the obstacle.
    const held = await holder.inspectorPorts();
    const program = await startProgram(node, [service.script]);
    const report = await reportOf(['record', '--pid', String(program.pid), '--duration', '1', '--memory', 'off']);
    assert.equal(report.target?.pid, program.pid);
    assert.equal(report.methods[0].qualifiedName, 'Checksum.apply');
    assert.deepEqual(await program.inspectorPorts(), []);
    await until(
      async () => (await holder.inspectorPorts()).join() === held.join(),
      'the holder has its port again',
      30_000,
    );
    await Promise.all([stillServes(holder), stillServes(program)]);
  });

  for (const pair of pairs) {
    it(`finds the hot method inside a pool of workers, which go on working, on ${namesOf(pair)}`, async () => {
      await onEach(pair, async (node) => {
        const program = await startProgram(node, [join(targetFixtures, 'pool.cjs')]);
        const { child, result } = startCli(['record', '--pid', String(program.pid), '--duration', '2', '--json']);
        const done = (): number => Number([...program.output().matchAll(/done (\d+)/g)].at(-1)?.[1] ?? 0);
        let before = done();
        let steps = 0;
        while (child.exitCode === null) {
          await delay(250);
          if (done() > before) steps++;
          before = done();
        }
        const { code, stdout, errors } = await result;
        assert.deepEqual([code, errors], [0, []]);
        assert.ok(steps >= 4, `work was done throughout: ${steps}`);
        const report = JSON.parse(stdout) as HeatReport;
        const [hottest] = report.methods;
        const file = join(targetFixtures, 'pool.cjs');
        assert.deepEqual([hottest.name, hottest.file, hottest.line], ['digest', file, lineOf(file, 'function digest')]);
        assert.deepEqual(
          report.target!.threads.map(({ id }) => id).sort(),
          ['', '/1', '/2'].map((thread) => `${program.pid}${thread}`),
        );
        assert.ok(
          report.target!.threads.every(({ state, cost }) => state === 'detached' && cost.startStallMs !== undefined),
        );
      });
    });

    it(`shows a function that is inlined with --exact, where plain V8 shows its caller, on ${namesOf(pair)}`, async () => {
      await onEach(pair, async (node) => {
        const program = await startProgram(node, [join(targetFixtures, 'inlined.cjs')]);
        const out = join(service.folder, `inlined-${program.pid}`);
        const plain = await reportOf([
          'record',
          '--pid',
          String(program.pid),
          '--duration',
          '1.5',
          '--memory',
          'off',
          '--out',
          out,
        ]);
        assert.equal(plain.exact, false);
        const hits = hitsByName(`${out}.cpuprofile`);
        // `caller` may be inlined into `turn` itself. Node 26 tells some of it apart without help.
        const callers = (hits['caller'] ?? 0) + (hits['turn'] ?? 0);
        if (!plain.target!.nodeVersion!.startsWith('v26'))
          assert.ok(callers > 10 * (hits['mix'] ?? 0), JSON.stringify(hits));
        const exact = await reportOf([
          'record',
          '--pid',
          String(program.pid),
          '--duration',
          '1.5',
          '--memory',
          'off',
          '--exact',
        ]);
        assert.equal(exact.exact, true);
        const mix = methodNamed(exact, 'mix');
        assert.equal(exact.methods[0].name, 'mix');
        assert.equal(mix.file, join(targetFixtures, 'inlinedCallee.cjs'));
        assert.ok(mix.cpu.selfShare > 0.6, `${mix.cpu.selfShare}`);
        assert.ok(methodNamed(exact, 'caller').cpu.selfShare < 0.4);
        assert.deepEqual(await program.inspectorPorts(), []);
      });
    });

    it(`tells who makes garbage from who leaks on ${namesOf(pair)}`, async () => {
      await onEach(pair, async (node) => {
        const program = await startProgram(node, [join(targetFixtures, 'memory.cjs')]);
        const report = await reportOf(['record', '--pid', String(program.pid), '--duration', '4']);
        const leader = (measure: 'liveBytes' | 'allocatedBytes'): string =>
          [...report.methods].sort((a, b) => b.memory[measure] - a.memory[measure])[0].name;
        assert.deepEqual([leader('allocatedBytes'), leader('liveBytes')], ['makeGarbage', 'leak']);
        assert.ok(report.memory.allocatedBytes > report.memory.liveBytes);
        assert.ok(methodNamed(report, 'leak').memory.liveBytes > report.memory.liveBytes / 2);
        assert.ok(methodNamed(report, 'makeGarbage').memory.allocatedBytes > report.memory.allocatedBytes / 2);
      });
    });
  }
});

function hitsByName(file: string): Record<string, number> {
  const hits: Record<string, number> = {};
  for (const { callFrame, hitCount } of (JSON.parse(readFileSync(file, 'utf8')) as V8CpuProfile).nodes) {
    hits[callFrame.functionName] = (hits[callFrame.functionName] ?? 0) + (hitCount ?? 0);
  }
  return hits;
}
