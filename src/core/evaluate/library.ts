import type { Call, Expression } from '../code/syntax';
import type { AbstractValue, LibraryValue } from './abstractValue';
import type { Arguments } from './arguments';
import type { Draft } from './draft';
import type { Evaluation } from './evaluation';
import type { Scope } from './scope';
import type { HoleType, Value } from './value';

/**
 * What the evaluator asks of a library whose calls are collected. Several may take part in one evaluation: they are asked in turn, and
 * the first that answers is believed; what is asked about a value or draft of a library is asked of that library alone.
 *
 * Undefined always means that the library has nothing to say.
 */
export interface Library<Own extends LibraryValue = LibraryValue, OwnDraft extends Draft = Draft> {
  /** Its values and drafts carry it. */
  readonly name: string;
  /** Its packages, by the names that imports have: evidence that a file has to do with it. */
  readonly packages: RegExp;
  /** What a text has that calls it; parts of a file that have nothing of any library are not read. */
  readonly calls: RegExp;
  /** Names of types that it adds to those of the languages. */
  readonly typeNames?: Readonly<Record<string, HoleType>>;
  /** Names of decorators of parameters whose call gives the value of the parameter. */
  readonly injectors?: ReadonlySet<string>;

  /** A value by the name of its type with its package; `asked` is what stands for the value in the text. */
  valueOfType(type: string, asked: string): AbstractValue | undefined;
  /** A value by nothing but what it is called, where the file has evidence of the library. */
  valueByName(evaluation: Evaluation, expression: Expression, scope: Scope): AbstractValue | undefined;
  /** What a package, or something of it, has under a name. */
  memberOfPackage(owner: string, name: string): AbstractValue | undefined;
  /** A call of a function or class of any package. */
  callExternal(name: string, given: LibraryCall): AbstractValue | undefined;
  /** A call of a function that nothing is known of, or of such a method `on` a value. */
  callUnknown(name: string, on: AbstractValue | undefined, given: LibraryCall): AbstractValue | undefined;

  /** A member by its name; undefined for a name that the text does not tell. `access` where it is written as `a.b` or `a[b]`. */
  member(own: Own, name: string | undefined, access?: MemberAccess): AbstractValue | undefined;
  callMember(own: Own, name: string, given: MemberCall): AbstractValue | undefined;
  /** `own[start:end]` */
  slice(own: Own, given: Slice): AbstractValue | undefined;
  /** What `await` makes of it; undefined for a result that is not known. */
  awaited(own: Own): AbstractValue | undefined;

  /** Whether it only reads, and its order among other statements does not matter. */
  isPlainRead(draft: OwnDraft): boolean;
  /** Both forms of a statement that a condition decides between. */
  merge(condition: string, then: OwnDraft, otherwise: OwnDraft): OwnDraft;
}

export interface LibraryCall {
  readonly evaluation: Evaluation;
  readonly call: Call;
  readonly args: Arguments;
  readonly scope: Scope;
}

export interface MemberCall extends LibraryCall {
  /** What the method is called on. */
  readonly on: Expression;
}

export interface MemberAccess {
  readonly expression: Extract<Expression, { kind: 'member' | 'index' }>;
  readonly scope: Scope;
}

export interface Slice {
  readonly evaluation: Evaluation;
  readonly expression: Extract<Expression, { kind: 'slice' }>;
  /** Literals and holes. */
  readonly start: Value | undefined;
  readonly end: Value | undefined;
  readonly scope: Scope;
}
