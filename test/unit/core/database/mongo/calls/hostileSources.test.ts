import assert from 'node:assert/strict';
import { createStatementFinder } from '../../../../../../src/core/database/mongo/calls/findStatements';
import { TOO_LARGE } from '../../../../../../src/core/database/mongo/calls/finishStatement';
import { shellText } from '../../../../../../src/core/database/mongo/shell/shellText';
import { hostileSources } from '../../../../../support/hostileSources/hostileSources';

/** Looks at the clock: one for each 128 expressions, one for each part of the file. The most are some 70,000. */
const MAX_LOOKS = 400_000;
/** Characters of all statements of a file. */
const MAX_WRITTEN = 20_000_000;

describe('sources that a static reader may not come back from', function () {
  this.timeout(120_000);
  const sources = hostileSources();

  it('have names of their own', () => {
    assert.equal(new Set(sources.map(({ name }) => name)).size, sources.length);
    assert.ok(sources.length > 150);
  });

  for (const source of sources) {
    it(`are read: ${source.name}`, () => {
      let looks = 0;
      // A machine that is busy is no reason to fail: the work is counted, not the time.
      const now = (): number => {
        looks++;
        return 0;
      };
      const finder = createStatementFinder(`/nowhere/${source.name}`, {}, { timeLimitMs: 1e9, now });
      const found = finder.find(source.text());
      assert.ok(found.length >= (source.statements ?? 1), `${found.length} statements`);
      assert.ok(looks < MAX_LOOKS, `${looks} looks at the clock`);
      const unread = finder.unread();
      if (unread) {
        assert.ok(source.mayBePartial, JSON.stringify(unread));
        assert.notEqual(unread.why, 'time');
      }
      let written = 0;
      for (const statement of found) written += shellText(statement).text.length;
      assert.ok(written > 0 || found.length === 0);
      assert.ok(written < MAX_WRITTEN, `${written} characters`);
      if (source.cut) assert.ok(found.at(-1)?.problems.includes(TOO_LARGE), 'nothing says that it was cut');
    });
  }
});
