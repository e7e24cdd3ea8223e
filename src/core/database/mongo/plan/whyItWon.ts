import { counted, inDigits } from '../../../words/numbers';
import type { Plan, Stage } from '../../plan';
import { type RejectedReasons, scoreText, type TrialNumbers } from '../../rejectedReasons';
import { asCount, asNumber, isDocument } from '../../../ejson/documents';

/** A plan that was not taken, with what decided against it. */
export interface WhyItWon extends Pick<RejectedReasons, 'trial' | 'reasons'> {
  readonly rejected: Stage;
  /** The plan that was taken instead: the root, or the part of it that reads the same collection on the same shard. */
  readonly winner: Stage;
}

/** Every rejected plan beside the winner, with what decided between them. */
export function whyItWon(plan: Plan): WhyItWon[] {
  const winners = new Map<string, Stage>();
  return plan.rejected.map((rejected) => {
    const key = JSON.stringify([rejected.shard, rejected.target]);
    const winner = winners.get(key) ?? winnerOf(plan.root, rejected);
    winners.set(key, winner);
    const trial = trialOf(winner, rejected);
    return {
      rejected,
      winner,
      ...(trial ? { trial } : {}),
      reasons: trial ? trialReasons(winner, rejected, trial) : shapeReasons(winner, rejected),
    };
  });
}

/** Stages that no planner chooses: what is around the plans of the shards, and the pipeline above a plan. */
const AROUND = /^(\$|SHARD_|SINGLE_SHARD)/;

function winnerOf(root: Stage, { shard, target: collection }: Stage): Stage {
  const open = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (stage.shard === shard && stage.target === collection && !AROUND.test(stage.name)) return stage;
    for (let i = stage.children.length - 1; i >= 0; i--) open.push(stage.children[i]);
  }
  return root;
}

function trialOf(winner: Stage, rejected: Stage): WhyItWon['trial'] {
  const { winnerTrial, trial } = rejected.fields;
  if (!isDocument(winnerTrial) || !isDocument(trial)) return undefined;
  return { winner: numbersOf(winnerTrial, winner), rejected: numbersOf(trial, rejected) };
}

function numbersOf(trial: Readonly<Record<string, unknown>>, root: Stage): TrialNumbers {
  const works = asCount(trial.works);
  const returned = asCount(trial.nReturned) ?? asCount(trial.advanced);
  const end = trial.isEOF;
  const reachedEnd = end === undefined ? undefined : end === true || asNumber(end) === 1;
  const told = asNumber(trial.score);
  const score = told ?? computedScore(works, returned, reachedEnd, root);
  return {
    works,
    returned,
    reachedEnd,
    entriesRead: asCount(trial.totalKeysExamined),
    rowsRead: asCount(trial.totalDocsExamined),
    score,
    scoreTold: told !== undefined,
  };
}

/**
 * One, what a step delivered, small bonuses for a plan without FETCH, SORT or an intersection of indexes, and one for having
 * come to its end. The planner of the classic engine takes the highest.
 */
function computedScore(
  works: number | undefined,
  returned: number | undefined,
  reachedEnd: boolean | undefined,
  root: Stage,
): number | undefined {
  if (works === undefined || works <= 0 || returned === undefined || reachedEnd === undefined) return undefined;
  const bonus = Math.min(1 / (10 * works), 1e-4);
  const { fetches, sorts, intersects } = shapeOf(root);
  const bonuses = [fetches, sorts, intersects].filter((has) => !has).length * bonus;
  return 1 + returned / works + bonuses + (reachedEnd ? 1 : 0);
}

interface Shape {
  readonly fetches: boolean;
  readonly sorts: boolean;
  readonly intersects: boolean;
  readonly scans: boolean;
}

function shapeOf(root: Stage): Shape {
  const names = new Set<string>();
  const open = [root];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    names.add(stage.name);
    for (const child of stage.children) open.push(child);
  }
  const has = (...some: readonly string[]): boolean => some.some((name) => names.has(name));
  return {
    fetches: has('FETCH'),
    sorts: has('SORT'),
    intersects: has('AND_HASH', 'AND_SORTED'),
    scans: has('COLLSCAN'),
  };
}

function trialReasons(winner: Stage, rejected: Stage, trial: NonNullable<WhyItWon['trial']>): string[] {
  const reasons = decidingReasons(winner, rejected, trial);
  const sorts = shapeOf(rejected).sorts && !shapeOf(winner).sorts;
  if (sorts && trial.rejected.returned === 0)
    reasons.push(
      'A sort in memory delivers nothing before it has read everything, so it looks idle for the whole trial.',
    );
  const [own, other] = [trial.winner.rowsRead, trial.rejected.rowsRead];
  if (own !== undefined && other !== undefined && own < other)
    reasons.push(`The winner read ${counted(own, 'document')} in the trial, this plan ${inDigits(other)}.`);
  return reasons;
}

function decidingReasons(
  winner: Stage,
  rejected: Stage,
  { winner: own, rejected: other }: NonNullable<WhyItWon['trial']>,
): string[] {
  const share = (numbers: TrialNumbers): number | undefined =>
    numbers.works && numbers.returned !== undefined ? numbers.returned / numbers.works : numbers.returned;
  const [ownShare, otherShare] = [share(own), share(other)];
  const during = own.works === undefined ? 'In the trial' : `In ${counted(own.works, 'step')} of the trial`;
  const amounts = `${during} the winner delivered ${counted(own.returned ?? 0, 'document')}, this plan ${inDigits(other.returned ?? 0)}.`;
  if (own.reachedEnd === true && other.reachedEnd === false) {
    const all = `The winner came to its end ${own.works === undefined ? 'in the trial' : `after ${counted(own.works, 'step')}`}, this plan did not: being finished counts most.`;
    return ownShare !== undefined && otherShare !== undefined && ownShare !== otherShare ? [all, amounts] : [all];
  }
  if (own.score !== undefined && other.score !== undefined && own.score < other.score) {
    return [
      'By the numbers of the trial this plan did better. The winner may come from the plan cache, or the collection has changed since.',
      amounts,
    ];
  }
  if (ownShare !== undefined && otherShare !== undefined && ownShare > otherShare) return [amounts];
  const saved = tieBreakers(winner, rejected);
  const same =
    ownShare !== undefined && ownShare === otherShare
      ? `Both delivered ${counted(own.returned ?? 0, 'document')}${own.works === undefined ? '' : ` in ${counted(own.works, 'step')}`}`
      : '';
  if (saved.length)
    return [
      same
        ? `${same}; the winner does it without ${saved.join(' and ')}, which breaks the tie.`
        : `The winner does without ${saved.join(' and ')}.`,
    ];
  if (own.score !== undefined && other.score !== undefined && own.score > other.score)
    return [`The planner scored the winner ${scoreText(own.score)}, this plan ${scoreText(other.score)}.`];
  return [
    `${same || 'Both scored the same'}, and nothing else tells them apart: the planner took the one that it had made first. Either could run the next time.`,
  ];
}

function tieBreakers(winner: Stage, rejected: Stage): string[] {
  const [own, other] = [shapeOf(winner), shapeOf(rejected)];
  return [
    !own.fetches && other.fetches ? 'reading documents' : '',
    !own.sorts && other.sorts ? 'a sort in memory' : '',
    !own.intersects && other.intersects ? 'an intersection of indexes' : '',
  ].filter(Boolean);
}

/** What the plans alone tell, where no trial does. */
function shapeReasons(winner: Stage, rejected: Stage): string[] {
  const saved = tieBreakers(winner, rejected);
  const scans = shapeOf(rejected).scans && !shapeOf(winner).scans;
  const all = scans ? [...saved, 'reading the whole collection'] : saved;
  return all.length ? [`The winner does without ${all.join(' and ')}.`] : [];
}
