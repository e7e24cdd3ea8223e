import type { Language } from '../language';
import type { ReadingTime } from '../readingTime';
import { splitJavaScript, type JavaScriptSplit } from '../javascript/split';
import { splitPython } from '../python/split';
import { textChange } from '../textChange';
import { Unit } from './unit';
import type { UnitKind, Slot } from '../slot';

/** Where a part stands in a version of the file. */
export interface ReadUnits {
  readonly units: readonly Unit[];
  /** Those that were not there before, and those of before that no longer are. */
  readonly added: readonly Unit[];
  readonly gone: readonly Unit[];
  readonly text: string;
  readonly split: JavaScriptSplit | undefined;
  /** Where the first part begins that is left out, as there are too many. */
  readonly unreadFrom: number | undefined;
}

/** Nobody writes as many; each takes memory. */
const MAX_UNITS = 120_000;

/** The parts of a file; those of `before` whose text is unchanged are taken over. */
export function readUnits(
  text: string,
  fileName: string,
  language: Language,
  time: ReadingTime,
  last?: ReadUnits,
): ReadUnits {
  const change = last && textChange(last.text, text);
  const split = language === 'python' ? undefined : splitJavaScript(text, last?.split, change);
  const all = split ? split.slots : splitPython(text);
  const slots = all.length > MAX_UNITS ? all.slice(0, MAX_UNITS) : all;
  const before = last?.units ?? [];
  // What lies before or behind the change need not be compared.
  const same = ({ kind, from, to }: Slot, unit: Unit): boolean => {
    if (!change || unit.partial || unit.text.length !== to - from || unit.kind !== kind) return false;
    if (to <= change.from && unit.from === from) return true;
    if (from >= change.afterTo && unit.from === from - change.afterTo + change.beforeTo) return true;
    return text.startsWith(unit.text, from);
  };
  let head = 0;
  while (head < slots.length && head < before.length && same(slots[head], before[head])) head++;
  let tail = 0;
  const moved = before.length - slots.length;
  const shorter = Math.min(slots.length, before.length) - head;
  while (tail < shorter && same(slots[slots.length - 1 - tail], before[before.length - 1 - tail])) tail++;

  // Between them something was changed, inserted or moved.
  const left = new Map<string, Unit[]>();
  const partial: Unit[] = [];
  const keyOf = (kind: UnitKind, own: string): string => `${kind} ${own}`;
  for (const unit of before.slice(head, before.length - tail)) {
    if (unit.partial) {
      partial.push(unit);
      continue;
    }
    const key = keyOf(unit.kind, unit.text);
    const list = left.get(key);
    if (list) list.push(unit);
    else left.set(key, [unit]);
  }
  const added: Unit[] = [];
  const units = slots.map((slot, index) => {
    const { kind, from, to } = slot;
    let unit = index < head ? before[index] : index >= slots.length - tail ? before[index + moved] : undefined;
    if (!unit) {
      const own = text.slice(from, to);
      unit = left.get(keyOf(kind, own))?.pop();
      if (!unit) added.push((unit = new Unit(fileName, language, kind, separate(own), time)));
    }
    unit.from = from;
    unit.index = index;
    return unit;
  });
  joinClasses(units);
  return {
    units,
    added,
    gone: [...partial, ...[...left.values()].flat()],
    text,
    split,
    unreadFrom: all[MAX_UNITS]?.from,
  };
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
