import type { AbstractValue } from './abstractValue';

/** Fields of an instance by name. A copy is made for every method of a class, so that making one copies nothing. */
export interface InstanceFields {
  get(name: string): AbstractValue | undefined;
  set(name: string, value: AbstractValue): void;
  /** The same fields; what is set in one is not in the other. */
  copy(): InstanceFields;
}

/** What was set before a copy was made; never changed again. */
interface Layer {
  readonly own: ReadonlyMap<string, AbstractValue>;
  readonly below: Layer | undefined;
}

export function createInstanceFields(shared?: Layer): InstanceFields {
  let below = shared;
  let own = new Map<string, AbstractValue>();
  return {
    get(name) {
      const found = own.get(name);
      if (found) return found;
      for (let layer = below; layer; layer = layer.below) {
        const inner = layer.own.get(name);
        if (inner) return inner;
      }
      return undefined;
    },
    set: (name, value) => void own.set(name, value),
    copy() {
      if (own.size) {
        below = { own, below };
        own = new Map();
      }
      return createInstanceFields(below);
    },
  };
}
