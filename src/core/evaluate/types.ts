import type { HoleType } from './value';

/** Names of types, and what they are. */
export type TypeNames = Readonly<Record<string, HoleType>>;

/** Names that the languages and their usual packages have. */
export const PLAIN_TYPES: TypeNames = {
  string: 'string',
  str: 'string',
  String: 'string',
  EmailStr: 'string',
  number: 'number',
  Number: 'number',
  bigint: 'number',
  int: 'number',
  float: 'number',
  Decimal: 'number',
  boolean: 'boolean',
  Boolean: 'boolean',
  bool: 'boolean',
  Date: 'date',
  datetime: 'date',
  RegExp: 'regex',
  list: 'array',
  List: 'array',
  Array: 'array',
  Sequence: 'array',
  Iterable: 'array',
  ReadonlyArray: 'array',
  set: 'array',
  Set: 'array',
  tuple: 'array',
  dict: 'document',
  Dict: 'document',
  Mapping: 'document',
  Record: 'document',
  object: 'document',
  Partial: 'document',
};

/** Type of a value by the text of its annotation; `unknown` where it says nothing that matters here. */
export function holeType(annotation: string, names: TypeNames): HoleType {
  if (Object.hasOwn(names, annotation)) return names[annotation];
  const types = new Set(alternatives(annotation).map((alternative) => namedType(alternative, names)));
  return types.size === 1 ? [...types][0] : 'unknown';
}

/** Characters of a type that is looked into; a longer one is not known. */
const MAX_LENGTH = 5_000;
const NAME = /^[\w$.]+$/;
const MISSING = /^(?:null|undefined|None)$/;

/** Members of a union without what says that it may be missing; `Optional[X]` and `Annotated[X, …]` are X. */
export function alternatives(annotation: string): string[] {
  // Nearly all are a name alone, and they are asked for with each parameter.
  if (NAME.test(annotation)) return MISSING.test(annotation) ? [] : [annotation];
  if (annotation.length > MAX_LENGTH) return [];
  const text = annotation.trim().replace(/^(['"])((?:(?!\1).)*)\1$/, '$2');
  const wrapped =
    /^(?:typing\.)?(?:Optional|Annotated|Union|Readonly|Final|ClassVar|Promise|Awaitable)\s*[[<]([^]*)[\]>]$/.exec(
      text,
    );
  if (wrapped) {
    const parts = splitAt(wrapped[1], ',');
    return (/^(?:typing\.)?Union/.test(text) ? parts : parts.slice(0, 1)).flatMap((part) => alternatives(part));
  }
  const parts = splitAt(text, '|');
  return parts.map((part) => part.trim()).filter((part) => part && !MISSING.test(part));
}

/** Splits where no bracket is open. */
function splitAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if ('<[({'.includes(text[i])) depth++;
    else if ('>])}'.includes(text[i])) depth--;
    else if (text[i] === separator && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function namedType(text: string, names: TypeNames): HoleType {
  if (/^(['"`])/.test(text)) return 'string';
  if (/^-?\d/.test(text)) return 'number';
  if (text === 'true' || text === 'false') return 'boolean';
  if (text.endsWith('[]') || text.startsWith('[') || text.startsWith('readonly ')) return 'array';
  if (text.startsWith('{')) return 'document';
  const name = /^(?:[\w$]+\.)*([\w$]+)/.exec(text)?.[1];
  return name !== undefined && Object.hasOwn(names, name) ? names[name] : 'unknown';
}

/** Annotation of a member as far as the annotation itself tells: of an object, a list, a dictionary. */
export function inlineMemberType(alternative: string, name: string): string | undefined {
  if (alternative.startsWith('{')) {
    const inline = splitMembers(alternative.slice(1, -1)).get(name);
    if (inline !== undefined) return inline;
  }
  const item =
    /^(?:Array|ReadonlyArray|list|List)\s*[[<]([^]*)[\]>]$/.exec(alternative) ?? /^([^]*)\[\]$/.exec(alternative);
  if (item && /^\d+$/.test(name)) return item[1];
  const value = /^Record\s*<[^,]*,([^]*)>$/.exec(alternative) ?? /^[Dd]ict\s*\[[^,]*,([^]*)\]$/.exec(alternative);
  return value?.[1].trim();
}

function splitMembers(body: string): Map<string, string> {
  const members = new Map<string, string>();
  for (const part of splitAt(body.replace(/[;\n]/g, ','), ',')) {
    const [, key, type] = /^\s*(?:readonly\s+)?['"]?([\w$]+)['"]?\??\s*:([^]*)$/.exec(part) ?? [];
    if (key) members.set(key, type.trim());
  }
  return members;
}
