import type { Tree } from '@lezer/common';
import type { Statement } from '../statement';
import { childNamed, topLevelNodes, type SyntaxNode } from './syntaxNode';
import { Unit, type UnitKind } from './unit';

/** Where a part stands in a version of the file. */
interface Slot {
  readonly kind: UnitKind;
  readonly from: number;
  readonly to: number;
  readonly node: SyntaxNode;
}

export interface ReadUnits {
  readonly units: readonly Unit[];
  /** Those that were not there before, and those of before that no longer are. */
  readonly added: readonly Unit[];
  readonly gone: readonly Unit[];
}

/** The parts of a file; those of `before` whose text is unchanged are taken over. */
export function readUnits(tree: Tree, text: string, fileName: string, language: Statement['language'], before: readonly Unit[]): ReadUnits {
  const slots = slotsOf(tree, text, language);
  const same = ({ kind, from, to, node }: Slot, unit: Unit): boolean =>
    unit.text.length === to - from && unit.kind === kind && unit.node.name === node.name && text.startsWith(unit.text, from);
  let head = 0;
  while (head < slots.length && head < before.length && same(slots[head], before[head])) head++;
  let tail = 0;
  const moved = before.length - slots.length;
  const shorter = Math.min(slots.length, before.length) - head;
  while (tail < shorter && same(slots[slots.length - 1 - tail], before[before.length - 1 - tail])) tail++;

  // Between them something was changed, inserted or moved.
  const left = new Map<string, Unit[]>();
  const keyOf = (kind: UnitKind, name: string, own: string): string => `${kind} ${name} ${own}`;
  for (const unit of before.slice(head, before.length - tail)) {
    const key = keyOf(unit.kind, unit.node.name, unit.text);
    const list = left.get(key);
    if (list) list.push(unit);
    else left.set(key, [unit]);
  }
  const added: Unit[] = [];
  const units = slots.map((slot, index) => {
    const { kind, from, to, node } = slot;
    let unit = index < head ? before[index] : index >= slots.length - tail ? before[index + moved] : undefined;
    if (!unit) {
      const own = text.slice(from, to);
      unit = left.get(keyOf(kind, node.name, own))?.pop();
      if (!unit) added.push((unit = new Unit(fileName, language, kind, separate(own), node.countedFrom(from))));
    }
    unit.from = from;
    unit.index = index;
    return unit;
  });
  joinClasses(units);
  return { units, added, gone: [...left.values()].flat() };
}

/** A copy that does not keep the whole text of a version alive. */
function separate(text: string): string {
  return ` ${text}`.slice(1);
}

/** Members follow the head of their class. */
function joinClasses(units: readonly Unit[]): void {
  for (let i = 0; i < units.length; i++) {
    const head = units[i];
    if (head.kind !== 'class') continue;
    let end = i + 1;
    let isSame = true;
    for (; end < units.length && units[end].kind === 'member'; end++) {
      if (head.parts[end - i - 1] !== units[end]) isSame = false;
      units[end].owner = head;
    }
    if (!isSame || head.parts.length !== end - i - 1) head.parts = units.slice(i + 1, end);
    i = end - 1;
  }
}

function slotsOf(tree: Tree, text: string, language: Statement['language']): Slot[] {
  const slots: Slot[] = [];
  for (const node of topLevelNodes(tree)) {
    const start = language === 'python' ? node.from : exportBefore(node, text);
    const definition = classIn(node);
    const body = definition && childNamed(definition, language === 'python' ? 'Body' : 'ClassBody');
    if (!definition || !body) {
      slots.push({ kind: 'code', from: start, to: node.to, node });
      continue;
    }
    slots.push({ kind: 'class', from: start, to: body.from, node: definition });
    for (const member of body.children) if (isTerm(member)) slots.push({ kind: 'member', from: member.from, to: member.to, node: member });
  }
  return slots;
}

function isTerm({ name }: SyntaxNode): boolean {
  return name >= 'A' && name < '[';
}

function classIn(node: SyntaxNode): SyntaxNode | undefined {
  if (node.name === 'ClassDeclaration' || node.name === 'ClassDefinition') return node;
  if (node.name === 'DecoratedStatement') return childNamed(node, 'ClassDefinition');
  return node.name === 'ExportDeclaration' ? childNamed(node, 'ClassDeclaration') : undefined;
}

/** The grammar is not given the `export` of a class: it belongs to its head all the same. */
function exportBefore(node: SyntaxNode, text: string): number {
  if (node.name !== 'ClassDeclaration') return node.from;
  const written = /\bexport(?:\s+default)?\s*$/.exec(text.slice(Math.max(0, node.from - 60), node.from));
  return written ? node.from - written[0].length : node.from;
}
