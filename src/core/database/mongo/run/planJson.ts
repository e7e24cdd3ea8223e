import type { ExplainRun } from '../../explainRun';
import type { Finding } from '../../finding';
import type { IndexSuggestion } from '../../indexes';
import type { Plan, Stage } from '../../plan';

/**
 * What `heatlens plan --json` and `heatlens explain --json` print, with the names that MongoDB has for everything. Scripts read
 * it: names and order stay as they are.
 */
export function planJson({
  plan,
  findings,
  suggestions,
}: Pick<ExplainRun, 'plan' | 'findings' | 'suggestions'>): Readonly<Record<string, unknown>> {
  const { namespace, command, engine, executed, failure, totals, root, rejected, facts, problems } = plan;
  return {
    namespace,
    command,
    engine,
    executed,
    ...(failure ? { failure: failureJson(failure) } : {}),
    totals: renamed(totals, TOTALS),
    root: stageJson(root),
    rejected: rejected.map(stageJson),
    findings: findings.map(findingJson),
    suggestions: suggestions.map(suggestionJson),
    facts,
    problems,
  };
}

function failureJson({ timedOut: _timedOut, ...told }: NonNullable<Plan['failure']>): object {
  return told;
}

export function findingJson({ title: _title, ...told }: Finding): object {
  return told;
}

export function suggestionJson({ target, columns, options, reason, replaces }: IndexSuggestion): object {
  return { collection: target, key: columns, options, reason, replaces };
}

type Names = Readonly<Record<string, string>>;

const TOTALS: Names = {
  returned: 'returned',
  entriesRead: 'keysExamined',
  rowsRead: 'docsExamined',
  millis: 'millis',
} satisfies Record<keyof Plan['totals'], string>;

/** What is left out is in `fields` already. */
const STAGE: Names = {
  name: 'name',
  index: 'index',
  indexColumns: 'keyPattern',
  bounds: 'bounds',
  filter: 'filter',
  returned: 'returned',
  entriesRead: 'keysExamined',
  rowsRead: 'docsExamined',
  millis: 'millis',
  selfMillis: 'selfMillis',
  spilled: 'spilled',
  shard: 'shard',
  target: 'collection',
  fields: 'fields',
  children: 'children',
} satisfies Partial<Record<keyof Stage, string>>;

/** The entries that have a name, in their order. */
function renamed(from: object, names: Names): Record<string, unknown> {
  const entries = Object.entries(from).flatMap(([key, value]): [string, unknown][] =>
    Object.hasOwn(names, key) ? [[names[key], value]] : [],
  );
  return Object.fromEntries(entries);
}

/** Plans are deep: nothing here recurses. */
function stageJson(root: Stage): Record<string, unknown> {
  const top = renamed(root, STAGE);
  const open = [top];
  for (let stage = open.pop(); stage; stage = open.pop()) {
    const children = (stage.children as readonly Stage[]).map((child) => renamed(child, STAGE));
    stage.children = children;
    for (const child of children) open.push(child);
  }
  return top;
}
