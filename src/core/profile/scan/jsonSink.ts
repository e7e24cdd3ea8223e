/** Is told what stands at the wanted places, in the order of the document. A key that occurs twice is told twice. */
export interface JsonSink {
  number(field: number, value: number): void;
  /** `bytes` from `start` to `end` are the text between the quotes, in UTF-8, valid until this returns; see `decodeString`. */
  string(field: number, bytes: Uint8Array, start: number, end: number, escaped: boolean): void;
  /** Something else than the shape says: true, false or null, a scalar where a container belongs, or a container. */
  other(field: number, isContainer: boolean): void;
  open(field: number): void;
  /** Returns what `again` is to tell of an object that repeats, which is 0 or more; anything of the others. */
  close(field: number): number;
  /** Instead of all that is in an object that repeats. */
  again(field: number, value: number): void;
  /**
   * Objects of a list whose shape is `usual` begin at `pos`. The sink may read some of them by itself, with the commas
   * between them, and returns where the last one ends that it knows to be JSON; -1 to be told of the first one.
   */
  usual(bytes: Uint8Array, view: DataView, pos: number, length: number): number;
}

/** The text is not JSON. */
export class JsonError extends Error {
  constructor(
    why: string,
    /** Bytes before the place. */
    readonly offset: number,
  ) {
    super(`${why} at byte ${offset}`);
  }
}
