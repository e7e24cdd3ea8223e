import type * as vscode from 'vscode';
import { requireTrust } from '../../workspace/trust';
import type { ConnectionChoice } from '../connections/connection';
import type { FoundStatement } from '../statements/findStatement';
import type { ExplainPanels } from './explainPanels';
import type { ExplainSession } from './explainSession';
import type { ExplainSessions } from './explainSessions';

export interface ExplainFlowServices {
  readonly sessions: ExplainSessions;
  readonly panels: ExplainPanels;
  /** The connection of a file's folder; asks for one where none is chosen. */
  ensureConnection(uri: vscode.Uri): Promise<ConnectionChoice | undefined>;
}

/** From a statement to its plan: shown beside the source at once, run as soon as nothing is missing. */
export async function explainFlow(
  { sessions, panels, ensureConnection }: ExplainFlowServices,
  { document, statement }: FoundStatement,
): Promise<void> {
  requireTrust();
  const session = sessions.open(document, statement);
  const page = panels.show(document.uri, session);
  if (!(await ensureConnection(document.uri))) return session.refresh();
  if ((await session.start()) || session.failures.has('explain')) return undefined;
  page.panel.reveal();
  page.host.sendOnceShown({ type: 'command', command: 'focusStatement' });
  return undefined;
}

/** Runs a statement that is shown already with what was given for it. */
export async function explainAgain(session: ExplainSession): Promise<void> {
  requireTrust();
  await session.run();
}
