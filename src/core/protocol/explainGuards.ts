import type { ExplainRun, IndexTrial, RunComparison, ScaleCheck, Verbosity } from '../database/explainRun';
import type {
  ExplainHostSide,
  ExplainPageSide,
  ExplainPageState,
  ExplainWork,
  FailureAction,
  RunSummary,
  StatementView,
  RunView,
} from './explain';
import {
  isBoolean,
  isCount,
  isNumber,
  listOf,
  LONGEST_TEXT,
  made,
  nullable,
  oneOf,
  optional,
  shapeOf,
  textOf,
} from './guards';
import type { SideGuards } from './messenger';
import { pageEventGuards } from './page';

const isName = textOf(100_000);
/** What a user typed or pasted. */
const isValue = textOf(10_000_000);
const isWork = oneOf<ExplainWork>('explain', 'trial', 'scale');
const isVerbosity = oneOf<Verbosity>('queryPlanner', 'executionStats', 'allPlansExecution');
const isAction = oneOf<FailureAction>('addConnection', 'pickConnection', 'pickDatabase', 'planOnly', 'openLog');
const isPath = listOf(isCount, 10_000);

const hasStateFields = shapeOf<Omit<ExplainPageState, 'version'>>({
  pane: oneOf<ExplainPageState['pane']>('tree', 'rejected', 'raw', 'comparison', 'scale'),
  selected: optional(isPath),
  collapsed: listOf(isPath),
  statementCollapsed: optional(isBoolean),
});

function isState(value: unknown): value is ExplainPageState {
  return hasStateFields(value) && (value as Partial<ExplainPageState>).version === 1;
}

export const explainHostGuards: SideGuards<ExplainHostSide> = {
  events: {
    ...pageEventGuards,
    state: shapeOf({ state: isState }),
    setHole: shapeOf({ name: isName, value: nullable(isValue) }),
    setChoice: shapeOf({ condition: isName, holds: isBoolean }),
    setCollection: shapeOf({ name: isName }),
    setDatabase: shapeOf({ name: isName }),
    setVerbosity: shapeOf({ verbosity: isVerbosity }),
    run: shapeOf({}),
    cancel: shapeOf({ of: isWork }),
    copy: shapeOf({ what: oneOf('shell', 'markdown', 'raw') }),
    copyIndex: shapeOf({ suggestion: isCount }),
    tryIndex: shapeOf({ suggestion: isCount }),
    checkScale: shapeOf({}),
    openSource: shapeOf({}),
    openRaw: shapeOf({}),
    act: shapeOf({ action: isAction }),
  },
  requests: {},
};

export const explainPageGuards: SideGuards<ExplainPageSide> = {
  events: {
    statement: shapeOf({ statement: made<StatementView>() }),
    run: shapeOf({
      run: made<ExplainRun>(),
      view: made<RunView>(),
      raw: textOf(LONGEST_TEXT),
      comparison: optional(made<RunComparison>()),
      history: listOf(made<RunSummary>(), 1000),
    }),
    progress: shapeOf({ of: isWork, text: optional(isName), fraction: optional(isNumber) }),
    failure: shapeOf({ of: isWork, message: isValue, nextStep: isValue, action: optional(isAction) }),
    trial: shapeOf({ trial: made<IndexTrial>(), summaries: shapeOf({ before: isValue, after: isValue }) }),
    scale: shapeOf({ scale: made<ScaleCheck>() }),
    command: shapeOf({ command: oneOf('focusStatement', 'toggleRaw', 'nextFinding', 'previousFinding') }),
  },
  requests: {},
};
