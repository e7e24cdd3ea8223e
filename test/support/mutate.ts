/** Numbers from 0 to 1 that are the same in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TOKENS = [
  'null',
  'true',
  '-1',
  '0',
  '1e999',
  '-1e999',
  '1e308',
  '9007199254740993',
  '0.5',
  '""',
  '[]',
  '{}',
  '"\\ud800"',
  '"(root)"',
  '[null]',
  '{"id":1}',
  '-',
  ',',
  '}',
  ']',
  '\\',
  '\0',
];

/** A few changes of the bytes: flipped, cut out, doubled, moved, broken off, and values put in the place of others. */
export function mutateText(text: string, random: () => number): string {
  const at = (length: number): number => Math.floor(random() * (length + 1));
  let result = text;
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
    const start = at(result.length);
    const end = Math.min(result.length, start + at(random() < 0.8 ? 12 : result.length - start));
    switch (Math.floor(random() * 7)) {
      case 0:
        result = result.slice(0, start) + String.fromCharCode(Math.floor(random() * 128)) + result.slice(start + 1);
        break;
      case 1:
        result = result.slice(0, start) + result.slice(end);
        break;
      case 2:
        result = result.slice(0, end) + result.slice(start, end) + result.slice(end);
        break;
      case 3:
        result = result.slice(0, start);
        break;
      case 4: {
        const other = at(result.length);
        result = result.slice(0, other) + result.slice(start, end) + result.slice(other);
        break;
      }
      default:
        // Mostly valid JSON: these reach the code behind the parser.
        result = replaceValue(result, start, TOKENS[Math.floor(random() * TOKENS.length)]);
    }
  }
  return result;
}

/** The same of bytes: also single bits, runs of one byte, and lengths that lie. */
export function mutateBytes(bytes: Uint8Array, random: () => number): Uint8Array {
  const at = (length: number): number => Math.floor(random() * (length + 1));
  let result = Uint8Array.from(bytes);
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
    const start = at(result.length);
    const end = Math.min(result.length, start + at(random() < 0.8 ? 12 : result.length - start));
    const joined = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.concat(parts));
    switch (Math.floor(random() * 7)) {
      case 0:
        if (start < result.length) result[start] ^= 1 << Math.floor(random() * 8);
        break;
      case 1:
        result.fill(random() < 0.5 ? 255 : Math.floor(random() * 256), start, end);
        break;
      case 2:
        result = joined(result.subarray(0, start), result.subarray(end));
        break;
      case 3:
        result = joined(result.subarray(0, end), result.subarray(start));
        break;
      case 4:
        if (random() < 0.3) result = result.slice(0, start);
        break;
      case 5: {
        const other = at(result.length);
        result = joined(result.subarray(0, other), result.subarray(start, end), result.subarray(other));
        break;
      }
      default:
        if (start < result.length) result[start] = Math.floor(random() * 256);
    }
  }
  return result;
}

/** Puts `token` in the place of the number or string that begins at or after `from`. */
function replaceValue(text: string, from: number, token: string): string {
  const value = /(?<=[:[,])(?:-?\d[\d.eE+-]*|"[^"\\]*")(?=[,\]}])/g;
  value.lastIndex = from;
  const match = value.exec(text);
  return match ? text.slice(0, match.index) + token + text.slice(match.index + match[0].length) : text;
}

/** Changes of the parsed value that keep it JSON: members removed, doubled, exchanged, replaced; nodes linked in circles. */
export function mutateValue(value: unknown, random: () => number): unknown {
  const copy = JSON.parse(JSON.stringify(value)) as unknown;
  for (let changes = 1 + Math.floor(random() * 5); changes > 0; changes--) {
    const containers: (Record<string, unknown> | unknown[])[] = [];
    collect(copy, containers);
    const container = containers[Math.floor(random() * containers.length)] as Record<string, unknown>;
    const keys = Object.keys(container);
    if (keys.length === 0) continue;
    const key = keys[Math.floor(random() * keys.length)];
    const other = keys[Math.floor(random() * keys.length)];
    switch (Math.floor(random() * 5)) {
      case 0:
        if (Array.isArray(container)) container.splice(Number(key), 1);
        else delete container[key];
        break;
      case 1:
        container[key] = container[other];
        break;
      case 2:
        if (Array.isArray(container)) container.push(container[Number(key)]);
        else container[`${key}x`] = container[key];
        break;
      case 3:
        container[key] = oddValue(random);
        break;
      default:
        if (typeof container[key] === 'number') container[key] = Math.floor(random() * 40) - 3;
        else container[key] = oddValue(random);
    }
  }
  return copy;
}

function collect(value: unknown, into: (Record<string, unknown> | unknown[])[]): void {
  const stack = [value];
  while (stack.length) {
    const next = stack.pop();
    if (typeof next !== 'object' || next === null || into.includes(next as unknown[]) || into.length > 400) continue;
    into.push(next as unknown[]);
    stack.push(...Object.values(next));
  }
}

function oddValue(random: () => number): unknown {
  const values = [
    null,
    true,
    '',
    'x',
    -1,
    0,
    1,
    1.5,
    1e308,
    -1e308,
    Infinity,
    NaN,
    2 ** 53,
    {},
    [],
    [null],
    { id: 1, children: [1] },
    '__proto__',
    'file:///app/record.cjs',
  ];
  return values[Math.floor(random() * values.length)];
}
