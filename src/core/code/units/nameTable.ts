import type { Unit } from './unit';

/** Parts of a file by the names that they declare or assign to. */
export interface NameTable {
  add(unit: Unit): void;
  remove(unit: Unit): void;
  /** In the order of the file. The list is the same object until a part of it comes or goes. */
  unitsOf(name: string): readonly Unit[] | undefined;
}

export function createNameTable(): NameTable {
  const declaring = new Map<string, Set<Unit>>();
  const all = new Set<Unit>();
  const sorted = new Map<string, readonly Unit[] | undefined>();

  function change(unit: Unit, apply: (units: Set<Unit>) => void): void {
    for (const name of unit.outline.declared) {
      let units = declaring.get(name);
      if (!units) declaring.set(name, (units = new Set()));
      apply(units);
    }
    apply(all);
    for (const name of sorted.keys()) if (unit.text.includes(name)) sorted.delete(name);
  }

  return {
    add: (unit) => change(unit, (units) => units.add(unit)),
    remove: (unit) => change(unit, (units) => units.delete(unit)),
    unitsOf(name) {
      if (sorted.has(name)) return sorted.get(name);
      const units = new Set(declaring.get(name));
      // Few names are ever asked for: looking through the text for them is less work than a table of all that is assigned to.
      for (const unit of all)
        if (unit.kind === 'code' && unit.text.includes(name) && unit.assigned.has(name)) units.add(unit);
      const list = units.size ? [...units].sort((a, b) => a.index - b.index) : undefined;
      sorted.set(name, list);
      return list;
    },
  };
}
