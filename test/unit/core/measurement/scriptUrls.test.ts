import assert from 'node:assert/strict';
import { ScriptUrls } from '../../../../src/core/measurement/scriptUrls';

const frame = (scriptId: string | number, url: string) => ({
  functionName: 'f',
  scriptId,
  url,
  lineNumber: 0,
  columnNumber: 0,
});
const nameOf = (scripts: ScriptUrls, id: string | number, url: string): string => scripts.named(frame(id, url)).url;

describe('names of scripts by their number', () => {
  it('are those of CPU profiles, also for code that was loaded without a name', () => {
    const scripts = new ScriptUrls();
    scripts.learnMore([frame(7, ''), frame('8', 'file:///a.js'), undefined]);
    assert.equal(nameOf(scripts, 7, ''), '');
    scripts.learn([frame('7', 'hot.ts'), frame('8', 'named-by-itself.js'), frame(9, '')]);
    assert.equal(nameOf(scripts, 7, ''), 'hot.ts');
    assert.equal(nameOf(scripts, 8, 'file:///a.js'), 'named-by-itself.js');
    assert.equal(nameOf(scripts, 9, ''), '');
    scripts.learnMore([frame(7, 'file:///other.js'), frame(9, 'file:///nine.js')]);
    assert.equal(nameOf(scripts, '7', ''), 'hot.ts');
    assert.equal(nameOf(scripts, '9', ''), 'file:///nine.js');
  });

  it('are whole, where V8 cuts them in profiles', () => {
    const whole = `file:///${'x'.repeat(2_000)}/main.js`;
    const cut = whole.slice(0, 'file://'.length + 1_024);
    const scripts = new ScriptUrls();
    scripts.learn([frame(3, cut)]);
    assert.equal(nameOf(scripts, 3, cut), cut);
    scripts.learnMore([frame('', whole), frame(3, cut)]);
    for (const id of [3, '']) assert.equal(nameOf(scripts, id, cut), whole);
    assert.equal(nameOf(scripts, 4, cut.slice(0, -1)), cut.slice(0, -1), 'this one was not cut');
    scripts.learnMore([frame('', `${whole}.other.js`)]);
    assert.equal(nameOf(scripts, 3, cut), cut, 'it could be either');
  });

  it("are nobody's for V8's own functions, which have no script", () => {
    const scripts = new ScriptUrls();
    scripts.learn([frame(0, 'file:///a.js'), frame('', 'file:///a.js')]);
    assert.equal(nameOf(scripts, 0, ''), '');
    assert.equal(scripts.named(undefined), undefined);
  });

  it('leave out the bytes of what Heatlens had the isolate run, with all that it called', () => {
    const scripts = new ScriptUrls();
    scripts.learn([frame(5, 'node:heatlens')]);
    const profile = {
      frames: [frame(0, ''), frame(4, 'file:///a.js'), frame(5, ''), frame(0, '')],
      // The root, a method, what interrupted it, what that called; and the method again.
      parents: Int32Array.of(-1, 0, 1, 2, 0),
      nodeFrames: Int32Array.of(0, 1, 2, 3, 1),
      sizes: Float64Array.of(0, 10, 20, 30, 40),
    };
    assert.deepEqual([...scripts.namedHeap(profile).sizes], [0, 10, 0, 0, 40]);
    assert.deepEqual([...profile.sizes], [0, 10, 20, 30, 40]);
    assert.deepEqual([...new ScriptUrls().namedHeap(profile).sizes], [0, 10, 20, 30, 40]);
  });
});
