import assert from 'node:assert/strict';
import { join } from 'node:path';
import type * as Confirm from '../../../../src/editor/messages/confirm';
import type * as Hovers from '../../../../src/editor/messages/hovers';
import type * as Items from '../../../../src/editor/messages/items';
import type * as LogModule from '../../../../src/editor/messages/log';
import type * as Notifications from '../../../../src/editor/messages/notifications';
import type * as NotifyModule from '../../../../src/editor/messages/notify';
import type * as Progress from '../../../../src/editor/messages/progress';
import type * as Questions from '../../../../src/editor/messages/questions';
import type * as Tell from '../../../../src/editor/messages/tell';
import { createFakeEditor } from '../../../support/fakeEditor';
import { hostileNames, UNSEEN_CHARACTERS } from '../../../support/hostileNames';

const editor = createFakeEditor();
const messages = join(__dirname, '../../../../src/editor/messages');
const load = <T>(name: string): T => editor.load<T>(join(messages, name));

const LINK = /\]\(/;
const ICON = /\$\([A-Za-z0-9~-]+\)/;
const MOST = 25_000;

/** All strings that the editor got, but ids and what commands are given. */
function stringsIn(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function' && value.length === 1)
    return stringsIn((value as (text: string) => unknown)(''), seen);
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([key, inner]) =>
    ['id', 'choice', 'command', 'arguments', 'about', 'value'].includes(key) ? [] : stringsIn(inner, seen),
  );
}

const range = {} as never;
const uri = {} as never;
const icon = 'flame';

/** Each way to show a text, with the icons of ours that it then has. */
const sinks: Readonly<Record<string, (text: string) => unknown>> = {
  'an error': (text) => load<typeof Notifications>('notifications').showError(text),
  'a warning': (text) => load<typeof Notifications>('notifications').showWarning(text),
  information: (text) => load<typeof Notifications>('notifications').showInformation(text),
  'an error of a library': (text) => notify().error(new Error(text)),
  'a lost target': (text) => notify().warn(text),
  'a question with a detail': (text) =>
    load<typeof Confirm>('confirm').confirm({ question: text, detail: text, go: 'Go' }),
  progress: (text) =>
    load<typeof Progress>('progress').withProgress(text, (progress) => {
      progress.report({ message: text });
      return Promise.resolve();
    }),
  'progress in the status bar': (text) =>
    load<typeof Progress>('progress').withStatusProgress(text, () => Promise.resolve()),
  'a status message': (text) => load<typeof Tell>('tell').tell(text, 1),
  'a row to pick': (text) =>
    load<typeof Questions>('questions').pickOne([{ icon, label: text, description: text, detail: text }], {
      title: text,
      placeHolder: text,
    }),
  'rows to check': (text) => load<typeof Questions>('questions').pickSeveral([{ label: text }], { title: text }),
  'a list that changes': (text) => load<typeof Questions>('questions').createPicker({ title: text, placeholder: text }),
  'a box to type into': (text) =>
    load<typeof Questions>('questions').ask({ title: text, prompt: text, placeHolder: text, problem: () => text }),
  'a dialog for files': (text) => load<typeof Questions>('questions').askFiles({ title: text, filters: {} }),
  'a dialog for a file to write': (text) =>
    load<typeof Questions>('questions').askTarget({ title: text, filters: {}, defaultUri: uri }),
  'a row of a view': (text) =>
    load<typeof Items>('items').treeItem({ id: text, label: text, description: text, tooltip: text, spoken: text }, 0),
  'a lens': (text) =>
    load<typeof Items>('items').lensCommand({ icon, title: text, tooltip: text, command: 'x', arguments: [text] }),
  'the status bar': (text) =>
    load<typeof Items>('items')
      .createStatusItem({ id: 'x', name: 'x', priority: 1, command: 'x' })
      .show({ icon, text, tooltip: [text, text], spoken: text, isWarning: true }),
  'the language status': (text) =>
    load<typeof Items>('items')
      .createLanguageStatus('x', 'x', [])
      .show({ text, detail: text, isBusy: false, isError: true, command: { title: 'x', command: 'x' } }),
  'a text behind a line': (text) => load<typeof Items>('items').textBehind(text),
  'a problem': (text) => load<typeof Items>('items').problem(uri, range, { message: text, related: text }, 0),
  'the title of a tab': (text) => {
    const panel = { title: '' };
    load<typeof Items>('items').entitle(panel as never, text);
    return panel;
  },
  'code in a hover': (text) => load<typeof Hovers>('hovers').hoverCode('js', text),
  'the log': (text) => {
    const log = load<typeof LogModule>('log').createLog();
    log.info(text);
    log.error(text);
  },
};

function notify(): NotifyModule.Notify {
  const nothing = (): void => undefined;
  const log = { info: nothing, warn: nothing, error: nothing, show: nothing, dispose: nothing };
  return load<typeof NotifyModule>('notify').createNotify(log);
}

describe('text of others in the editor', () => {
  for (const [sink, show] of Object.entries(sinks))
    it(`is text in ${sink}, whatever the name`, () => {
      for (const [kind, name] of Object.entries(hostileNames))
        for (const text of [name, `before ${name}`, `(${name})`]) {
          editor.given.length = 0;
          const result = show(text);
          const all = stringsIn([result, ...editor.given]);
          assert.ok(
            all.some((each) => each.length > 0),
            `${kind} is shown`,
          );
          for (const each of all) {
            if (sink !== 'the log') {
              assert.doesNotMatch(each, LINK, kind);
              assert.doesNotMatch(each.replace(/^\$\(flame\)/, ''), ICON, kind);
            }
            assert.doesNotMatch(each, UNSEEN_CHARACTERS, kind);
            assert.ok(each.length < MOST, `${kind}: ${each.length} characters`);
          }
        }
    });

  it('has the icons that are asked for, and gives back what was picked', () => {
    const { lensCommand } = load<typeof Items>('items');
    assert.equal(lensCommand({ icon, title: 'a', tooltip: '', command: 'x', arguments: [] }).title, '$(flame)\u00a0a');
    const { shownChoice } = load<typeof Questions>('questions');
    const choice = { icon, label: 'a\u0007', more: 1 };
    const shown = shownChoice(choice);
    assert.equal(shown.label, '$(flame) a␇');
    assert.equal(shown.choice, choice);
    assert.equal(shown.more, 1);
  });

  it('leads to the commands of a hover and to no other', () => {
    editor.given.length = 0;
    const { hoverText } = load<typeof Hovers>('hovers');
    const markdown = hoverText(['a', 'b'], ['heatlens.goToMethod']);
    assert.deepEqual(editor.given.slice(0, 2), ['a\n\nb', true]);
    assert.deepEqual(markdown.isTrusted, { enabledCommands: ['heatlens.goToMethod'] });
    assert.equal(markdown.supportHtml, false);
  });
});
