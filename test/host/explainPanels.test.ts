import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { FromExplainPage, ToExplainPage } from '../../src/core/protocol/explain';
import { OpenConnections } from '../../src/editor/database/mongo/connections/openConnections';
import { SavedConnections } from '../../src/editor/database/mongo/connections/savedConnections';
import { ExplainPanels } from '../../src/editor/database/explain/explainPanels';
import { ExplainSessions } from '../../src/editor/database/explain/explainSessions';
import { StatementContent } from '../../src/editor/database/explain/statementContent';
import { StatementModel } from '../../src/editor/database/statements/statementModel';
import { fakeMemory } from '../unit/editor/database/memory';
import { fakePage, unasked, type FakePanel } from './flameSupport';
import { waitFor, workspaceFolder } from './support';

const searchUri = vscode.Uri.file(join(workspaceFolder, 'queries/search.js'));

/** The plan views of a window, without a server. */
function openWindow(memory = fakeMemory(), log: (text: string) => void = unasked) {
  const model = new StatementModel();
  const saved = new SavedConnections(fakeMemory(), fakeMemory(), {
    get: () => Promise.resolve(undefined),
    store: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  });
  const engine = {
    explain: () => assert.fail('not asked for'),
    tryIndex: () => assert.fail('not asked for'),
    checkScale: () => assert.fail('not asked for'),
    samples: () => assert.fail('not asked for'),
    compare: () => assert.fail('not asked for'),
    summary: () => '',
    view: () => assert.fail('not asked for'),
    refused: () => ({}),
  };
  const sessions = new ExplainSessions(model, () => ({
    engine,
    connections: new OpenConnections({
      saved,
      connect: () => assert.fail('not asked for'),
      onConnected: () => Promise.resolve(),
    }),
    choice: () => undefined,
    choose: () => Promise.resolve(),
    recall: () => undefined,
    remember: unasked,
    log: unasked,
  }));
  const panels = new ExplainPanels({
    extensionUri: vscode.Uri.file('/extension'),
    memory,
    model,
    log,
    contentOf: (uri, session) =>
      new StatementContent(uri, session, {
        engine,
        connection: () => undefined,
        receive: (message) => {
          if (message.type === 'setHole') session.inputs.setHole(message.name, message.value);
          session.refresh();
        },
      }),
    open: (document, statement) => sessions.open(document, statement),
  });
  const close = (): void => {
    panels.dispose();
    sessions.dispose();
    model.dispose();
  };
  return { model, sessions, panels, close };
}

type PlanPanel = FakePanel<ToExplainPage, FromExplainPage>;

describe('plan views', () => {
  const memory = fakeMemory();
  /** What the pages of the two panels keep, by the key in their documents. */
  let states: { readonly key: string }[] = [];

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('keep which statement each of them shows, for the next window', async () => {
    const { model, sessions, panels, close } = openWindow(memory);
    const document = await vscode.workspace.openTextDocument(searchUri);
    const [first, second] = (await model.ready(document)).statements;
    const shown = [second, first].map((statement) => panels.show(searchUri, sessions.open(document, statement)));
    assert.deepEqual(
      shown.map(({ panel }) => panel.title),
      ['Explain find products', 'Explain find products'],
    );
    panels.show(searchUri, sessions.open(document, second));
    const kept = JSON.parse(memory.texts.get('heatlens.explain.panels') ?? '[]') as { key: string; line: number }[];
    assert.deepEqual(
      kept.map(({ line }) => line),
      [second.span.start.line, first.span.start.line],
    );
    states = shown.map(({ panel }) => ({ key: /"key":"([^"]+)"/.exec(panel.webview.html)?.[1] ?? '' }));
    assert.deepEqual(
      states,
      kept.map(({ key }) => ({ key })),
    );
    assert.notEqual(states[0].key, states[1].key);
    close();
  });

  it('come back each with its statement, though they have one title, in whatever order', async () => {
    const { panels, close } = openWindow(memory);
    const texts = [];
    for (const state of [states[1], states[0]]) {
      const page: PlanPanel = fakePage();
      page.panel.title = 'Explain find products';
      await panels.revive(page.panel, { version: 1, ...state });
      assert.deepEqual(page.sent, [], 'nothing before the page asks');
      page.say({ type: 'ready' });
      const { statement } = await page.last('statement');
      texts.push([statement.place, statement.text.slice(0, 45)]);
      assert.match(statement.blocked ?? '', /connection/);
      assert.deepEqual(
        page.sent.map(({ type }) => type),
        ['statement'],
        'it is not run again by itself',
      );
    }
    assert.notEqual(texts[0][0], texts[1][0]);
    assert.equal(texts[1][0], 'search.js:18');
    assert.match(texts[1][1], /^db\.products\.find\(\{ category: "tents"/);
    close();
  });

  it('are closed when their statement is not to be found', async () => {
    const { panels, close } = openWindow(memory);
    for (const state of [undefined, { key: 'of nobody' }]) {
      const page: PlanPanel = fakePage();
      page.panel.title = 'Explain find products';
      const disposed = new Promise((resolve) => page.panel.onDidDispose(() => resolve(true)));
      await panels.revive(page.panel, state);
      assert.equal(await disposed, true);
    }
    close();
  });

  it('are told what changed only, and everything again after they were hidden', async () => {
    const { panels, close } = openWindow(memory);
    const page: PlanPanel = fakePage();
    await panels.revive(page.panel, states[0]);
    page.say({ type: 'ready' });
    await page.last('statement');
    page.say({ type: 'setHole', name: 'none', value: null });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(page.sent.length, 1, 'nothing has changed');
    page.setVisible(false);
    page.setVisible(true);
    page.say({ type: 'ready' });
    await waitFor('the statement again', () => page.sent.length === 2);
    close();
  });

  it('take nothing that is no message of theirs, and log it', async () => {
    const logged: string[] = [];
    const { panels, close } = openWindow(memory, (text) => logged.push(text));
    const page: PlanPanel = fakePage();
    await panels.revive(page.panel, states[0]);
    page.say({ type: 'setHole', name: 7 } as unknown as FromExplainPage);
    page.say({ type: 'drop' } as unknown as FromExplainPage);
    assert.deepEqual(logged, ['dropped a malformed message "setHole"', 'dropped an unknown message "drop"']);
    close();
  });
});
