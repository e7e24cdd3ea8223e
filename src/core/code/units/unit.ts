import type { Tree } from '@lezer/common';
import { parser as pythonParser } from '@lezer/python';
import { parseableText, parseSource, parseWith } from '../../method/parseSource';
import { fieldsMentioned } from '../fieldsMentioned';
import type { Language } from '../language';
import { UNLIMITED, type ReadingTime } from '../readingTime';
import { once, type ClassCode, type CodePart, type FunctionCode, type Member, type Step } from '../syntax';
import { methodHead } from '../methodHead';
import { classHead as javaScriptClassHead, classMember } from '../javascript/functions';
import { assignedNames } from './assignedNames';
import { outlineOf, type Exported, type Outline } from './outline';
import { classHead as pythonClassHead, classMembers } from '../python/functions';
import { javaScriptSource, readJavaScript } from '../javascript/readSteps';
import { pythonSource, readPython } from '../python/readSteps';
import { childNamed, topLevelNodes, type SyntaxNode } from '../syntaxNode';
import type { UnitKind } from '../slot';

/**
 * A part of a file that is parsed and read by itself, when it is first asked for: of most files only a few parts matter.
 */
export class Unit implements CodePart {
  /** Where it stands in the present version of the file, and its place among all parts: these change by edits elsewhere. */
  from = 0;
  index = 0;
  /** Of the head of a class its members, of a member the head. */
  parts: readonly Unit[] = [];
  owner: Unit | undefined;
  /** Why not all of it was read, if so. */
  partial: 'time' | 'depth' | undefined;

  private knownNodes: readonly SyntaxNode[] | undefined;
  private knownSteps: readonly Step[] | undefined;
  private knownMembers: readonly Member[] | undefined;
  private knownOutline: Outline | undefined;
  private knownExports: readonly Exported[] | undefined;
  private knownFields: { readonly of: unknown; readonly fields: ReadonlyMap<string, string> } | undefined;
  private knownAssigned: ReadonlySet<string> | undefined;
  private found: Map<RegExp, boolean> | undefined;
  private knownMentioned: ReadonlySet<string> | undefined;
  private allMembers: { readonly parts: readonly Unit[]; readonly members: readonly Member[] } | undefined;

  constructor(
    readonly fileName: string,
    readonly language: Language,
    readonly kind: UnitKind,
    readonly text: string,
    private readonly time: ReadingTime = UNLIMITED,
  ) {}

  /** Its syntax: statements, the class of a head, or members. Offsets count from the start of its text. */
  get nodes(): readonly SyntaxNode[] {
    return (this.knownNodes ??= this.parse());
  }

  /** Of a member: nothing. */
  get steps(): readonly Step[] {
    if (!this.knownSteps) {
      this.knownSteps = this.kind === 'code' ? this.readSteps() : this.kind === 'class' ? [this.classStep()] : [];
      // The steps hold what they need of them.
      if (this.kind === 'code') this.knownNodes = undefined;
    }
    return this.knownSteps;
  }

  /** Of a head or member: what the class declares, and what this member is. */
  get members(): readonly Member[] {
    if (this.kind === 'class') {
      if (this.allMembers?.parts !== this.parts)
        this.allMembers = {
          parts: this.parts,
          members: this.parts.flatMap((part) => part.members),
        };
      return this.allMembers.members;
    }
    return (this.knownMembers ??= this.kind === 'member' ? this.readMembers() : []);
  }

  /** What the type is another name of. */
  get alias(): string | undefined {
    const step = this.kind === 'code' ? this.steps.find((one) => one.kind === 'type') : undefined;
    return step?.kind === 'type' ? step.alias : undefined;
  }

  /** Whether its text has the pattern; asked again, the answer is known. */
  has(pattern: RegExp): boolean {
    this.found ??= new Map();
    let known = this.found.get(pattern);
    if (known === undefined) this.found.set(pattern, (known = pattern.test(this.text)));
    return known;
  }

  get exported(): readonly Exported[] {
    return (this.knownExports ??= this.outline.exports.map((step) => ({ step, unit: this })));
  }

  /** Fields of the type that it declares, with their types: those of a class with types are one as well. */
  get fields(): ReadonlyMap<string, string> {
    const of = this.kind === 'class' ? this.members : this.steps;
    if (this.knownFields?.of !== of)
      this.knownFields = { of, fields: this.kind === 'class' ? memberTypes(this.members) : fieldsOf(this.steps) };
    return this.knownFields.fields;
  }

  get outline(): Outline {
    return (this.knownOutline ??= outlineOf(this));
  }

  /** Names that it assigns to or appends to anywhere in it. */
  get assigned(): ReadonlySet<string> {
    return (this.knownAssigned ??= this.kind === 'code' ? assignedNames(this.text) : new Set());
  }

  get fieldsMentioned(): ReadonlySet<string> {
    return (this.knownMentioned ??= fieldsMentioned(this.text));
  }

  private parse(): readonly SyntaxNode[] {
    const limitMs = this.time.left() / SHARE_OF_TIME;
    if (limitMs < 0) {
      this.partial = 'time';
      return [];
    }
    const isPython = this.language === 'python';
    return isPython ? this.parsePython(limitMs) : this.parseJavaScript(limitMs);
  }

  private topLevel(tree: Tree, length: number, limitMs: number): readonly SyntaxNode[] {
    // The parser stops for either.
    if (tree.length < length)
      this.partial = limitMs < Infinity && this.time.left() <= limitMs * (SHARE_OF_TIME - 1) ? 'time' : 'depth';
    return topLevelNodes(tree);
  }

  private parseJavaScript(limitMs: number): readonly SyntaxNode[] {
    const parse = (text: string): readonly SyntaxNode[] =>
      this.topLevel(
        parseSource(parseableText(text), this.fileName, undefined, { milliseconds: limitMs, stackSize: MAX_STACK }),
        text.length,
        limitMs,
      );
    if (this.kind === 'code') return parse(this.text);
    if (this.kind === 'class') return parse(`${this.text}{}`).filter(({ name }) => name === 'ClassDeclaration');
    return membersIn(parse(`${CLASS}${this.text}\n}`), 'ClassBody', CLASS.length);
  }

  private parsePython(limitMs: number): readonly SyntaxNode[] {
    const parse = (text: string): readonly SyntaxNode[] =>
      this.topLevel(
        parseWith(pythonParser, text, undefined, { milliseconds: limitMs, stackSize: MAX_STACK }),
        text.length,
        limitMs,
      );
    if (this.kind === 'code') return parse(this.text);
    if (this.kind === 'class') return parse(`${this.text} pass\n`);
    return membersIn(parse(`${PYTHON_CLASS}${this.text}\n`), 'Body', PYTHON_CLASS.length);
  }

  private readSteps(): Step[] {
    return this.language === 'python' ? readPython(this.nodes, this.text) : readJavaScript(this.nodes, this.text);
  }

  private readMembers(): Member[] {
    const method = methodHead(this.text, this.language);
    if (method)
      return [
        {
          ...method,
          from: 0,
          to: this.text.length,
          unit: this,
          method: once(
            () =>
              this.parseMembers()
                .find((member) => member.method)
                ?.method?.() ?? NO_CODE,
          ),
        },
      ];
    return this.parseMembers();
  }

  private parseMembers(): Member[] {
    const { nodes, text } = this;
    const python = this.language === 'python' ? pythonSource(text) : undefined;
    const read = python
      ? nodes.flatMap((node) => classMembers(node, python))
      : nodes.flatMap((node) => classMember(node, javaScriptSource(text)));
    return read.map((member) => ({ ...member, unit: this }));
  }

  private classStep(): Step {
    const [first] = this.nodes;
    const node = first?.name === 'DecoratedStatement' ? (childNamed(first, 'ClassDefinition') ?? first) : first;
    const head = !node
      ? { from: 0, to: this.text.length }
      : this.language === 'python'
        ? pythonClassHead(node, pythonSource(this.text))
        : javaScriptClassHead(node, javaScriptSource(this.text));
    // The members change by edits while the head stays as it is.
    const unit = this;
    const code: ClassCode = {
      ...head,
      unit,
      get members() {
        return unit.members;
      },
    };
    return { from: 0, to: this.text.length, kind: 'class', class: code };
  }
}

/** A method whose text is none to the parser. */
const NO_CODE: FunctionCode = { from: 0, to: 0, params: [], body: [] };

/** A little less than where the parser itself stops to go deeper. */
const MAX_STACK = 8_000;
/** Of the time that is left, what parsing one part may take. */
const SHARE_OF_TIME = 2;

/** What members are parsed in. */
const CLASS = 'class C{\n ';
const PYTHON_CLASS = 'class C:\n';

function membersIn(nodes: readonly SyntaxNode[], body: string, from: number): readonly SyntaxNode[] {
  const found = nodes.length ? childNamed(nodes[0], body) : undefined;
  return (found?.children ?? [])
    .filter(({ name }) => name >= 'A' && name < '[')
    .map((member) => member.countedFrom(from));
}

function memberTypes(members: readonly Member[]): ReadonlyMap<string, string> {
  return new Map(members.flatMap(({ name, type }) => (type === undefined ? [] : [[name, type] as const])));
}

function fieldsOf(steps: readonly Step[]): ReadonlyMap<string, string> {
  return steps.find((step) => step.kind === 'type')?.members ?? new Map<string, string>();
}
