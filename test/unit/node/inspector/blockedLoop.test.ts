import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { until } from '../../../support/agentTarget';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startProgram, stopPrograms } from '../../../support/program';

/** Of one loop, ms: an attach and a detach fit into it. */
const BLOCKED_MS = 12_000;
const PROGRAM = `
  console.log('ready 0 of ' + process.pid);
  setTimeout(() => {
    console.log('begun');
    for (const end = Date.now() + ${BLOCKED_MS}; Date.now() < end; );
    console.log('turned');
  }, 10);
  setInterval(() => {}, 1000);`;

describe('a program in a loop that does not end soon', function () {
  this.timeout(60_000);
  afterEach(stopPrograms);

  it('has no inspector open when the loop turns after a detach', async () => {
    await Promise.all(
      nodeBinaries().map(async ({ version, path }) => {
        const target = await startProgram(path, ['--inspect-port=0', '-e', PROGRAM]);
        await target.waitFor(/begun/);
        const connection = await connectToPid(target.pid);
        await connection.close();
        await target.waitFor(/turned/);
        await until(
          () => (target.output().match(/Debugger listening/g) ?? []).length >= 2,
          `Node ${version} opens it once more`,
        );
        await until(async () => (await target.inspectorPorts()).length === 0, `Node ${version}: it is closed`);
        // Neither the guard nor we are about to do anything after that.
        await delay(500);
        assert.deepEqual(await target.inspectorPorts(), [], `Node ${version}`);
      }),
    );
  });
});
