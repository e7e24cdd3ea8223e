import { nodeBinaries, type NodeBinary } from '../support/nodeVersions';

export const PART_NAMES = [
  'overhead',
  'interrupts',
  'threads',
  'stall',
  'refresh',
  'memory',
  'editor',
  'sources',
  'accuracy',
  'profiles',
  'flame',
  'drawing',
  'mongo',
] as const;
export type PartName = (typeof PART_NAMES)[number];

export interface BenchOptions {
  readonly quick: boolean;
  readonly only: readonly PartName[];
  /** The Node versions that serve as targets. */
  readonly nodes: readonly NodeBinary[];
  /** Names of the profiled variants of the overhead part; undefined for those that have a limit. */
  readonly variants: readonly string[] | undefined;
}

export const usage = `npm run bench -- [--quick] [--only=PART,…] [--nodes=20,22,…] [--variants=NAME,…]
Parts: ${PART_NAMES.join(', ')}. Variants belong to the part overhead: default, fine, exact, and cpu5, cpu1, heap32k,
heap128k, heap512k, live128k, allocated128k, … to find where a cost comes from.`;

/** Throws an Error with the usage. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const values = new Map<string, string>();
  for (const arg of args) {
    const match = /^--(quick|only|nodes|variants)(?:=(.+))?$/.exec(arg);
    if (!match || (match[1] === 'quick') !== (match[2] === undefined))
      throw new Error(`Unknown option ${arg}.\n${usage}`);
    values.set(match[1], match[2] ?? '');
  }
  const list = (name: string): string[] | undefined => values.get(name)?.split(',');
  const only = list('only') ?? PART_NAMES;
  const unknown = only.filter((name) => !PART_NAMES.some((part) => part === name));
  if (unknown.length) throw new Error(`Unknown part ${unknown.join(', ')}.\n${usage}`);
  const quick = values.has('quick');
  const versions = list('nodes') ?? (quick ? ['22'] : ['22', '24']);
  const nodes = nodeBinaries().filter(({ version }) => versions.includes(String(version)));
  if (nodes.length !== versions.length)
    throw new Error(`Nodes are of 20, 22, 24 and 26, not ${versions.join(', ')}.\n${usage}`);
  return { quick, only: PART_NAMES.filter((name) => only.includes(name)), nodes, variants: list('variants') };
}
