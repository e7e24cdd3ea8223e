import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Frame } from '../../../../src/core/profile/frame';
import { createMethodResolver } from '../../../../src/node/sources/createMethodResolver';
import { memoryFiles } from './memoryFiles';

function frames(count: number, urlOf: (n: number) => string): Frame[] {
  return Array.from({ length: count }, (_, n) => ({
    functionName: `f${n}`,
    url: urlOf(n),
    line: n,
    column: 1,
    scriptId: '1',
  }));
}

describe('profiles of very many functions and scripts', function () {
  this.timeout(60_000);

  it('200,000 functions of one script look for it once', async () => {
    const { readFile, reads } = memoryFiles({});
    const resolver = createMethodResolver({ pathMappings: [], roots: [], readFile });
    const all = frames(200_000, () => 'file:///x.js');
    await resolver.prepare(all);
    assert.deepEqual(reads, ['/x.js']);
    const resolution = resolver.resolveFrame(all[199_999]);
    assert.ok('reason' in resolution && resolution.reason === 'no-file');
  });

  it('of 50,000 missing scripts 20,000 are looked for, once each, several at a time, and others have their turn', async () => {
    let open = 0;
    let mostOpen = 0;
    let reads = 0;
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const resolver = createMethodResolver({
      pathMappings: [],
      roots: [],
      readFile: async (path) => {
        reads++;
        mostOpen = Math.max(mostOpen, ++open);
        await nextTurn();
        open--;
        return { problem: 'missing', detail: path };
      },
    });
    await resolver.prepare(frames(200_000, (n) => `file:///x${n % 50_000}.js`));
    isDone = true;
    assert.ok(reads >= 20_000 && reads < 20_010, `${reads} reads`);
    assert.ok(mostOpen > 1 && mostOpen <= 8, `${mostOpen}`);
    assert.ok(turns > 5, `${turns} turns`);
  });
});
