// PyMongo against the embedded server, where Python and PyMongo are installed.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';
import type { EmbeddedMongo } from '../../../../demo/embedded-mongo/src/server';

const run = promisify(execFile);
const SCRIPT = join(process.cwd(), 'test/unit/demo/embedded-mongo/pymongo_basics.py');

describe('PyMongo and the embedded server', function () {
  this.timeout(60_000);
  let server: EmbeddedMongo | undefined;

  before(async function () {
    if (spawnSync('python3', ['-c', 'import pymongo'], { timeout: 20_000 }).status !== 0) {
      console.log('      skipped: python3 has no PyMongo here (pip install pymongo)');
      this.skip();
    }
    server = await startEmbeddedMongo();
  });

  after(() => server?.close());

  it('writes, reads, aggregates, explains and fails as it should', async () => {
    const { stdout } = await run('python3', [SCRIPT, server?.uri ?? ''], { timeout: 50_000 });
    assert.match(stdout, /^PyMongo \S+ works\n$/);
  });
});
