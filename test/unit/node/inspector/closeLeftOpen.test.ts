import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { closeLeftOpen } from '../../../../src/node/inspector/closeLeftOpen';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { noteOpened } from '../../../../src/node/inspector/openedNotes';
import { birthOf } from '../../../../src/node/processes/birth';
import { until } from '../../../support/agentTarget';
import { attachFromOutside } from '../../../support/heatlensToKill';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

/** ms after Heatlens has said that it is about to send the signal, until long after it has attached. */
const killPoints = [0, 20, 60, 140, 280, 600];

describe('an inspector that was left open', function () {
  this.timeout(180_000);
  let folder: string;
  const former = process.env['XDG_RUNTIME_DIR'];
  const notes = (): string[] =>
    readdirSync(join(folder, 'heatlens')).filter((name) => name.startsWith('opened-') && name.endsWith('.json'));

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-run-'));
    process.env['XDG_RUNTIME_DIR'] = folder;
  });
  afterEach(stopServices);
  after(() => {
    if (former === undefined) delete process.env['XDG_RUNTIME_DIR'];
    else process.env['XDG_RUNTIME_DIR'] = former;
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { version, path } of nodeBinaries()) {
    it(`by one that was killed at any moment is closed by the next start, Node ${version}`, async () => {
      const target = await startService(path);
      const before = await target.get('/');
      let leftOpen = 0;
      for (const ms of killPoints.map((point) => point + 5 * (version - 20))) {
        const heatlens = attachFromOutside(target.pid);
        await heatlens.said(/^Asking process/);
        await delay(ms);
        await heatlens.kill();
        // The signal may be on its way: a start that comes too early leaves the note for the next.
        await delay(250);
        if ((await target.inspectorPorts()).length > 0) leftOpen++;
        await until(async () => {
          await closeLeftOpen();
          return (await target.inspectorPorts()).length === 0;
        }, `the port is closed after a kill at ${ms} ms`);
        assert.deepEqual(await target.get('/'), before, `killed at ${ms} ms`);
      }
      assert.ok(leftOpen >= 2, `the test has something to close: ${leftOpen} of ${killPoints.length}`);
      target.child.kill('SIGKILL');
      await target.exit;
      await closeLeftOpen();
      assert.deepEqual(notes(), [], 'no note outlives its process');
    });
  }

  it('is not that of a Heatlens which lives', async () => {
    const target = await startService(nodeBinaries()[1].path);
    const heatlens = attachFromOutside(target.pid);
    await heatlens.said(/^attached$/);
    const ports = await target.inspectorPorts();
    assert.deepEqual(await closeLeftOpen(), []);
    const connection = await connectToPid(target.pid);
    assert.deepEqual(await closeLeftOpen(), []);
    assert.equal(notes().length, 2);
    await heatlens.kill();
    assert.deepEqual(await closeLeftOpen(), []);
    assert.deepEqual(await target.inspectorPorts(), ports, 'we use it still');
    assert.equal(await connection.close(), undefined);
    assert.deepEqual(await target.inspectorPorts(), []);
    await closeLeftOpen();
    assert.deepEqual(notes(), []);
  });

  it('is not that of a process which was open before, nor that of another with the same number', async () => {
    const open = await startService(nodeBinaries()[2].path, { flags: ['--inspect=0'] });
    const ports = await open.inspectorPorts();
    const birth = await birthOf(open.pid);
    const before = [`127.0.0.1 ${ports[0]}`];
    for (const each of [
      { pid: open.pid, birth, before },
      { pid: open.pid, birth: 'another', before: [] },
    ])
      (await noteOpened({ ...each, lease: 'nobody', at: Date.now() })).abandon();
    assert.deepEqual(await closeLeftOpen(), []);
    assert.deepEqual(await open.inspectorPorts(), ports);
    assert.equal(notes().length, 1, 'that of the other process is gone');
    for (const name of notes()) rmSync(join(folder, 'heatlens', name));
  });

  it('is looked for in notes that anything may have happened to', async () => {
    const target = await startService(nodeBinaries()[3].path);
    const note = await noteOpened({ pid: target.pid, birth: undefined, before: [], lease: 'x', at: Date.now() });
    const [name] = notes();
    const whole = readFileSync(join(folder, 'heatlens', name), 'utf8');
    note.abandon();
    const file = join(folder, 'heatlens', name);
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"pid":1}',
      whole.slice(0, -9),
      whole.replace(/"pid":\d+/g, '"pid":"1"'),
    ]) {
      writeFileSync(file, text);
      assert.deepEqual(await closeLeftOpen(), [], text);
    }
    rmSync(file);
  });
});
