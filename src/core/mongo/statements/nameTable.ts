import type { Unit } from './unit';

/** Parts of a file by the names that they declare or assign to. */
export interface NameTable {
  add(unit: Unit): void;
  remove(unit: Unit): void;
  /** In the order of the file. The list is the same object until a part of it comes or goes. */
  unitsOf(name: string): readonly Unit[] | undefined;
}

export function createNameTable(): NameTable {
  const byName = new Map<string, Set<Unit>>();
  const sorted = new Map<string, readonly Unit[]>();

  function change(unit: Unit, apply: (units: Set<Unit>) => void): void {
    const each = (name: string): void => {
      let units = byName.get(name);
      if (!units) byName.set(name, (units = new Set()));
      apply(units);
      sorted.delete(name);
    };
    for (const name of unit.outline.declared) each(name);
    for (const name of unit.assigned) each(name);
  }

  return {
    add: (unit) => change(unit, (units) => units.add(unit)),
    remove: (unit) => change(unit, (units) => units.delete(unit)),
    unitsOf(name) {
      const known = sorted.get(name);
      if (known) return known;
      const units = byName.get(name);
      if (!units?.size) return undefined;
      const list = [...units].sort((a, b) => a.index - b.index);
      sorted.set(name, list);
      return list;
    },
  };
}
