import assert from 'node:assert/strict';
import type { TargetThread } from '../../../../src/node/channel';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

for (const { version, path } of nodeBinaries()) {
  describe(`workers of Node ${version} that were attached to`, function () {
    this.timeout(20_000);
    afterEach(stopServices);

    for (const attached of [true, false]) {
      it(`end when they are terminated, ${attached ? 'while we are attached' : 'after we have left'}`, async () => {
        const target = await startService(path, { script: 'workerService.cjs' });
        const connection = await connectToPid(target.pid);
        const worker = await new Promise<TargetThread>((resolve) => connection.onWorker(resolve));
        await worker.channel.send('Profiler.enable');
        if (!attached) await connection.close();
        target.child.kill('SIGTERM');
        await target.waitForOutput(/worker terminated 1/);
        assert.deepEqual(await target.exit, { code: 0, signal: null });
        await connection.close();
      });
    }
  });
}
