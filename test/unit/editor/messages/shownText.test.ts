import assert from 'node:assert/strict';
import {
  LABEL_LENGTH,
  LOG_LENGTH,
  loggedText,
  LONG_LENGTH,
  MESSAGE_LENGTH,
  shownDetail,
  shownLabel,
  shownLines,
  shownMessage,
} from '../../../../src/editor/messages/shownText';
import { hostileNames, UNSEEN_CHARACTERS } from '../../../support/hostileNames';

/** As the editor reads a message, and a label. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const ICON = /\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/;
/** What GitHub's Markdown makes a link of by itself. */
const BARE = /https?:\/\/|www\.|[\w.+-]+@\w/i;

const sinks = {
  message: { shown: shownMessage, limit: MESSAGE_LENGTH, lines: false },
  label: { shown: shownLabel, limit: LABEL_LENGTH, lines: false },
  detail: { shown: shownDetail, limit: LABEL_LENGTH, lines: false },
  tooltip: { shown: shownLines, limit: LONG_LENGTH, lines: true },
};

describe('what the editor shows', () => {
  for (const [sink, { shown, limit, lines }] of Object.entries(sinks))
    for (const [kind, name] of Object.entries(hostileNames))
      it(`has ${kind} as text in a ${sink}`, () => {
        for (const text of [name, `before ${name} after.`, `(${name})`, `[${name}](${name})`, `$(${name})`]) {
          const made = shown(text);
          assert.doesNotMatch(made, LINK);
          assert.doesNotMatch(made, ICON);
          assert.doesNotMatch(made, UNSEEN_CHARACTERS);
          if (!lines) assert.doesNotMatch(made, /\n/);
          if (sink === 'detail') assert.doesNotMatch(made, BARE);
          // Gaps are not counted.
          assert.ok(made.replaceAll('\u200a', '').length <= limit);
        }
      });

  it('is as it was where nothing acts', () => {
    for (const text of [
      'Cart.total ≈ 12 %',
      'get [Symbol.iterator]',
      'f(x) costs $5',
      '/srv/app (1)/x.js:12',
      '総計 😀',
    ]) {
      assert.equal(shownMessage(text), text);
      assert.equal(shownLabel(text), text);
      assert.equal(shownDetail(text), text);
    }
    assert.equal(shownLines('a\nb'), 'a\nb');
    assert.equal(shownDetail('node_modules/@scope/x'), 'node_modules/@scope/x');
  });

  it('keeps what we say about a name that is too long', () => {
    const made = shownMessage(`${'A'.repeat(1e6)} has no source to open. Map its folder.`);
    assert.match(made, /^A+…A+ has no source to open\. Map its folder\.$/);
  });

  it('has no entry of the log that others have written', () => {
    const made = loggedText('failed: a\n2026-01-01 [error] forged\u001b[2J');
    assert.equal(made, 'failed: a\n  2026-01-01 [error] forged␛[2J');
    assert.ok(loggedText('a\n'.repeat(1e6)).length < 3 * LOG_LENGTH);
  });
});
