import * as vscode from 'vscode';
import type { CommandTable, ExplainCommandName } from '../../contributions';
import { requireDocument } from '../../workspace/requireFile';
import type { Notify } from '../../messages/notify';
import { toClipboard } from '../../messages/tell';
import { statementAtCursor, statementAtPlace, type FoundStatement } from '../statements/findStatement';
import type { StatementModel } from '../statements/statementModel';
import { explainAgain, explainFlow, type ExplainFlowServices } from './explainFlow';
import type { ExplainSession } from './explainSession';
import { openPlanFile } from './openPlanFile';
import { copyIndex, shellTextOf, tryIndex } from './pageMessages';
import type { RawDocuments } from './rawDocuments';
import { StatementContent } from './statementContent';
import { nothingExplained } from '../errors/databaseErrors';

export interface ExplainCommandServices extends ExplainFlowServices {
  readonly statements: StatementModel;
  readonly raw: RawDocuments;
  readonly notify: Notify;
}

export function explainCommandTable(services: ExplainCommandServices): CommandTable<ExplainCommandName> {
  const { statements, sessions, panels } = services;
  const sessionAt = async (...place: unknown[]): Promise<{ found: FoundStatement; session: ExplainSession }> => {
    const found = await statementAtPlace(statements, place[0], place[1], place[2]);
    return { found, session: sessions.open(found.document, found.statement) };
  };
  return {
    explainQuery: async () => explainFlow(services, await statementAtCursor(statements)),
    explainStatement: async (...place) =>
      explainFlow(services, await statementAtPlace(statements, place[0], place[1], place[2])),
    showExplainResult: async (...place) => {
      const { found, session } = await sessionAt(...place);
      panels.show(found.document.uri, session).panel.reveal();
    },
    explainAgain: () => {
      const { content } = panels.active ?? {};
      const session = content instanceof StatementContent ? content.session : sessions.recent;
      if (!session) throw nothingExplained();
      return explainAgain(session);
    },
    copyStatementAsShell: async () => {
      const { document, statement } = await statementAtCursor(statements);
      return toClipboard(shellTextOf(sessions.open(document, statement)));
    },
    openPlanFile: (clicked) => openPlanFile(services, clicked),
    clearExplainResults: () => sessions.clear(),
    nextPlanFinding: () => panels.command('nextFinding'),
    previousPlanFinding: () => panels.command('previousFinding'),
    toggleRawPlan: () => panels.command('toggleRaw'),
    copySuggestedIndex: async (...args) => {
      const { session } = await sessionAt(...args);
      await copyIndex(session.latest, Number(args[3]));
    },
    trySuggestedIndex: async (...args) => {
      const { found, session } = await sessionAt(...args);
      panels.show(found.document.uri, session);
      await tryIndex(session, Number(args[3]));
    },
    openStatement: async (uri, line, column) => {
      if (typeof uri !== 'string' || !isCount(line) || !isCount(column)) return;
      const at = new vscode.Position(line, column);
      await vscode.window.showTextDocument(requireDocument(vscode.Uri.parse(uri)), {
        selection: new vscode.Range(at, at),
      });
    },
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
