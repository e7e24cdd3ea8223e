import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { GrowableInt32 } from '../../src/core/collections/growable';
import { randomNumbers } from './mutate';

/** A CPU profile of a service that never ran, in columns; node 0 is V8's root, and ids are indices plus one. */
export interface SyntheticProfile {
  readonly functions: readonly SyntheticFunction[];
  /** Index into `functions`, by node. */
  readonly nodeFunctions: Int32Array;
  /** By node; -1 for the root. */
  readonly parents: Int32Array;
  /** Node of each sample. */
  readonly samples: Int32Array;
  /** µs between samples. */
  readonly deltas: Int32Array;
}

export interface SyntheticFunction {
  readonly name: string;
  readonly scriptId: number;
  readonly url: string;
  /** 0-based; -1 for V8's own. */
  readonly line: number;
  readonly column: number;
}

const FUNCTIONS = 6_000;
const FUNCTIONS_PER_FILE = 25;
const CALLEES = 7;
const DEEPEST = 60;
const INTERVAL_US = 1_000;
const START_US = 48_211_003_117;
const OWN = ['(root)', '(program)', '(idle)', '(garbage collector)'];
const PACKAGES = [
  '',
  '',
  '',
  'node_modules/express/',
  'node_modules/mongodb/',
  'node_modules/@hapi/joi/',
  'node_modules/body-parser/',
];
const VERBS = ['handle', 'parse', 'load', 'resolve', 'compute', 'send', 'render', 'validate', 'merge', 'fetch'];
const NOUNS = ['Request', 'Order', 'Price', 'Catalog', 'Session', 'Document', 'Stream', 'Payload', 'Route', 'Entry'];

/**
 * The same profile for the same number of samples, on every machine. A stack wanders: each sample leaves some calls and
 * makes some others, favourites mostly, so that distinct stacks grow more slowly than samples, as they do in a service.
 */
export function syntheticProfile(sampleCount: number, seed = 7): SyntheticProfile {
  const random = randomNumbers(seed);
  const functions = Array.from({ length: FUNCTIONS }, (_, n) => syntheticFunction(n));
  const callees = Int32Array.from(
    { length: FUNCTIONS * CALLEES },
    () => OWN.length + Math.floor(random() * (FUNCTIONS - OWN.length)),
  );
  const tree = growingTree();
  const own = [1, 2, 3].map((n) => tree.child(0, n));
  const stack = new Int32Array(DEEPEST + 1);
  let depth = 0;
  const samples = new Int32Array(sampleCount);
  const deltas = new Int32Array(sampleCount);
  for (let n = 0; n < sampleCount; n++) {
    deltas[n] = n ? INTERVAL_US - 40 + Math.floor(random() * 80) : 2_719;
    const kind = random();
    if (kind < 0.01) {
      samples[n] = own[Math.floor((kind / 0.01) * 3)];
      continue;
    }
    let pops = random() < 0.04 ? depth : 0;
    while (pops < depth && random() < 0.55) pops++;
    depth -= pops;
    const most = Math.min(DEEPEST, depth + 1 + Math.floor(random() * 2.7 * (1 - depth / 80)));
    for (; depth < most; depth++) {
      const caller = tree.functionOf(stack[depth]);
      const pick = caller * CALLEES + Math.floor(random() ** 12.5 * CALLEES);
      stack[depth + 1] = tree.child(stack[depth], callees[pick]);
    }
    samples[n] = stack[depth];
  }
  return { functions, ...tree.columns(), samples, deltas };
}

function syntheticFunction(n: number): SyntheticFunction {
  if (n < OWN.length) return { name: OWN[n], scriptId: 0, url: '', line: -1, column: -1 };
  const file = Math.floor(n / FUNCTIONS_PER_FILE);
  const from = PACKAGES[file % PACKAGES.length];
  const name = n % 11 === 0 ? '' : `${VERBS[n % VERBS.length]}${NOUNS[Math.floor(n / 10) % NOUNS.length]}${n}`;
  const isNode = file % 29 === 3;
  return {
    name,
    scriptId: 60 + file,
    url: isNode ? `node:internal/part${file}` : `file:///srv/shop/${from || 'src/'}module${file}.js`,
    line: (n % FUNCTIONS_PER_FILE) * 14 + 3,
    column: (n * 7) % 40,
  };
}

/** One child per parent and function, in the order of their first sample. */
function growingTree() {
  const parents = new GrowableInt32();
  const functionOfNode = new GrowableInt32();
  const firstChild = new GrowableInt32();
  const nextSibling = new GrowableInt32();
  const add = (parent: number, method: number): number => {
    const node = parents.length;
    const elder = parent < 0 ? -1 : firstChild.get(parent);
    parents.push(parent);
    functionOfNode.push(method);
    firstChild.push(-1);
    nextSibling.push(elder);
    if (parent >= 0) firstChild.view()[parent] = node;
    return node;
  };
  add(-1, 0);
  return {
    functionOf: (node: number): number => functionOfNode.get(node),
    child(parent: number, method: number): number {
      for (let node = firstChild.get(parent); node >= 0; node = nextSibling.get(node))
        if (functionOfNode.get(node) === method) return node;
      return add(parent, method);
    },
    columns: () => ({ parents: parents.view().slice(), nodeFunctions: functionOfNode.view().slice() }),
  };
}

/** The profile as V8 writes it, in pieces of some 100 kB. */
export function* cpuProfileText(profile: SyntheticProfile): Generator<string> {
  const { functions, nodeFunctions, parents, samples, deltas } = profile;
  const count = parents.length;
  const hits = new Int32Array(count);
  for (const node of samples) hits[node]++;
  const firstChild = new Int32Array(count).fill(-1);
  const nextSibling = new Int32Array(count).fill(-1);
  for (let node = count - 1; node > 0; node--) {
    nextSibling[node] = firstChild[parents[node]];
    firstChild[parents[node]] = node;
  }
  const frames = functions.map(({ name, scriptId, url, line, column }) =>
    JSON.stringify({ functionName: name, scriptId: String(scriptId), url, lineNumber: line, columnNumber: column }),
  );
  let text = '{"nodes":[';
  for (let node = 0; node < count; node++) {
    const children: number[] = [];
    for (let child = firstChild[node]; child >= 0; child = nextSibling[child]) children.push(child + 1);
    text += `${node ? ',' : ''}{"id":${node + 1},"callFrame":${frames[nodeFunctions[node]]},"hitCount":${hits[node]}`;
    if (children.length) text += `,"children":[${children.join()}]`;
    const { line } = functions[nodeFunctions[node]];
    if (hits[node] && line >= 0) text += `,"positionTicks":[${ticks(line, node, hits[node])}]`;
    text += '}';
    if (text.length < 100_000) continue;
    yield text;
    text = '';
  }
  const endUs = deltas.reduce((sum, delta) => sum + delta, START_US) + 517;
  yield `${text}],"startTime":${START_US},"endTime":${endUs},"samples":[`;
  yield* numbers(samples, 1);
  yield '],"timeDeltas":[';
  yield* numbers(deltas, 0);
  yield ']}';
}

function ticks(line: number, node: number, hits: number): string {
  const first = { line: line + 2 + (node % 5), ticks: hits > 2 ? hits - 1 : hits };
  return JSON.stringify(hits > 2 ? [first, { line: line + 9, ticks: 1 }] : [first]).slice(1, -1);
}

function* numbers(values: Int32Array, add: number): Generator<string> {
  for (let from = 0; from < values.length; from += 16_384) {
    const text = Array.from(values.subarray(from, from + 16_384), (value) => value + add).join();
    yield from ? `,${text}` : text;
  }
}

/** Resolves to the file's size in bytes. Writes as it goes, so that ten million samples take little memory. */
export async function writeSyntheticProfile(path: string, profile: SyntheticProfile): Promise<number> {
  const file = createWriteStream(path);
  for (const text of cpuProfileText(profile)) if (!file.write(text)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
  return file.bytesWritten;
}
