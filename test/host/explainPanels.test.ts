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
function openWindow(memory = fakeMemory()) {
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
    log: unasked,
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
  let title = '';

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('keep which statement each of them shows, for the next window', async () => {
    const { model, sessions, panels, close } = openWindow(memory);
    const document = await vscode.workspace.openTextDocument(searchUri);
    const statement = model.statementsOf(document)[1];
    ({ title } = panels.show(searchUri, sessions.open(document, statement)).panel);
    assert.equal(title, 'Explain find products');
    panels.show(searchUri, sessions.open(document, statement));
    const kept = JSON.parse(memory.texts.get('heatlens.explain.panels') ?? '[]') as { title: string; line: number }[];
    assert.deepEqual(
      kept.map(({ title: each, line }) => [each, line]),
      [[title, statement.span.start.line]],
    );
    close();
  });

  it('come back with their statement, which is not run again by itself', async () => {
    const { panels, close } = openWindow(memory);
    const page: PlanPanel = fakePage();
    page.panel.title = title;
    await panels.revive(page.panel);
    assert.deepEqual(page.sent, [], 'nothing before the page asks');
    page.say({ type: 'ready' });
    const { statement } = await page.last('statement');
    assert.match(statement.text, /^db\.products\.find\(\{ category: "tents"/);
    assert.equal(statement.place, 'search.js:18');
    assert.match(statement.blocked ?? '', /connection/);
    assert.deepEqual(
      page.sent.map(({ type }) => type),
      ['statement'],
    );
    close();
  });

  it('are closed when their statement is not to be found', async () => {
    const { panels, close } = openWindow(memory);
    const page: PlanPanel = fakePage();
    page.panel.title = 'Explain find others';
    const disposed = new Promise((resolve) => page.panel.onDidDispose(() => resolve(true)));
    await panels.revive(page.panel);
    assert.equal(await disposed, true);
    close();
  });

  it('are told what changed only, and everything again after they were hidden', async () => {
    const { panels, close } = openWindow(memory);
    const page: PlanPanel = fakePage();
    page.panel.title = title;
    await panels.revive(page.panel);
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
});
