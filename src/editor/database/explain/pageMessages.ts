import { runMarkdown } from '../../../core/database/runText';
import type { FailureAction } from '../../../core/protocol/explain';
import { requireTrust } from '../../workspace/trust';
import { toClipboard } from '../../messages/tell';
import { askSample, confirmScale } from './askSample';
import { markedText } from './markedText';
import type { ExplainPageEvent } from './explainPage';
import type { ExplainRecord, ExplainSession } from './explainSession';
import { explainedAgain } from '../errors/databaseErrors';

export interface PageServices {
  /** Chosen by the user, for the file's folder. */
  pickConnection(): Promise<unknown>;
  pickDatabase(): Promise<unknown>;
  addConnection(): Promise<unknown>;
  chooseDatabase(name: string): Promise<void>;
  openSource(): Promise<void>;
  openRaw(record: Pick<ExplainRecord, 'run' | 'raw'>): Promise<void>;
  openLog(): void;
}

/** Does what the page of a statement asks for. */
export async function receiveFromPage(
  message: ExplainPageEvent,
  session: ExplainSession,
  services: PageServices,
): Promise<void> {
  const { inputs } = session;
  switch (message.type) {
    case 'setHole':
      inputs.setHole(message.name, message.value);
      return session.refresh();
    case 'setChoice':
      inputs.choices.set(message.condition, message.holds);
      return session.refresh();
    case 'setCollection':
      inputs.collection = message.name.trim() || undefined;
      return session.refresh();
    case 'setVerbosity':
      inputs.verbosity = message.verbosity;
      return session.refresh();
    case 'setDatabase':
      return services.chooseDatabase(message.name);
    case 'run':
      requireTrust();
      return session.run();
    case 'cancel':
      return session.cancel(message.of);
    case 'copy':
      return copy(message.what, session);
    case 'copyIndex':
      return copyIndex(session.latest, message.suggestion);
    case 'tryIndex':
      return tryIndex(session, message.suggestion);
    case 'checkScale':
      requireTrust();
      if (session.latest && (await confirmScale(session.latest.run))) await session.checkScale();
      return undefined;
    case 'openSource':
      return services.openSource();
    case 'openRaw':
      return session.latest && services.openRaw(session.latest);
    case 'act':
      return act(message.action, session, services);
  }
}

/** Asks how large a sample may be, and tries the index on it. */
export async function tryIndex(session: ExplainSession, suggestion: number): Promise<void> {
  requireTrust();
  const { latest } = session;
  if (!latest) return;
  const documents = await askSample(latest.run);
  if (documents === undefined) return;
  // Another plan may suggest another index in the same place.
  if (session.latest !== latest) throw explainedAgain();
  await session.tryIndex(suggestion, documents);
}

export async function copyIndex(record: ExplainRecord | undefined, suggestion: number): Promise<void> {
  const index = record?.run.suggestions[suggestion];
  if (index) await toClipboard(index.ddl);
}

async function copy(what: 'shell' | 'markdown' | 'raw', session: ExplainSession): Promise<void> {
  if (what === 'shell') return toClipboard(shellTextOf(session));
  if (!session.latest) return undefined;
  return toClipboard(what === 'raw' ? session.latest.raw : runMarkdown(session.latest.run));
}

/** With the values that were given. */
export function shellTextOf({ statement, inputs }: ExplainSession): string {
  return markedText(statement, inputs.values(statement).values, inputs.choices).text;
}

async function act(action: FailureAction, session: ExplainSession, services: PageServices): Promise<void> {
  switch (action) {
    case 'addConnection':
      if (await services.addConnection()) await useConnection(session);
      return;
    case 'pickConnection':
      if (await services.pickConnection()) await useConnection(session);
      return;
    case 'pickDatabase':
      if (await services.pickDatabase()) session.refresh();
      return;
    case 'planOnly':
      requireTrust();
      session.inputs.verbosity = 'queryPlanner';
      return session.run();
    case 'openLog':
      return services.openLog();
  }
}

/** A run that failed for want of a connection goes on; otherwise a change of the connection runs nothing. */
async function useConnection(session: ExplainSession): Promise<void> {
  if (session.failures.has('explain')) await session.start();
  else await session.prepare();
}
