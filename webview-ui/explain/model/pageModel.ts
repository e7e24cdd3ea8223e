import type { ExplainRun, RunComparison, ScaleCheck } from '../../../src/core/database/explainRun';
import type { Finding } from '../../../src/core/database/finding';
import type { IndexSuggestion } from '../../../src/core/database/indexes';
import { ejsonText } from '../../../src/core/ejson/ejsonText';
import type {
  ExplainPageState,
  ExplainWork,
  RunSummary,
  RunView,
  StatementView,
  ToExplainPage,
} from '../../../src/core/protocol/explain';
import { counterpart, firstRow, pathOf, planRows, rowAt, type PlanRow } from './planRows';

export type Pane = ExplainPageState['pane'];
export const PANES: readonly Pane[] = ['tree', 'rejected', 'comparison', 'scale', 'raw'];

type Told<T extends ToExplainPage['type']> = Extract<ToExplainPage, { type: T }>;

/** Everything the page shows. One object, changed by the page alone; parts of the page read it. */
export interface PageModel {
  statement?: StatementView;
  run?: ExplainRun;
  /** Of `run`. */
  view?: RunView;
  /** The server's answer of `run`. */
  raw: string;
  comparison?: RunComparison;
  history: readonly RunSummary[];
  /** Stages of `run`, parents first. */
  rows: readonly PlanRow[];
  selected?: PlanRow;
  collapsed: ReadonlySet<PlanRow>;
  /** Index into the findings of `run` that was chosen last. */
  finding?: number;
  /** By the text of the index that was tried. */
  readonly trials: Map<string, Told<'trial'>>;
  scale?: ScaleCheck;
  readonly progress: Map<ExplainWork, Told<'progress'> & { readonly text: string }>;
  readonly failures: Map<ExplainWork, Told<'failure'>>;
  pane: Pane;
  /** Chosen by the user. */
  statementCollapsed?: boolean;
  /** Where the user chose nothing: a long statement makes room once there is a plan. */
  statementMakesRoom: boolean;
  /** Index into the rejected plans. */
  rejected: number;
}

export function newModel(): PageModel {
  return {
    raw: '',
    history: [],
    rows: [],
    collapsed: new Set(),
    trials: new Map(),
    progress: new Map(),
    failures: new Map(),
    pane: 'tree',
    rejected: 0,
    statementMakesRoom: false,
  };
}

/** Takes the newest run; what was selected and folded stays where the same stages are. */
export function takeRun(
  model: PageModel,
  { run, view, raw, comparison, history }: Told<'run'>,
  saved?: Partial<ExplainPageState>,
): void {
  const before = { selected: model.selected, collapsed: model.collapsed };
  const rows = planRows(run.plan.root);
  model.rows = rows;
  model.run = run;
  model.view = view;
  model.raw = raw;
  model.comparison = comparison;
  model.history = history;
  model.finding = undefined;
  model.rejected = 0;
  const kept = saved ? rowAt(rows, saved.selected) : counterpart(rows, before.selected);
  model.selected = kept ?? firstRow(rows, run.findings);
  const folded = saved
    ? (saved.collapsed ?? []).map((path) => rowAt(rows, path))
    : [...before.collapsed].map((row) => counterpart(rows, row));
  model.collapsed = new Set(folded.filter((row) => row !== undefined));
  if (model.selected) unfoldTo(model, model.selected);
  // A failure is of the run before; a trial of a suggestion that is made no more is of no use.
  const made = new Set(run.suggestions.map(({ ddl }) => ddl));
  for (const tried of model.trials.keys()) if (!made.has(tried)) model.trials.delete(tried);
}

/** Nothing that a row stands below stays folded. */
export function unfoldTo(model: PageModel, row: PlanRow): void {
  const collapsed = new Set(model.collapsed);
  for (let at = row.parent; at; at = at.parent) collapsed.delete(at);
  model.collapsed = collapsed;
}

export function stateOf({ pane, selected, collapsed, statementCollapsed }: PageModel): ExplainPageState {
  return {
    version: 1,
    pane,
    ...(selected ? { selected: pathOf(selected) } : {}),
    collapsed: [...collapsed].map(pathOf),
    ...(statementCollapsed === undefined ? {} : { statementCollapsed }),
  };
}

/** What another version wrote, or nobody, is not taken. */
export function paneOf(state: Partial<ExplainPageState> | undefined): Pane {
  return state?.pane !== undefined && PANES.includes(state.pane) ? state.pane : 'tree';
}

export type Severity = Finding['severity'];

/** Findings by the row that they are about, and those of the whole command. */
export function findingsByRow({ run, rows }: PageModel): ReadonlyMap<PlanRow, readonly Finding[]> {
  const found = new Map<PlanRow, Finding[]>();
  for (const finding of run?.findings ?? []) {
    const row = rowAt(rows, finding.stage);
    if (row) found.set(row, [...(found.get(row) ?? []), finding]);
  }
  return found;
}

export function worstOf(findings: readonly Finding[]): Severity {
  return (
    (['error', 'warning', 'info'] as const).find((severity) =>
      findings.some((finding) => finding.severity === severity),
    ) ?? 'info'
  );
}

/** Existing indexes that a suggestion makes redundant, with their columns where they are known. */
export function replacedIndexes(
  { run }: PageModel,
  suggestion: IndexSuggestion,
): readonly { readonly name: string; readonly key?: string }[] {
  return suggestion.replaces.map((name) => {
    const known = run?.facts.indexes?.find((index) => index.name === name);
    return known ? { name, key: ejsonText(known.columns) } : { name };
  });
}
