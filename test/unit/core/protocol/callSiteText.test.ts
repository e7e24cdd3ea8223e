import assert from 'node:assert/strict';
import { parseCallSites } from '../../../../src/core/protocol/callSiteText';

describe('the text of an interrupted stack', () => {
  it('has its frames, innermost first, whatever their names have in them', () => {
    assert.deepEqual(parseCallSites(''), []);
    const text = '5,6,3,12,9;a,1;\nb/x.js0,=,4,1,9;1,0,0,0,;c';
    assert.deepEqual(parseCallSites(text), [
      { name: 'a,1;\n', url: 'b/x.js', scriptId: '9', line: 3, column: 12 },
      { name: '', url: 'b/x.js', scriptId: '9', line: 4, column: 1 },
      { name: 'c', url: '', scriptId: '', line: 0, column: 0 },
    ]);
  });

  it('is none where anything is missing, where a first frame has the URL of one before, or where there are too many', () => {
    const frame = '1,1,1,1,1;ab';
    for (const text of ['x', frame.slice(0, -1), `${frame}1`, '1,=,1,1,1;a', frame.repeat(65)])
      assert.equal(parseCallSites(text), undefined, text.slice(0, 40));
    assert.equal(parseCallSites(frame.repeat(64))!.length, 64);
  });
});
