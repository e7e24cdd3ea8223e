import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformSync } from 'esbuild';
import { listNodeProcesses } from '../../../../src/node/processes/listNodeProcesses';
import { readProgram } from '../../../../src/node/processes/nodeInside';
import { createRecording } from '../../../../src/node/recording/recording';
import { nodeBinaries } from '../../../support/nodeVersions';
import { startProgram, stopPrograms } from '../../../support/program';

const source = `interface Offer { price: number }

const seen: number[] = [];

export function rankOffers(offer: Offer): number {
  let state: number = offer.price;
  for (let round = 0; round < 3_000_000; round++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}

setInterval(() => seen.push(rankOffers({ price: seen.length })), 5);
console.log("ready 0 of " + process.pid);
`;

describe('Node under another name', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-packed-'));
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      sourcefile: join(folder, 'app.ts'),
      sourcemap: 'external',
    });
    writeFileSync(join(folder, 'app.ts'), source);
    writeFileSync(join(folder, 'app.js'), `${code}//# sourceMappingURL=app.js.map\n`);
    writeFileSync(join(folder, 'app.js.map'), map);
  });
  afterEach(async () => {
    await stopPrograms();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Measures it for a while; where its hot method is. */
  async function hotMethod(pid: number): Promise<string | undefined> {
    const recording = createRecording({ cpuIntervalUs: 1_000, memory: 'off', roots: [folder] });
    try {
      await recording.attach({ kind: 'pid', pid });
      await sleep(2_500);
      const { methods } = (await recording.flush())!;
      const [hottest] = [...methods].sort((a, b) => b.cpu.selfMs - a.cpu.selfMs);
      return hottest && `${hottest.source.method.name} ${hottest.source.file}:${hottest.source.method.nameStart.line}`;
    } finally {
      await recording.detach();
      recording.dispose();
    }
  }

  it('is told by what is in its file', () => {
    for (const { path } of nodeBinaries()) assert.equal(readProgram(path), 'node');
    const other = join(folder, 'other');
    writeFileSync(other, Buffer.alloc(31_000_000));
    assert.equal(readProgram(other), undefined);
    const word = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
    const place = 2 * 1024 * 1024;
    // Also where the word lies across two pieces of what is read.
    for (const offset of [0, -1, -20, -47, -50, -60]) {
      for (const [ending, expected] of [
        [':0', 'node'],
        [':1', 'packed'],
        ['', undefined],
      ] as const) {
        const bytes = Buffer.alloc(31_000_000);
        bytes.write(`${word}${ending}`, place + offset);
        writeFileSync(other, bytes);
        assert.equal(readProgram(other), expected, `${offset} ${ending}`);
      }
    }
    const electron = Buffer.alloc(31_000_000);
    electron.write(`${word}:0`, 5_000_000);
    electron.write('ELECTRON_RUN_AS_NODE', 9_000_000);
    writeFileSync(other, electron);
    assert.equal(readProgram(other), undefined);
    assert.equal(readProgram(join(folder, 'none')), undefined);
    writeFileSync(other, `${word}:1`);
    assert.equal(readProgram(other), undefined, 'too small to be Node');
  });

  it('is listed and measured when it was renamed', async () => {
    const renamed = join(folder, 'my-runtime');
    try {
      linkSync(nodeBinaries()[1].path, renamed);
    } catch {
      copyFileSync(nodeBinaries()[1].path, renamed);
    }
    const program = await startProgram(renamed, [join(folder, 'app.js')]);
    const found = (await listNodeProcesses({ observeMs: 0 })).find(({ pid }) => pid === program.pid);
    assert.equal(found?.name, 'app.js');
    assert.equal(await hotMethod(program.pid), `rankOffers ${join(folder, 'app.ts')}:4`);
  });

  it('is listed and measured as a single executable, and its script is that of the file it was made of', async () => {
    const node = nodeBinaries().find(({ version }) => version === 26)!.path;
    const ranker = join(folder, 'ranker');
    writeFileSync(
      join(folder, 'sea.json'),
      JSON.stringify({ main: 'app.js', output: 'ranker', disableExperimentalSEAWarning: true }),
    );
    execFileSync(node, ['--build-sea', 'sea.json'], { cwd: folder, stdio: 'pipe' });
    const program = await startProgram(ranker, ['--port', '80', 'x.js'], { cwd: folder });
    const found = (await listNodeProcesses({ observeMs: 0 })).find(({ pid }) => pid === program.pid);
    assert.deepEqual([found?.name, found?.script], ['ranker', undefined]);
    assert.equal(await hotMethod(program.pid), `rankOffers ${join(folder, 'app.ts')}:4`);
    assert.deepEqual(await program.inspectorPorts(), []);
  });
});
