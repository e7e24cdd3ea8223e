import type { Choices, HoleValues } from '../../../evaluate/choose';
import type { Value } from '../../../evaluate/value';
import { sizeOf } from '../../../evaluate/valueSize';
import type { Hole, Statement, StatementCommand } from '../../statement';
import { chosen } from '../calls/chosen';
import { ejsonOf } from '../calls/ejson';
import { isReplacement } from '../calls/normalise';
import { quoted, ejsonText, keyText } from '../../../ejson/ejsonText';

/** The statement as the shell takes it. */
export interface ShellText {
  readonly text: string;
  /** Where a hole stands that has no value, in order; offsets in the text. The marked text is `<name>`. */
  readonly holes: readonly { readonly from: number; readonly to: number; readonly hole: Hole }[];
}

/** Shorter than this stays on one line. */
const WIDTH = 100;

/**
 * The statement as text for mongosh. Holes without a value are written `<name>`; conditions that the values do not decide
 * are written as a conditional.
 */
export function shellText(statement: Statement, values: HoleValues = new Map(), choices?: Choices): ShellText {
  const marked = commandText(
    statement,
    (value) => (choices || values.size ? chosen(value, values, choices) : value),
    values,
  );
  return unmarked(marked, statement.holes);
}

/** Marks around a hole's number while the text is built; neither occurs in what is written, as strings are escaped. */
const OPEN = '\u{e000}';
const CLOSE = '\u{e001}';

function unmarked(marked: string, holes: readonly Hole[]): ShellText {
  const found: { from: number; to: number; hole: Hole }[] = [];
  let text = '';
  let last = 0;
  for (const match of marked.matchAll(/\u{e000}(\d+)\u{e001}/gu)) {
    text += marked.slice(last, match.index);
    const hole = holes[Number(match[1])];
    const from = text.length;
    text += `<${hole.name}>`;
    found.push({ from, to: text.length, hole });
    last = match.index + match[0].length;
  }
  return { text: text + marked.slice(last), holes: found };
}

function commandText(statement: Statement, choose: (value: Value) => Value, values: HoleValues): string {
  const { command } = statement;
  const name = statement.collection ?? `<${statement.collectionHole ?? 'collection'}>`;
  const database = statement.database === undefined ? 'db' : `db.getSiblingDB(${quoted(statement.database)})`;
  const collection =
    /^[A-Za-z_]\w*$/.test(name) && statement.collection !== null && !SHELL_NAMES.has(name)
      ? `${database}.${name}`
      : `${database}.getCollection(${quoted(name)})`;
  const write = (value: Value): string => lines(choose(value), statement.holes, values, 0);
  const args = (...all: (Value | string | undefined)[]): string => {
    const written = all.map((one) => (one === undefined || typeof one === 'string' ? one : write(one)));
    while (written.length && written[written.length - 1] === undefined) written.pop();
    return `(${written.map((one) => one ?? '{}').join(', ')})`;
  };
  return collection + calls(command, args, choose);
}

/** Names that are methods of the shell's `db`. */
const SHELL_NAMES = new Set(['version', 'stats', 'help', 'system', 'watch', 'aggregate', 'getName', 'hello']);

type Args = (...all: (Value | string | undefined)[]) => string;

function calls(command: StatementCommand, args: Args, choose: (value: Value) => Value): string {
  const optional = (options: Readonly<Record<string, Value | undefined>>): Value | undefined => {
    const entries = Object.entries(options).filter(
      (entry): entry is [string, Value] => entry[1] !== undefined && choose(entry[1]).kind !== 'nothing',
    );
    return entries.length ? { kind: 'document', entries } : undefined;
  };
  switch (command.kind) {
    case 'find': {
      const { projection, others, ...chain } = command.options;
      const options = optional(others);
      const projected = projection && choose(projection).kind !== 'nothing' ? projection : undefined;
      if (command.single) return `.findOne${args(command.filter, projected, optional({ ...chain, ...others }))}`;
      const chained = (['sort', 'skip', 'limit', 'hint', 'collation'] as const).flatMap((name) => {
        const value = chain[name];
        return value && choose(value).kind !== 'nothing' ? [`\n  .${name}${args(value)}`] : [];
      });
      return `.find${args(isEmpty(command.filter) && !projected && !options ? undefined : command.filter, projected, options)}${chained.join('')}`;
    }
    case 'aggregate':
      return `.aggregate${args(command.pipeline, optional(command.options))}`;
    case 'count':
      return `.countDocuments${args(command.filter, optional(command.options))}`;
    case 'estimatedCount':
      return `.estimatedDocumentCount${args(optional(command.options))}`;
    case 'distinct':
      return `.distinct${args(command.field, isEmpty(command.filter) && !optional(command.options) ? undefined : command.filter, optional(command.options))}`;
    case 'delete':
      return `.${command.multi ? 'deleteMany' : 'deleteOne'}${args(command.filter, optional(command.options))}`;
    case 'insert':
      return `.${command.change?.kind === 'array' ? 'insertMany' : 'insertOne'}${args(command.change, optional(command.options))}`;
    case 'bulkWrite':
      return `.bulkWrite${args(command.change, optional(command.options))}`;
    case 'replace':
      return `.replaceOne${args(command.filter, command.change, optional(command.options))}`;
    case 'update':
      return `.${command.multi ? 'updateMany' : 'updateOne'}${args(command.filter, command.change, optional(command.options))}`;
    case 'findAndModify': {
      const { remove, ...options } = command.options;
      if (remove) return `.findOneAndDelete${args(command.filter, optional(options))}`;
      return `.${isReplacement(command.change) ? 'findOneAndReplace' : 'findOneAndUpdate'}${args(command.filter, command.change, optional(options))}`;
    }
  }
}

function isEmpty(value: Value): boolean {
  return value.kind === 'document' && value.entries.length === 0;
}

/** On one line where it fits, else a line for each item. */
function lines(value: Value, holes: readonly Hole[], values: HoleValues, indent: number): string {
  if (indent < 0 || sizeOf(value).size <= WIDTH) {
    const flat = written(value, holes, values, (inner) => lines(inner, holes, values, -1), ' ', '');
    if (indent < 0 || flat.length + indent <= WIDTH) return flat;
  }
  const pad = '  '.repeat(indent / 2 + 1);
  return written(
    value,
    holes,
    values,
    (inner) => lines(inner, holes, values, indent + 2),
    `\n${pad}`,
    `\n${pad.slice(2)}`,
  );
}

function written(
  value: Value,
  holes: readonly Hole[],
  values: HoleValues,
  inner: (value: Value) => string,
  gap: string,
  end: string,
): string {
  switch (value.kind) {
    case 'literal':
      return typeof value.value === 'string' ? quoted(value.value) : String(value.value);
    case 'typed':
      return ejsonText(ejsonOf(value.value));
    case 'nothing':
      return 'undefined';
    case 'hole': {
      const given = values.get(value.hole.name);
      return given === undefined ? `${OPEN}${Math.max(0, indexOf(holes, value.hole.name))}${CLOSE}` : ejsonText(given);
    }
    case 'spread':
      return `...${inner(value.value)}`;
    case 'regex':
      return `new RegExp(${inner(value.pattern)}${value.options ? `, ${quoted(value.options)}` : ''})`;
    case 'either':
      return eitherText(value, inner);
    case 'array':
      if (!value.items.length) return '[]';
      return `[${gap === ' ' ? '' : gap}${value.items.map((item) => optionalItem(item, inner)).join(`,${gap}`)}${end}]`;
    case 'document': {
      if (!value.entries.length) return '{}';
      const entries = value.entries.map(([key, entry]) => entryText(key, entry, inner));
      return `{${gap}${entries.join(`,${gap}`)}${end || ' '}}`;
    }
  }
}

const indexes = new WeakMap<readonly Hole[], ReadonlyMap<string, number>>();

function indexOf(holes: readonly Hole[], name: string): number {
  let known = indexes.get(holes);
  // From the back, so that the first of a name stays.
  if (!known) indexes.set(holes, (known = new Map(holes.map((hole, index) => [hole.name, index] as const).reverse())));
  return known.get(name) ?? -1;
}

function eitherText(value: Extract<Value, { kind: 'either' }>, inner: (value: Value) => string): string {
  return `(${comment(value.condition)} ? ${inner(value.then)} : ${inner(value.otherwise)})`;
}

/** A condition is code of the source; it is shown as it stands. */
function comment(condition: string): string {
  return condition.replace(/[\u{e000}\u{e001}]/gu, '');
}

/** An item that a condition leaves out is a spread of one or none. */
function optionalItem(item: Value, inner: (value: Value) => string): string {
  if (item.kind !== 'either' || (item.then.kind !== 'nothing' && item.otherwise.kind !== 'nothing')) return inner(item);
  const list = (branch: Value): string => (branch.kind === 'nothing' ? '[]' : `[${inner(branch)}]`);
  return `...(${comment(item.condition)} ? ${list(item.then)} : ${list(item.otherwise)})`;
}

function entryText(key: string, value: Value, inner: (value: Value) => string): string {
  if (key === '...' && value.kind === 'spread' && value.value.kind === 'array') {
    return value.value.items
      .map((pair) =>
        pair.kind === 'array' && pair.items.length === 2
          ? `[${inner(pair.items[0])}]: ${inner(pair.items[1])}`
          : `...${inner(pair)}`,
      )
      .join(', ');
  }
  if (key === '...') return inner(value);
  if (value.kind === 'either' && (value.then.kind === 'nothing' || value.otherwise.kind === 'nothing')) {
    const branch = (one: Value): string => (one.kind === 'nothing' ? '{}' : `{ ${keyText(key)}: ${inner(one)} }`);
    return `...(${comment(value.condition)} ? ${branch(value.then)} : ${branch(value.otherwise)})`;
  }
  return `${keyText(key)}: ${inner(value)}`;
}
