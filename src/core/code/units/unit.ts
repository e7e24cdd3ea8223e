import { parser as pythonParser } from '@lezer/python';
import { parseableText, parseSource, parseWith } from '../../method/parseSource';
import type { Language } from '../language';
import { once, type ClassCode, type CodePart, type FunctionCode, type Member, type Step } from '../syntax';
import { methodHead } from '../methodHead';
import { classHead as javaScriptClassHead, classMember } from '../javascript/functions';
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

  private knownNodes: readonly SyntaxNode[] | undefined;
  private knownSteps: readonly Step[] | undefined;
  private knownMembers: readonly Member[] | undefined;
  private knownOutline: Outline | undefined;
  private knownExports: readonly Exported[] | undefined;
  private knownFields: ReadonlyMap<string, string> | undefined;
  private knownAssigned: ReadonlySet<string> | undefined;
  private readonly found = new Map<RegExp, boolean>();
  private readonly mentioned = new Map<string, boolean>();
  private allMembers: { readonly parts: readonly Unit[]; readonly members: readonly Member[] } | undefined;

  constructor(
    readonly fileName: string,
    readonly language: Language,
    readonly kind: UnitKind,
    readonly text: string,
  ) {}

  /** Its syntax: statements, the class of a head, or members. Offsets count from the start of its text. */
  get nodes(): readonly SyntaxNode[] {
    return (this.knownNodes ??= this.language === 'python' ? this.parsePython() : this.parseJavaScript());
  }

  /** Of a member: nothing. */
  get steps(): readonly Step[] {
    return (this.knownSteps ??=
      this.kind === 'code' ? this.readSteps() : this.kind === 'class' ? [this.classStep()] : []);
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
    let known = this.found.get(pattern);
    if (known === undefined) this.found.set(pattern, (known = pattern.test(this.text)));
    return known;
  }

  get exported(): readonly Exported[] {
    return (this.knownExports ??= this.outline.exports.map((step) => ({ step, unit: this })));
  }

  /** Fields of the type that it declares, with their types: those of a class with types are one as well. */
  get fields(): ReadonlyMap<string, string> {
    if (this.kind === 'class')
      return new Map(this.members.flatMap(({ name, type }) => (type === undefined ? [] : [[name, type] as const])));
    return (this.knownFields ??= fieldsOf(this.steps));
  }

  get outline(): Outline {
    return (this.knownOutline ??= outlineOf(this));
  }

  /** Names that it assigns to or appends to anywhere in it. */
  get assigned(): ReadonlySet<string> {
    return (this.knownAssigned ??= this.kind === 'code' ? assignedNames(this.text) : new Set());
  }

  mentionsField(name: string): boolean {
    let known = this.mentioned.get(name);
    if (known === undefined)
      this.mentioned.set(name, (known = this.text.includes(`this.${name}`) || this.text.includes(`self.${name}`)));
    return known;
  }

  private parseJavaScript(): readonly SyntaxNode[] {
    const parse = (text: string): readonly SyntaxNode[] =>
      topLevelNodes(parseSource(parseableText(text), this.fileName));
    if (this.kind === 'code') return parse(this.text);
    if (this.kind === 'class') return parse(`${this.text}{}`).filter(({ name }) => name === 'ClassDeclaration');
    return membersIn(parse(`${CLASS}${this.text}\n}`), 'ClassBody', CLASS.length);
  }

  private parsePython(): readonly SyntaxNode[] {
    const parse = (text: string): readonly SyntaxNode[] => topLevelNodes(parseWith(pythonParser, text));
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

/** What members are parsed in. */
const CLASS = 'class C{\n ';
const PYTHON_CLASS = 'class C:\n';

function membersIn(nodes: readonly SyntaxNode[], body: string, from: number): readonly SyntaxNode[] {
  const found = nodes.length ? childNamed(nodes[0], body) : undefined;
  return (found?.children ?? [])
    .filter(({ name }) => name >= 'A' && name < '[')
    .map((member) => member.countedFrom(from));
}

function fieldsOf(steps: readonly Step[]): ReadonlyMap<string, string> {
  return steps.find((step) => step.kind === 'type')?.members ?? new Map<string, string>();
}

/** Told by the words alone: it may say too much, never too little. */
const ASSIGNMENT =
  /(?<![\w$.])((?:this|self)\.)?([\w$]+)(?:\.[\w$]+|\[[^\]\n]{0,80}\])*(?:\s*:\s*[\w$.<>[\]|, ]{1,80}?)?\s*(?:=(?![=>])|[+|&?]{1,2}=|\.(?:push|unshift|append|extend|insert|update|setdefault|index|add)\s*\()/g;

function assignedNames(text: string): Set<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(ASSIGNMENT)) if (!match[1]) names.add(match[2]);
  return names;
}
