import type { Unit } from './unit';

/** Parts of a file by the names that they declare or assign to. */
export interface NameTable {
  add(unit: Unit): void;
  remove(unit: Unit): void;
  /** In the order of the file. The list is the same object until a part of it comes or goes. */
  unitsOf(name: string): readonly Unit[] | undefined;
}

/** Few names are ever asked for: looking through the text for them is less work than a table of all that is assigned to. */
const MAX_SEARCHED = 64;

export function createNameTable(): NameTable {
  const declaring: UnitsByName = new Map();
  /** Made when so many names were asked for that it is less work after all. */
  let assigning: UnitsByName | undefined;
  const all = new Set<Unit>();
  const sorted = new Map<string, readonly Unit[] | undefined>();

  function forget(unit: Unit): void {
    if (!assigning) {
      for (const name of sorted.keys()) if (unit.text.includes(name)) sorted.delete(name);
      return;
    }
    for (const name of unit.outline.declared) sorted.delete(name);
    for (const name of unit.assigned) sorted.delete(name);
  }

  function assigningUnits(name: string): Iterable<Unit> {
    if (!assigning && sorted.size >= MAX_SEARCHED) {
      assigning = new Map();
      for (const unit of all) enter(assigning, unit.assigned, unit);
    }
    if (assigning) return unitsIn(assigning, name);
    return [...all].filter((unit) => unit.kind === 'code' && unit.text.includes(name) && unit.assigned.has(name));
  }

  return {
    add(unit) {
      enter(declaring, unit.outline.declared, unit);
      if (assigning) enter(assigning, unit.assigned, unit);
      all.add(unit);
      forget(unit);
    },
    remove(unit) {
      withdraw(declaring, unit.outline.declared, unit);
      if (assigning) withdraw(assigning, unit.assigned, unit);
      all.delete(unit);
      forget(unit);
    },
    unitsOf(name) {
      if (sorted.has(name)) return sorted.get(name);
      const units = new Set(unitsIn(declaring, name));
      for (const unit of assigningUnits(name)) units.add(unit);
      const list = units.size ? [...units].sort((a, b) => a.index - b.index) : undefined;
      sorted.set(name, list);
      return list;
    },
  };
}

/** Most names have one part. */
type UnitsByName = Map<string, Unit | Set<Unit>>;

function unitsIn(table: UnitsByName, name: string): Iterable<Unit> {
  const units = table.get(name);
  if (units === undefined) return [];
  return units instanceof Set ? units : [units];
}

function enter(table: UnitsByName, names: Iterable<string>, unit: Unit): void {
  for (const name of names) {
    const units = table.get(name);
    if (units instanceof Set) units.add(unit);
    else table.set(name, units && units !== unit ? new Set([units, unit]) : unit);
  }
}

function withdraw(table: UnitsByName, names: Iterable<string>, unit: Unit): void {
  for (const name of names) {
    const units = table.get(name);
    if (units instanceof Set) units.delete(unit);
    else if (units === unit) table.delete(name);
  }
}
