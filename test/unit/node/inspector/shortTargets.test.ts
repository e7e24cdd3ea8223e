import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../src/core/errors';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { evaluate } from '../../../support/evaluate';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

/** What an attach asks for. */
const NEEDED = 10;

describe('a target that has few descriptors left', function () {
  this.timeout(180_000);
  afterEach(stopServices);

  for (const { version, path } of nodeBinaries()) {
    it(`lives and has no inspector open afterwards, Node ${version}`, async () => {
      const outcomes: string[] = [];
      for (let free = 0; free <= 12; free++) {
        const target = await startService('sh', {
          flags: ['-c', 'ulimit -n 64; exec "$0" --inspect-port=0 "$@"', path],
          script: 'fewDescriptors.cjs',
          mode: String(free),
        });
        try {
          const connection = await connectToPid(target.pid);
          assert.equal(await evaluate(connection.main.channel, 'process.pid'), target.pid);
          assert.equal(await connection.close(), undefined, `${free} free`);
          outcomes.push('measured');
        } catch (error) {
          assert.ok(isHeatlensError(error, 'targetShort'), String(error));
          assert.match(
            error.message,
            new RegExp(`^Process ${target.pid} has ${free} of 64 file descriptors free, and`),
          );
          assert.match(error.message, new RegExp(` needs ${NEEDED}:`));
          assert.match(error.nextStep, /ulimit -n/);
          outcomes.push('refused');
        }
        assert.deepEqual(await target.inspectorPorts(), [], `${free} free`);
        assert.deepEqual([target.child.exitCode, target.child.signalCode], [null, null], `${free} free`);
        target.child.kill('SIGKILL');
        await target.exit;
        assert.doesNotMatch(target.output(), /too many open files/, `${free} free`);
      }
      const expected = Array.from({ length: 13 }, (_, free) => (free < NEEDED ? 'refused' : 'measured'));
      assert.deepEqual(outcomes, expected);
    });
  }

  for (const { version, path } of nodeBinaries()) {
    it(`and takes the last of them while it is attached to, has its inspector closed, Node ${version}`, async () => {
      const target = await startService('sh', {
        flags: ['-c', 'ulimit -n 64; exec "$0" --inspect-port=0 "$@"', path],
        script: 'fewDescriptors.cjs',
        mode: '20',
      });
      const connection = await connectToPid(target.pid);
      target.child.kill('SIGUSR2');
      await target.waitForOutput(/all taken/);
      assert.equal(await evaluate(connection.main.channel, '1 + 1'), 2);
      assert.equal(await connection.close(), undefined);
      assert.deepEqual(await target.inspectorPorts(), []);
      assert.deepEqual([target.child.exitCode, target.child.signalCode], [null, null]);
    });
  }
});
