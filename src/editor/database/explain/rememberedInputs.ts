import type { Verbosity } from '../../../core/database/explainRun';
import type { Statement } from '../../../core/database/statement';
import type { Memory } from '../../workspace/memory';
import { statementLabel, statementText } from '../statements/statementText';

/** What the user last gave for a statement. */
export interface RememberedInputs {
  /** As typed, by the name of the hole. */
  readonly values: Readonly<Record<string, string>>;
  readonly choices: Readonly<Record<string, boolean>>;
  readonly collection?: string;
  readonly verbosity: Verbosity;
}

/** Which statement it is: the same file, the same kind on the same collection, and the same text with its holes open. */
export interface StatementKey {
  /** Relative to the workspace folder. */
  readonly file: string;
  readonly kind: string;
  readonly text: string;
}

/** `file` is relative to the workspace folder. */
export function statementKey(statement: Statement, file: string): StatementKey {
  return { file, kind: statementLabel(statement), text: statementText(statement) };
}

interface Entry extends StatementKey {
  readonly inputs: RememberedInputs;
  /** Connection and database that it was given for. */
  readonly place?: string;
}

const MEMORY_KEY = 'heatlens.explain.given';
/** Of versions that also kept values of sampled documents. */
const FORMER_KEY = 'heatlens.explain.inputs';
const MAX_ENTRIES = 300;
/** A value that is longer was pasted for once. */
const MAX_CHARACTERS = 2000;

/**
 * Values of holes are kept in the workspace, never in settings or logs; the newest entry is the first. They hold for the statement
 * as it was, on the connection and database (`place`) that they were given for: an edited one, or another place, is asked anew, since
 * to execute is one of the choices.
 */
export function createRememberedInputs(memory: Memory): {
  find(key: StatementKey, place?: string): RememberedInputs | undefined;
  keep(key: StatementKey, inputs: RememberedInputs, place?: string): Thenable<void>;
} {
  if (memory.get(FORMER_KEY) !== undefined) void memory.update(FORMER_KEY, undefined);
  const entries = (): readonly Entry[] => memory.get<Entry[]>(MEMORY_KEY) ?? [];
  const isSame = (entry: Entry, { file, kind, text }: StatementKey, place: string | undefined): boolean =>
    entry.file === file && entry.kind === kind && entry.text === text && entry.place === place;
  return {
    find: (key, place) => entries().find((each) => isSame(each, key, place))?.inputs,
    keep(key, inputs, place) {
      const values = Object.fromEntries(
        Object.entries(inputs.values).filter(([, value]) => value.length <= MAX_CHARACTERS),
      );
      const others = entries().filter((each) => !isSame(each, key, place));
      const entry: Entry = { ...key, inputs: { ...inputs, values }, ...(place === undefined ? {} : { place }) };
      return memory.update(MEMORY_KEY, [entry, ...others].slice(0, MAX_ENTRIES));
    },
  };
}
