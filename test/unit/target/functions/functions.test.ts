import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectToHost } from '../../../../src/node/inspector/connect';
import { callTarget } from '../../../../src/node/inspector/callTarget';
import { evaluate } from '../../../support/evaluate';
import { nodeBinaries, repositoryRoot } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

describe('what runs inside a target', function () {
  this.timeout(30_000);
  afterEach(stopServices);

  it('is text in one place only: nothing else of ours is evaluated there', () => {
    const folder = join(repositoryRoot, 'src');
    const speaking = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('target'))
      .filter((file) =>
        /'Runtime\.(evaluate|callFunctionOn|compileScript)'|\bevaluate(<[^>]*>)?\(channel/.test(
          readFileSync(join(folder, file), 'utf8'),
        ),
      );
    // The second one looks for Node's own process, by the names of globals.
    assert.deepEqual(
      speaking.sort(),
      ['callTarget.ts', 'findNodeProcess.ts'].map((file) => join('node', 'inspector', file)),
    );
  });

  for (const { version, path } of nodeBinaries()) {
    it(`leaves no global behind, Node ${version}`, async () => {
      const target = await startService(path, { flags: ['--inspect=0'], mode: 'workers' });
      const [port] = await target.inspectorPorts();
      const connection = await connectToHost('127.0.0.1', port);
      const { channel } = connection.main;
      const state = (): Promise<string> =>
        evaluate(
          channel,
          `JSON.stringify([Object.getOwnPropertyNames(globalThis), Object.getOwnPropertySymbols(globalThis).map(String),
            Object.getOwnPropertySymbols(require('inspector')).map(String), process.listenerCount('exit')])`,
        );
      const before = await state();
      assert.ok((await callTarget(channel, 'memoryUse', [])).heapUsed > 0);
      assert.equal((await callTarget(channel, 'identify', []))!.pid, target.pid);
      assert.equal(await callTarget(channel, 'turnEventLoop', []), true);
      await callTarget(channel, 'turnInliningOff', ['somebody']);
      assert.notEqual(await state(), before, 'the test can see what is registered');
      await callTarget(channel, 'turnInliningOn', ['somebody']);
      await assert.rejects(callTarget(channel, 'environment', ['(']), /Invalid regular expression/);
      assert.equal(await state(), before);
      await connection.close();
    });
  }
});
