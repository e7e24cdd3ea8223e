import { Literal } from './jsonBytes';
import type { TextMemo } from './textMemo';

/**
 * What of a JSON document is wanted; everything else is only checked and skipped. `field` is the number by which the sink
 * is told. Shapes may contain themselves (`members` and `items` may be filled in later): nesting has no bound.
 */
export type JsonShape =
  | { readonly kind: 'value'; readonly field: number }
  | {
      readonly kind: 'object';
      readonly field: number;
      readonly members: Readonly<Record<string, JsonShape>>;
      /** Often spelt the same: read once and remembered here, then told by the number that the sink gave it. Holds no such object itself. */
      readonly repeats?: TextMemo;
      /** In a list: mostly spelt in a way that the sink reads by itself. */
      readonly usual?: boolean;
    }
  | { readonly kind: 'array'; readonly field: number; readonly items: JsonShape };

export const VALUE = 0;
export const OBJECT = 1;
export const ARRAY = 2;

/** A place in the document where a value may stand, compiled from its shape. */
export class Place {
  /** Of an array. */
  items: Place | undefined;
  /** Of an object. */
  members: readonly Member[] = [];
  /** The member that the last object here began with, the one seen last, and the one that followed it before. */
  first: Member | undefined;
  last: Member | undefined;
  guess: Member | undefined;
  memo: TextMemo | undefined;
  isUsual = false;

  constructor(
    readonly kind: typeof VALUE | typeof OBJECT | typeof ARRAY,
    /** -1 where nobody wants the value. */
    readonly field: number,
  ) {}
}

/** A wanted member of an object. Objects of one place mostly have their keys in one order, so the next key is guessed. */
export class Member {
  next: Member | undefined;
  /** The name in UTF-8. */
  readonly bytes: Uint8Array;
  /** The same up to the value, closing quote and colon included. */
  readonly text: Literal;

  constructor(
    readonly name: string,
    readonly place: Place,
  ) {
    this.bytes = new TextEncoder().encode(name);
    this.text = new Literal(`${name}":`);
  }
}

export const skippedValue = new Place(VALUE, -1);
export const skippedObject = new Place(OBJECT, -1);
export const skippedArray = new Place(ARRAY, -1);
skippedArray.items = skippedValue;

export function compileShape(root: JsonShape): Place {
  const places = new Map<JsonShape, Place>();
  const waiting: JsonShape[] = [];
  const placeOf = (shape: JsonShape): Place => {
    let place = places.get(shape);
    if (!place) {
      place = new Place(shape.kind === 'value' ? VALUE : shape.kind === 'object' ? OBJECT : ARRAY, shape.field);
      places.set(shape, place);
      waiting.push(shape);
    }
    return place;
  };
  const compiled = placeOf(root);
  for (let shape = waiting.pop(); shape; shape = waiting.pop()) {
    const place = placeOf(shape);
    if (shape.kind === 'array') place.items = placeOf(shape.items);
    if (shape.kind === 'object') {
      place.memo = shape.repeats;
      place.isUsual = shape.usual === true;
      place.members = Object.entries(shape.members).map(([name, member]) => new Member(name, placeOf(member)));
    }
  }
  return compiled;
}
