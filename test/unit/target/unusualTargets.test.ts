import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { closeLeftOpen } from '../../../src/node/inspector/closeLeftOpen';
import { connectToPid } from '../../../src/node/inspector/connect';
import { enterExactMode } from '../../../src/node/instruments/exactMode';
import { createRecording } from '../../../src/node/recording/recording';
import { until } from '../../support/agentTarget';
import { attachFromOutside } from '../../support/heatlensToKill';
import { nodeBinaries } from '../../support/nodeVersions';
import { attachTo } from '../../support/onEach';
import { startProgram, stopPrograms, targetFixtures, type Program } from '../../support/program';
import { flagsOf } from '../../support/watchedTarget';

/** Of `unusual.cjs`, which says what each is. */
const kinds = [
  'none',
  'fakeTimers',
  'numberTimers',
  'bareTimers',
  'throwingTimers',
  'immediateTimers',
  'frozenTime',
  'noMap',
  'noGlobals',
  'throwingMethods',
  'setters',
  'frozenInspector',
  'frozenModules',
  'lockdown',
  'frozenAll',
  'frozenGlobal',
  'frozenIntrinsics',
  'sealedGlobal',
  'replacedClose',
  'throwingInspector',
  'throwingEmitter',
  'throwingProcess',
  'mockedProcess',
  'noProcess',
  'ownRequire',
  'hiddenNode',
  'hiddenByProxy',
  'noSockets',
  'instantSockets',
  'instantWaiting',
  'replacedConsole',
  'noClock',
  'spinning',
];
/** What differs between versions of Node is how its own modules are reached, and what of them can be replaced. */
const onMiddleVersions = [
  'none',
  'frozenTime',
  'throwingMethods',
  'lockdown',
  'frozenAll',
  'frozenGlobal',
  'frozenIntrinsics',
  'hiddenNode',
  'noSockets',
  'noClock',
];
/** Nothing in these tells the time; `spinning` never gets to it. */
const cannotWatch = ['noClock', 'spinning'];

function assertAsBefore(program: Program, kind: string): void {
  assert.deepEqual([program.child.exitCode, program.child.signalCode], [null, null], `${kind}: ${program.output()}`);
  for (const [flag, isOn] of flagsOf(program)) assert.ok(isOn, `${kind}: --${flag} is as it was`);
}

async function start(node: string, kind: string): Promise<Program> {
  const program = await startProgram(node, [join(targetFixtures, 'unusual.cjs'), kind]);
  if (kind === 'spinning') await delay(1_600);
  return program;
}

for (const { version, path } of nodeBinaries()) {
  const tried = version === 20 || version === 26 ? kinds : onMiddleVersions;

  describe(`targets whose globals are unusual, Node ${version}`, function () {
    this.timeout(180_000);
    afterEach(stopPrograms);

    it('are left as they were found', async () => {
      for (const kind of tried) {
        const program = await start(path, kind);
        const connection = await connectToPid(program.pid);
        assert.equal(connection.pid, program.pid, kind);
        assert.match(connection.nodeVersion, new RegExp(`^v${version}\\.`), kind);
        assert.equal(connection.warnings.length > 0, cannotWatch.includes(kind), `${kind}: ${connection.warnings}`);
        const isolates = [connection.main.channel];
        const mode = await enterExactMode(connection, isolates);
        assert.ok([...flagsOf(program).values()].includes(false), `${kind}: the test can see flags`);
        await mode.leave(isolates);
        assert.equal(await connection.close(), undefined, kind);
        assert.deepEqual(await program.inspectorPorts(), [], kind);
        assertAsBefore(program, kind);
        await stopPrograms();
      }
    });

    it('close their inspector when our side is killed, or when Heatlens is started again', async () => {
      const programs: { kind: string; program: Program }[] = [];
      for (const kind of tried) {
        const program = await start(path, kind);
        const heatlens = attachFromOutside(program.pid, 'exact');
        await heatlens.said(/^attached$/);
        assert.equal((await program.inspectorPorts()).length, 1, kind);
        assert.ok([...flagsOf(program).values()].includes(false), `${kind}: the test can see flags`);
        await heatlens.kill();
        // They hold the usual port.
        if (cannotWatch.includes(kind)) {
          await closeLeftOpen();
          assert.deepEqual(await program.inspectorPorts(), [], kind);
        }
        programs.push({ kind, program });
      }
      for (const { kind, program } of programs) {
        await until(async () => (await program.inspectorPorts()).length === 0, `${kind} closes`, 30_000);
        const isRestored = (): boolean => [...flagsOf(program).values()].every(Boolean);
        await until(isRestored, `${kind}: flags`).catch(() => undefined);
        assertAsBefore(program, kind);
      }
    });

    it('have their flags back when exact mode fails half-way', async () => {
      const program = await start(path, 'throwingFlag');
      const connection = await connectToPid(program.pid);
      await assert.rejects(enterExactMode(connection, [connection.main.channel]), /no --no-maglev-inlining/);
      // What it prints is on a way of its own, and may come after the answer.
      await until(() => [...flagsOf(program).values()].join() === 'true,true', 'both flags are back');
      assert.deepEqual([...flagsOf(program).keys()].sort(), ['maglev-inlining', 'turbo-inlining']);
      assert.equal(await connection.close(), undefined);
      assertAsBefore(program, 'throwingFlag');
    });

    it('are measured where `process` was frozen before the module `inspector` was loaded, but not exactly', async () => {
      const program = await startProgram(path, [join(targetFixtures, 'frozenProcess.cjs')]);
      const recording = createRecording({ refreshMs: 250 });
      await attachTo(recording, program);
      const isHot = (): boolean => !!recording.snapshot?.methods.some(({ source }) => source.method.name === 'work');
      await until(isHot, 'heat');
      await assert.rejects(recording.measureExactly(300), { code: 'targetRefused' });
      await recording.detach();
      recording.dispose();
      assert.deepEqual([...flagsOf(program)], []);
      await until(async () => (await program.inspectorPorts()).length === 0, 'the port is closed');
      assertAsBefore(program, 'frozenProcess');
    });

    it('keep their inspector as long as Heatlens lives, where nothing takes a note', async () => {
      const program = await start(path, 'frozenAll');
      const connection = await connectToPid(program.pid);
      const ports = await program.inspectorPorts();
      // Longer than the guard waits for signs of life.
      await delay(12_500);
      assert.deepEqual(await program.inspectorPorts(), ports);
      assert.equal(await connection.close(), undefined);
      assert.deepEqual(await program.inspectorPorts(), []);
    });
  });
}
