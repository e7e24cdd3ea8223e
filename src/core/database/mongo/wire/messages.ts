import { t } from '@vscode/l10n';

/** A document has 16 MiB at most, a reply the same and some; the rest is the envelope. */
const MOST_MESSAGE_BYTES = 16 * 1024 * 1024 + 64 * 1024;
/** Values in one message: half a million documents of three fields. Each becomes an object or two. */
export const MOST_VALUES = 1_500_000;
/** A server stores 100 levels and answers with 200 at most. */
const DEEPEST_VALUE = 250;

const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_MSG = 2013;

/** Checks the beginnings of messages as their bytes arrive. */
export interface MessageGuard {
  /** Why the bytes are not to be read, before any of them is kept; undefined when they may be. */
  add(chunk: Uint8Array): string | undefined;
}

/** The length of each message is known before it is collected; compressed ones are refused: none is asked for. */
export function createMessageGuard(): MessageGuard {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  let collected = 0;
  let open = 0;
  return {
    add(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (open > 0) {
          const part = Math.min(open, chunk.length - at);
          open -= part;
          at += part;
          continue;
        }
        const part = Math.min(HEADER_BYTES - collected, chunk.length - at);
        header.set(chunk.subarray(at, at + part), collected);
        collected += part;
        at += part;
        if (collected >= 4) {
          const length = view.getInt32(0, true);
          if (length <= HEADER_BYTES || length > MOST_MESSAGE_BYTES)
            return t('it announces a message of {0} bytes', length);
        }
        if (collected < HEADER_BYTES) continue;
        const code = view.getInt32(12, true);
        if (code !== OP_MSG && code !== OP_REPLY)
          return t('it sends a message of the kind {0}, which was not asked for', code);
        open = view.getInt32(0, true) - HEADER_BYTES;
        collected = 0;
      }
      return undefined;
    },
  };
}

/** Why the documents of a whole message are not to be read: malformed, too many values, or nested too deep. */
export function messageProblem(message: Uint8Array): string | undefined {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const isReply = view.getInt32(12, true) === OP_REPLY;
  const start = isReply ? HEADER_BYTES + 20 : HEADER_BYTES + 5;
  if (message.length < start + 5) return t('its message is too short');
  if (!isReply && message[HEADER_BYTES + 4] !== 0) return t('its message has no document first');
  return documentProblem(view, start);
}

const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [6, 0],
  [7, 12],
  [8, 1],
  [9, 8],
  [10, 0],
  [16, 4],
  [17, 8],
  [18, 8],
  [19, 16],
  [127, 0],
  [255, 0],
]);

const malformed = (): string => t('a document of its answer is malformed');

/** Walks a BSON document without making anything of it. */
function documentProblem(view: DataView, start: number): string | undefined {
  const size = view.byteLength;
  /** Ends of the documents that are open. */
  const ends: number[] = [];
  let values = 0;
  let at = start;
  const enter = (): boolean => {
    if (at + 5 > size) return false;
    const length = view.getInt32(at, true);
    const end = at + length;
    if (length < 5 || end > (ends.at(-1) ?? size)) return false;
    ends.push(end);
    at += 4;
    return true;
  };
  const text = (limit: number): boolean => {
    if (at + 5 > limit) return false;
    const length = view.getInt32(at, true);
    if (length < 1 || at + 4 + length > limit) return false;
    at += 4 + length;
    return view.getUint8(at - 1) === 0;
  };
  const name = (limit: number): boolean => {
    while (at < limit && view.getUint8(at) !== 0) at++;
    return at++ < limit;
  };
  if (!enter()) return malformed();
  for (let end = ends.at(-1); end !== undefined; end = ends.at(-1)) {
    if (at >= end) return malformed();
    const type = view.getUint8(at++);
    if (type === 0) {
      if (at !== end) return malformed();
      ends.pop();
      continue;
    }
    if (++values > MOST_VALUES) return t('an answer of it has more than {0} values', MOST_VALUES);
    if (!name(end)) return malformed();
    const fixed = FIXED_BYTES.get(type);
    if (fixed !== undefined) {
      at += fixed;
      if (at > end) return malformed();
    } else if (type === 3 || type === 4) {
      if (ends.length >= DEEPEST_VALUE) return t('an answer of it is nested more than {0} levels deep', DEEPEST_VALUE);
      if (!enter()) return malformed();
    } else if (type === 2 || type === 13 || type === 14) {
      if (!text(end)) return malformed();
    } else if (type === 5) {
      if (at + 5 > end) return malformed();
      const length = view.getInt32(at, true);
      if (length < 0 || at + 5 + length > end) return malformed();
      at += 5 + length;
    } else if (type === 11) {
      if (!name(end) || !name(end)) return malformed();
    } else if (type === 12) {
      if (!text(end) || at + 12 > end) return malformed();
      at += 12;
    } else if (type === 15) {
      at += 4;
      if (!text(end) || ends.length >= DEEPEST_VALUE || !enter()) return malformed();
    } else return malformed();
  }
  return undefined;
}
