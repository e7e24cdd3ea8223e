import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { connectToPid } from '../../../../src/node/inspector/connect';
import { listNodeProcesses } from '../../../../src/node/processes/listNodeProcesses';
import { evaluate } from '../../../support/evaluate';
import { nodeBinaries, repositoryRoot } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

const fixtures = join(repositoryRoot, 'test/fixtures/inspector');

/** Parts of a path; all that Linux allows. */
const NAMES = [
  'line\nfeed',
  'tab\there',
  'esc\u001b[31mred\u0007',
  'quo"te\\back',
  '"id": "x',
  '%E0%A4%A',
  'ü 名 \u2028',
];

describe('a process whose paths and arguments are strange', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-names-'));
  });
  afterEach(async () => {
    await stopServices();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { version, path: node } of nodeBinaries()) {
    it(`is listed, attached to and left closed, Node ${version}`, async () => {
      for (const name of NAMES) {
        const script = join(folder, name, `${name}.cjs`);
        mkdirSync(join(folder, name));
        cpSync(join(fixtures, 'service.cjs'), script);
        const target = await startService(node, {
          flags: ['--inspect-port=0', '--title', `a "${name}"`],
          script: relative(fixtures, script),
          mode: name,
          env: { ODD: name },
        });
        const found = (await listNodeProcesses({ observeMs: 0 })).find((each) => each.pid === target.pid);
        assert.ok(found, JSON.stringify(name));
        const connection = await connectToPid(target.pid);
        assert.equal(await evaluate(connection.main.channel, 'process.argv[2]'), name);
        assert.equal(await connection.close(), undefined);
        assert.deepEqual(await target.inspectorPorts(), [], JSON.stringify(name));
        target.child.kill('SIGKILL');
        await target.exit;
      }
    });
  }

  it('is listed, attached to and left closed when its folder and arguments are no UTF-8', async () => {
    // Text of ours cannot name such a folder.
    const enter = 'mkdir "$0/$(printf "b\\377d")" && cd "$0/$(printf "b\\377d")"';
    const target = await startService('sh', {
      flags: ['-c', `${enter} && exec "$1" --inspect-port=0 "$2" "$(printf "\\377")"`, folder, nodeBinaries()[2].path],
    });
    assert.ok((await listNodeProcesses({ observeMs: 0 })).some((each) => each.pid === target.pid));
    const connection = await connectToPid(target.pid);
    assert.equal(await connection.close(), undefined);
    assert.deepEqual(await target.inspectorPorts(), []);
  });

  it('is listed when it preloads a module whose path is no URL', async () => {
    const preloaded = join(folder, '%E0%A4%A.cjs');
    writeFileSync(preloaded, '');
    const target = await startService(nodeBinaries()[1].path, { flags: ['-r', preloaded] });
    assert.ok((await listNodeProcesses({ observeMs: 0 })).some((each) => each.pid === target.pid));
  });
});
