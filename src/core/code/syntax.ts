import type { Language } from './language';

/** A part of a file that is read by itself, as far as what is read has to name it; see units/unit.ts. */
export interface CodePart {
  /** Offset in the present version of the file. */
  readonly from: number;
  readonly text: string;
  readonly fileName: string;
  readonly language: Language;
  /** Of a class's head or member: what the class declares, and what this member is. */
  readonly members: readonly Member[];
  /** Names of all `this.name` and `self.name` in it. */
  readonly fieldsMentioned: ReadonlySet<string>;
}

/** Where something is written; offsets count from the start of the unit, so that a unit that only moved is read once. */
export interface CodeRange {
  readonly unit: CodePart;
  readonly from: number;
  readonly to: number;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

export type Step = Range &
  (
    | {
        readonly kind: 'declare';
        readonly target: Target;
        readonly type?: string;
        readonly value?: Expression;
        readonly scoped: boolean;
      }
    | { readonly kind: 'do'; readonly value: Expression }
    | {
        readonly kind: 'if';
        readonly condition: Expression;
        readonly then: readonly Step[];
        readonly otherwise: readonly Step[];
      }
    /** Loops, `try`, `switch`, `with`: whether it runs once, never or often is not known when `repeats`. */
    | { readonly kind: 'block'; readonly body: readonly Step[]; readonly repeats?: string }
    | { readonly kind: 'function'; readonly function: FunctionCode }
    | { readonly kind: 'class'; readonly class: ClassCode }
    | { readonly kind: 'return'; readonly value?: Expression }
    | { readonly kind: 'throw'; readonly value?: Expression }
    | { readonly kind: 'import'; readonly names: readonly ImportedName[] }
    /** `local` under the name `exported`; with `specifier` the name is of that file (`*` are all). */
    | {
        readonly kind: 'export';
        readonly exported: string;
        readonly local: Expression | string;
        readonly specifier?: string;
      }
    /** `alias` where it is another type under a name of its own. */
    | {
        readonly kind: 'type';
        readonly name: string;
        readonly members: ReadonlyMap<string, string>;
        readonly alias?: string;
      }
  );

export interface ImportedName {
  readonly local: string;
  /** `*` for the module itself. */
  readonly imported: string;
  readonly specifier: string;
}

/** What is assigned to. `key` null takes the rest. */
export type Target =
  | (Range & { readonly kind: 'name'; readonly name: string })
  | (Range & { readonly kind: 'pattern'; readonly parts: readonly PatternPart[] })
  | (Range & { readonly kind: 'reference'; readonly reference: Expression });

export interface PatternPart {
  readonly key: string | null;
  readonly target: Target;
  readonly fallback?: Expression;
}

export type Expression = Range &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    | { readonly kind: 'undefined' }
    | { readonly kind: 'template'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'self' }
    | { readonly kind: 'member'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression }
    /** `list[start:end:step]` of Python. */
    | {
        readonly kind: 'slice';
        readonly object: Expression;
        readonly start?: Expression;
        readonly end?: Expression;
        readonly step?: Expression;
      }
    | Call
    | { readonly kind: 'array'; readonly items: readonly Item[] }
    | { readonly kind: 'object'; readonly entries: readonly Entry[] }
    | {
        readonly kind: 'either';
        readonly condition: Expression;
        readonly then: Expression;
        readonly otherwise: Expression;
      }
    | {
        readonly kind: 'logical';
        readonly operator: '&&' | '||' | '??';
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Expression[] }
    | { readonly kind: 'await'; readonly value: Expression }
    | { readonly kind: 'cast'; readonly value: Expression; readonly type: string }
    | { readonly kind: 'assign'; readonly target: Target; readonly operator: string; readonly value: Expression }
    | { readonly kind: 'function'; readonly function: FunctionCode }
    | { readonly kind: 'class'; readonly class: ClassCode }
    | { readonly kind: 'import'; readonly specifier: string }
    /** Not understood as a value; what stands in it is looked through. */
    | { readonly kind: 'other'; readonly parts: readonly Expression[] }
  );

export type Call = Range & {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: readonly Item[];
  readonly named: readonly (readonly [string, Expression])[];
  readonly isNew: boolean;
};

export interface Item {
  readonly spread: boolean;
  readonly value: Expression;
}

/** `key` null spreads the value. */
export interface Entry {
  readonly key: string | Expression | null;
  readonly value: Expression;
}

export interface FunctionCode extends Range {
  readonly name?: string;
  readonly params: readonly Param[];
  readonly body: readonly Step[];
}

export interface Param {
  readonly target: Target;
  readonly type?: string;
  readonly fallback?: Expression;
  readonly rest: boolean;
  /** `constructor(private readonly db: Db)` */
  readonly isField: boolean;
  readonly decorator?: Expression;
}

export interface ClassCode extends Range {
  readonly name?: string;
  readonly base?: Expression;
  readonly members: readonly Member[];
  /** Of a class at the top level: the part of the file that its head is, and whose members are parts of their own. */
  readonly unit?: CodePart;
}

export interface Member extends Range {
  readonly name: string;
  readonly isStatic: boolean;
  readonly isGetter: boolean;
  readonly type?: string;
  readonly value?: Expression;
  /** Present exactly for methods; read when first asked for. */
  readonly method?: () => FunctionCode;
  /** What its offsets count from, where that is not the part that the class is in. */
  readonly unit?: CodePart;
}

/** The function, run once at most. */
export function once<T>(read: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => (known ??= { value: read() }).value;
}
