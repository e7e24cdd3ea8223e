import { TextMemo } from './textMemo';

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
      /** Often spelt the same: read once, then told by the number that the sink gave it. Holds no such object itself. */
      readonly repeats?: boolean;
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
  /** The same up to the value, closing quote and colon included: four bytes at a time, and the bytes that are left over. */
  readonly words: Int32Array;
  readonly rest: Uint8Array;

  constructor(
    readonly name: string,
    readonly place: Place,
  ) {
    const encoder = new TextEncoder();
    const text = encoder.encode(`${name}":`);
    const view = new DataView(text.buffer);
    this.bytes = encoder.encode(name);
    this.words = Int32Array.from({ length: text.length >> 2 }, (_, n) => view.getInt32(n * 4, true));
    this.rest = text.slice(this.words.length * 4);
  }

  /** Behind the member's text, where it stands at `start`; -1 where it does not. */
  endAt(view: DataView, start: number, length: number): number {
    const { words, rest } = this;
    const restStart = start + words.length * 4;
    const end = restStart + rest.length;
    if (end > length) return -1;
    for (let n = 0; n < words.length; n++) if (view.getInt32(start + n * 4, true) !== words[n]) return -1;
    for (let n = 0; n < rest.length; n++) if (view.getUint8(restStart + n) !== rest[n]) return -1;
    return end;
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
      if (shape.repeats) place.memo = new TextMemo();
      place.members = Object.entries(shape.members).map(([name, member]) => new Member(name, placeOf(member)));
    }
  }
  return compiled;
}
