import assert from 'node:assert/strict';
import { frameCategory, type Frame, type FrameCategory } from '../../../../src/core/profile/frame';
import { FrameTable } from '../../../../src/core/profile/frameTable';
import { callFrame } from '../../../support/profileBuilder';

describe('frames', () => {
  const native = { url: '', line: -1, column: -1, scriptId: '0' };
  const cases: [Partial<Frame>, FrameCategory][] = [
    [{ ...native, functionName: '(root)' }, 'root'],
    [{ ...native, functionName: '(idle)' }, 'idle'],
    [{ ...native, functionName: '(garbage collector)' }, 'gc'],
    [{ ...native, functionName: '(program)' }, 'program'],
    [{ ...native, functionName: 'stringify' }, 'native'],
    [{ ...native, functionName: '(V8 API)' }, 'native'],
    [{ url: 'node:internal/timers', functionName: 'listOnTimeout', line: 4, scriptId: '60' }, 'node'],
    [{ url: 'wasm://wasm/0123', functionName: 'f', line: 0, scriptId: '61' }, 'wasm'],
    [{ url: 'file:///app/a.js', functionName: '(idle)', line: 0, scriptId: '62' }, 'source'],
    [{ url: '/app/a.js', functionName: '', line: 0, scriptId: '63' }, 'source'],
    // `eval` and `new Function`: a script of its own without a name.
    [{ url: '', functionName: '', line: 0, scriptId: '109' }, 'source'],
    [{ url: '', functionName: 'compiled', line: 2, scriptId: '110' }, 'source'],
    [{ url: '', functionName: 'bound work', line: 0, scriptId: '0' }, 'native'],
    [{ url: '', functionName: 'of a foreign file', line: 0, scriptId: '' }, 'native'],
  ];
  for (const [frame, category] of cases) {
    it(`${frame.functionName || '(no name)'} of ${frame.url || 'no script'} (${frame.scriptId}) is ${category}`, () => {
      assert.equal(frameCategory({ functionName: '', url: '', line: -1, scriptId: '', ...frame }), category);
    });
  }

  it('are interned once, whatever script id a reload or another worker gives them', () => {
    const table = new FrameTable();
    const first = table.intern(callFrame('hot@/a.js:5'));
    assert.equal(table.intern({ ...callFrame('hot@/a.js:5'), scriptId: '99' }), first);
    const others = [
      callFrame('hot@/a.js:6'),
      callFrame('hot@/b.js:5'),
      callFrame('hot2@/a.js:5'),
      { ...callFrame('hot@/a.js:5'), columnNumber: 3 },
    ];
    assert.equal(new Set([first, ...others.map((frame) => table.intern(frame))]).size, 5);
    assert.equal(table.frames.length, 5);
  });

  it('tolerate whatever a foreign file has in their place', () => {
    const table = new FrameTable();
    table.intern(undefined);
    for (const raw of [
      null,
      'text',
      5,
      [],
      {},
      { functionName: {}, url: 3, lineNumber: '7', columnNumber: NaN, scriptId: { toString: 1 } },
    ]) {
      table.intern(raw as never);
    }
    assert.deepEqual(table.frames, [{ functionName: '', url: '', line: -1, column: -1, scriptId: '' }]);
  });
});
