import type { LinePlaces } from '../methodResolver';
import type { Candidate } from './candidates';
import type { FunctionKey } from './functionKeys';
import type { Group } from './groups';
import type { MemberPlace } from './members';

/** Interrupt samples below which a line that several members have is not divided. */
const FEWEST_SAMPLES = 8;

/** Where the samples of one line of a physical function belong. */
export interface LinePart {
  readonly key: FunctionKey;
  /** 0..1 of the line. */
  readonly share: number;
  readonly places: LinePlaces;
  /** See `Candidate`. */
  readonly isCaller?: boolean;
}

export interface DividedLine {
  readonly parts: readonly LinePart[];
  /** Others that may have had some of it: the parts are a guess between them. */
  readonly doubtful: readonly FunctionKey[];
}

export interface Division {
  readonly lines: ReadonlyMap<number, DividedLine>;
  /** µs by member, of lines that it alone has. */
  readonly settled: ReadonlyMap<FunctionKey, number>;
  /** Variance of what a member got of lines that several have, µs². */
  readonly variance: ReadonlyMap<FunctionKey, number>;
}

/**
 * Divides the samples of a physical function by their lines. A line that one of its members alone has is that one's. One that several
 * have is divided by how much each is short of its share of the interrupt samples.
 *
 * @param lines µs by line
 * @param candidates who has the line
 * @param below µs of samples in frames of the member's own below the physical function
 */
export function divideLines(
  physical: FunctionKey,
  lines: ReadonlyMap<number, number>,
  candidates: (line: number) => readonly Candidate[],
  group: Group,
  members: ReadonlyMap<FunctionKey, MemberPlace>,
  below: () => ReadonlyMap<FunctionKey, number>,
): Division {
  const divided = new Map<number, DividedLine>();
  const settled = new Map<FunctionKey, number>();
  const shared: SharedLine[] = [];
  let total = 0;
  for (const [line, us] of lines) {
    total += us;
    const possible = candidates(line);
    if (possible.length > 1) shared.push({ line, us, candidates: possible });
    else if (possible.length === 1) {
      const [{ key, places }] = possible;
      divided.set(line, { parts: [{ key, share: 1, places }], doubtful: [] });
      settled.set(key, (settled.get(key) ?? 0) + us);
    } else if (physical < 0) shared.push({ line, us, candidates: headsOf(group), isUnknown: true });
    else divided.set(line, NOBODY_KNOWN);
  }
  const variance = new Map<FunctionKey, number>();
  if (!shared.length) return { lines: divided, settled, variance };

  // What Node itself inlines counts as the physical function's: nobody has its text at hand.
  const headOf = (key: FunctionKey): FunctionKey =>
    key < 0 || key === physical ? physical : (members.get(key)?.head ?? key);
  const missing = missingTime(physical, group, settled, total, below(), headOf);
  for (const each of shared) {
    const byHead = groupByHead(each.candidates, headOf);
    const shares = sharesOf([...byHead.keys()], missing, group);
    if (!shares) {
      divided.set(each.line, each.isUnknown ? NOBODY_KNOWN : undecided(physical, each.candidates));
      continue;
    }
    const parts: LinePart[] = [];
    const doubtful: FunctionKey[] = [];
    for (const [head, list] of byHead) {
      const chosen = likeliest(list, head, settled);
      const share = shares.get(head)!;
      if (share > 0) {
        doubtful.push(...doubtsOf(chosen, list, members));
        parts.push({ key: chosen.key, share, places: chosen.places, isCaller: chosen.isCaller });
      }
      if (byHead.size > 1)
        variance.set(chosen.key, (variance.get(chosen.key) ?? 0) + varianceOf(head, group, total, each.us));
    }
    divided.set(each.line, { parts, doubtful });
  }
  return { lines: divided, settled, variance };
}

function groupByHead(
  candidates: readonly Candidate[],
  headOf: (key: FunctionKey) => FunctionKey,
): Map<FunctionKey, Candidate[]> {
  const byHead = new Map<FunctionKey, Candidate[]>();
  for (const candidate of candidates) {
    const list = byHead.get(headOf(candidate.key));
    if (list) list.push(candidate);
    else byHead.set(headOf(candidate.key), [candidate]);
  }
  return byHead;
}

/** Of several that no sample tells apart: the one that was seen, else the one with most time on lines that it alone has. */
function likeliest(
  list: readonly Candidate[],
  head: FunctionKey,
  settled: ReadonlyMap<FunctionKey, number>,
): Candidate {
  const timeOf = ({ key }: Candidate): number => (key === head ? Infinity : (settled.get(key) ?? 0));
  return list.reduce((best, each) => (timeOf(each) > timeOf(best) ? each : best));
}

/** By head, 0..1; undefined where there are too few samples to tell. */
function sharesOf(
  heads: readonly FunctionKey[],
  missing: ReadonlyMap<FunctionKey, number>,
  group: Group,
): Map<FunctionKey, number> | undefined {
  const sum = heads.reduce((all, head) => all + (missing.get(head) ?? 0), 0);
  if (group.samples < FEWEST_SAMPLES || sum <= 0) return undefined;
  return new Map(heads.map((head) => [head, (missing.get(head) ?? 0) / sum]));
}

/** Of so many samples (binomial), and never more than all or nothing of the line. */
function varianceOf(head: FunctionKey, { members, samples }: Group, totalUs: number, lineUs: number): number {
  const seen = (members.get(head)?.samples ?? 0) / samples;
  return Math.min((totalUs ** 2 * seen * (1 - seen)) / samples, lineUs ** 2 / 4);
}

/** Of a line that the chosen one gets: who else may have some of it, that one itself included. */
function doubtsOf(
  { key, isCaller }: Candidate,
  sameHead: readonly Candidate[],
  members: ReadonlyMap<FunctionKey, MemberPlace>,
): FunctionKey[] {
  if (sameHead.length > 1) return sameHead.map((each) => each.key);
  if (!isCaller) return [];
  const unseen = [...members].filter(([, { head, kind }]) => head === key && kind === 'bound').map(([each]) => each);
  return unseen.length ? [key, ...unseen] : [];
}

/** Stays with the physical function. */
const NOBODY_KNOWN: DividedLine = { parts: [], doubtful: [] };

interface SharedLine {
  readonly line: number;
  readonly us: number;
  readonly candidates: readonly Candidate[];
  /**
   * None of the members has the line: it is of something that one of them calls. A function of Node's own, or one that is in no
   * source, is not where anybody looks for it.
   */
  readonly isUnknown?: boolean;
}

function headsOf({ members }: Group): Candidate[] {
  return [...members.keys()].filter((key) => key >= 0).map((key) => ({ key, places: { methods: [] }, isCaller: true }));
}

function undecided(physical: FunctionKey, possible: readonly Candidate[]): DividedLine {
  const own = possible.find(({ key }) => key === physical);
  return {
    parts: own ? [{ key: physical, share: 1, places: own.places }] : [],
    doubtful: possible.map(({ key }) => key),
  };
}

/** By head of members: µs that its samples are short of its share of the interrupt samples. */
function missingTime(
  physical: FunctionKey,
  group: Group,
  settled: ReadonlyMap<FunctionKey, number>,
  total: number,
  below: ReadonlyMap<FunctionKey, number>,
  headOf: (key: FunctionKey) => FunctionKey,
): Map<FunctionKey, number> {
  const had = new Map<FunctionKey, number>();
  const add = (key: FunctionKey, us: number): void => void had.set(headOf(key), (had.get(headOf(key)) ?? 0) + us);
  for (const [key, us] of settled) add(key, us);
  let all = total;
  for (const [key, us] of below) {
    if (key !== physical && !group.members.has(key)) continue;
    add(key, us);
    all += us;
  }
  const missing = new Map<FunctionKey, number>();
  for (const key of new Set([physical, ...group.members.keys()])) {
    const samples = group.members.get(key)?.samples ?? 0;
    const head = headOf(key);
    missing.set(head, (missing.get(head) ?? 0) + (all * samples) / Math.max(1, group.samples));
  }
  for (const [key, us] of had) missing.set(key, (missing.get(key) ?? 0) - us);
  for (const [key, us] of missing) if (us < 0) missing.set(key, 0);
  return missing;
}
