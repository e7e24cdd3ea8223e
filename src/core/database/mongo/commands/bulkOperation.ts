import type { Choices, HoleValues } from '../../../evaluate/choose';
import type { Value } from '../../../evaluate/value';
import type { Statement, StatementCommand } from '../../statement';
import { chosen } from '../calls/chosen';

/** An operation of a bulk write as a statement of its own. */
export interface BulkOperation {
  readonly statement: Statement;
  /** `updateOne`, `deleteMany`, … */
  readonly name: string;
  /** Counts from 0. */
  readonly at: number;
  /** Operations that the text shows. */
  readonly count: number;
}

type Write = Extract<StatementCommand, { readonly multi: boolean }>;
const KINDS: Readonly<Record<string, Pick<Write, 'kind' | 'multi'>>> = {
  updateOne: { kind: 'update', multi: false },
  updateMany: { kind: 'update', multi: true },
  replaceOne: { kind: 'replace', multi: false },
  deleteOne: { kind: 'delete', multi: false },
  deleteMany: { kind: 'delete', multi: true },
};
const EMPTY: Value = { kind: 'document', entries: [] };

/** The first operation of a bulk write that reads documents, and so has a plan; undefined when the text shows none. */
export function explainableOperation(
  statement: Statement,
  values: HoleValues = new Map(),
  choices?: Choices,
): BulkOperation | undefined {
  const { command } = statement;
  if (command.kind !== 'bulkWrite' || !command.change) return undefined;
  const all = chosen(command.change, values, choices);
  if (all.kind !== 'array') return undefined;
  for (const [at, item] of all.items.entries()) {
    const [name, operation] = item.kind === 'document' ? (item.entries[0] ?? []) : [];
    if (name === undefined || !Object.hasOwn(KINDS, name) || operation?.kind !== 'document') continue;
    const {
      filter = EMPTY,
      update,
      replacement,
      ...options
    } = Object.fromEntries(operation.entries) as Record<string, Value | undefined>;
    const given = Object.entries(options).filter((entry): entry is [string, Value] => entry[1] !== undefined);
    const change = update ?? replacement;
    const one: Write = { ...KINDS[name], filter, ...(change ? { change } : {}), options: Object.fromEntries(given) };
    return { statement: { ...statement, command: one }, name, at, count: all.items.length };
  }
  return undefined;
}
