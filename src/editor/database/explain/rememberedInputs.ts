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

/** Which statement it is: the same file, the same kind on the same collection, and the text with its holes open. */
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
}

const MEMORY_KEY = 'heatlens.explain.inputs';
const MAX_ENTRIES = 300;
/** A value that is longer was pasted for once. */
const MAX_CHARACTERS = 2000;

/** Values of holes are kept in the workspace, never in settings or logs; the newest entry is the first. */
export function createRememberedInputs(memory: Memory): {
  find(key: StatementKey): RememberedInputs | undefined;
  keep(key: StatementKey, inputs: RememberedInputs): Thenable<void>;
} {
  const entries = (): readonly Entry[] => memory.get<Entry[]>(MEMORY_KEY) ?? [];
  const isSame = (entry: Entry, { file, kind, text }: StatementKey): boolean =>
    entry.file === file && entry.kind === kind && entry.text === text;
  return {
    find(key) {
      const all = entries();
      // A statement that was edited since still has most of its holes.
      const entry =
        all.find((each) => isSame(each, key)) ?? all.find((each) => each.file === key.file && each.kind === key.kind);
      return entry?.inputs;
    },
    keep(key, inputs) {
      const values = Object.fromEntries(
        Object.entries(inputs.values).filter(([, value]) => value.length <= MAX_CHARACTERS),
      );
      const others = entries().filter((each) => !isSame(each, key));
      return memory.update(MEMORY_KEY, [{ ...key, inputs: { ...inputs, values } }, ...others].slice(0, MAX_ENTRIES));
    },
  };
}
