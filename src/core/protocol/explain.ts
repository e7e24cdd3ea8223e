import type { ExplainRun, IndexTrial, RunComparison, ScaleCheck, Verbosity } from '../database/explainRun';
import type { RejectedReasons } from '../database/rejectedReasons';
import type { Hole } from '../database/statement';
import type { NoRequests } from './messenger';
import type { PageEvent } from './page';

/** The plan view, as the editor speaks to it. */
export interface ExplainPageSide {
  readonly event: ToExplainPage;
  readonly requests: NoRequests;
}

/** The editor, as the plan view speaks to it. */
export interface ExplainHostSide {
  readonly event: FromExplainPage;
  readonly requests: NoRequests;
}

/** What the editor tells the plan view. */
export type ToExplainPage =
  | { readonly type: 'statement'; readonly statement: StatementView }
  /** The newest run; replaces what is shown. `raw` is the server's answer as indented EJSON. */
  | {
      readonly type: 'run';
      readonly run: ExplainRun;
      readonly view: RunView;
      readonly raw: string;
      /** With the run before it, of the same statement. */
      readonly comparison?: RunComparison;
      /** Earlier runs of the statement, newest first. */
      readonly history: readonly RunSummary[];
    }
  /** Work under way in a part of the page; undefined ends it. */
  | {
      readonly type: 'progress';
      readonly of: ExplainWork;
      readonly text: string | undefined;
      readonly fraction?: number;
    }
  /** Shown in that part; what was there before stays. */
  | {
      readonly type: 'failure';
      readonly of: ExplainWork;
      readonly message: string;
      readonly nextStep: string;
      readonly action?: FailureAction;
    }
  /** `summaries` as in the lens. */
  | {
      readonly type: 'trial';
      readonly trial: IndexTrial;
      readonly summaries: { readonly before: string; readonly after: string };
    }
  | { readonly type: 'scale'; readonly scale: ScaleCheck }
  /** A command of the editor that the page carries out. */
  | {
      readonly type: 'command';
      readonly command: ExplainPageCommand;
    };

/** What the page cannot tell of a run by itself: finished texts, and what only the reader of the server's plans knows. */
export interface RunView {
  /** As in the lens. */
  readonly summary: string;
  /** Where it is known: `MongoDB 7.0.5`. */
  readonly server?: string;
  /** What made the plan: `slot-based engine`. */
  readonly engine: string;
  readonly labels: PlanLabels;
  /** Of each rejected plan, in their order. */
  readonly rejected: readonly RejectedReasons[];
  /** Names of `fields` of stages that are told in a place of their own, too. */
  readonly fieldsTold: readonly string[];
}

/** Headings of the numbers of a plan, in the words of its server. */
export interface PlanLabels {
  /** Of what holds rows: `Collection`. */
  readonly target: string;
  /** `Documents`, `Keys`; what the columns of these names hold. */
  readonly rows: string;
  readonly rowsHint: string;
  readonly entries: string;
  readonly entriesHint: string;
  readonly returnedHint: string;
  /** `Documents examined`, `Keys examined` */
  readonly rowsRead: string;
  readonly entriesRead: string;
  readonly workPerReturned: string;
}

export type ExplainWork = 'explain' | 'trial' | 'scale';

/** What the failure's button does. */
export type ExplainPageCommand = 'focusStatement' | 'toggleRaw' | 'nextFinding' | 'previousFinding';

export type FailureAction = 'addConnection' | 'pickConnection' | 'pickDatabase' | 'planOnly' | 'openLog';

/** The statement before it runs: its text with fields for what the source does not give. */
export interface StatementView {
  /** `search.ts:42` */
  readonly place: string;
  readonly api: string;
  /** As shell text; `ranges` are offsets of what a hole stands for, filled or not, in order. */
  readonly text: string;
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly hole: string }[];
  readonly holes: readonly HoleField[];
  /** Conditions of the source that decide the form of the statement. */
  readonly choices: readonly { readonly condition: string; readonly holds: boolean }[];
  /** Null asks the user for it. */
  readonly collection: string | null;
  /** The expression that the name would come from. */
  readonly collectionHole?: string;
  readonly database: string | null;
  readonly databases: readonly string[];
  /** Null when none is chosen yet. */
  readonly connection: {
    readonly name: string;
    readonly state: 'connecting' | 'connected' | 'failed' | 'closed';
  } | null;
  readonly verbosity: Verbosity;
  /** Verbosities that are not offered for this statement or server, each with the reason. */
  readonly refused: Readonly<Partial<Record<Verbosity, string>>>;
  readonly problems: readonly string[];
  /** What still stops a run, one sentence; null when it can run. */
  readonly blocked: string | null;
}

export interface HoleField extends Pick<Hole, 'name' | 'type' | 'path'> {
  /** As typed: JSON, EJSON or shell notation (`ObjectId('…')`, `/x/i`); null when there is none. */
  readonly value: string | null;
  /** Where it comes from: the last run, a sampled document, typed by the user just now. */
  readonly source: 'last' | 'sample' | 'typed' | 'none';
  /** Why the value cannot be used. */
  readonly problem?: string;
}

export interface RunSummary {
  /** ms since 1970 */
  readonly at: number;
  /** As in the lens. */
  readonly text: string;
}

/** After `ready` the editor tells `statement` and, if there is one, `run`. */
export type FromExplainPage =
  | PageEvent<ExplainPageState>
  | { readonly type: 'setHole'; readonly name: string; readonly value: string | null }
  | { readonly type: 'setChoice'; readonly condition: string; readonly holds: boolean }
  | { readonly type: 'setCollection'; readonly name: string }
  | { readonly type: 'setDatabase'; readonly name: string }
  | { readonly type: 'setVerbosity'; readonly verbosity: Verbosity }
  | { readonly type: 'run' }
  | { readonly type: 'cancel'; readonly of: ExplainWork }
  | { readonly type: 'copy'; readonly what: 'shell' | 'markdown' | 'raw' }
  | { readonly type: 'copyIndex'; readonly suggestion: number }
  /** The editor asks on how many documents. */
  | { readonly type: 'tryIndex'; readonly suggestion: number }
  | { readonly type: 'checkScale' }
  | { readonly type: 'openSource' }
  /** The raw answer in a document of its own. */
  | { readonly type: 'openRaw' }
  | { readonly type: 'act'; readonly action: FailureAction };

/** All that survives a reload of the window. Plain JSON. */
export interface ExplainPageState {
  readonly version: 1;
  readonly pane: 'tree' | 'rejected' | 'raw' | 'comparison' | 'scale';
  /** Path of child indices from the root of the selected stage. */
  readonly selected?: readonly number[];
  /** Paths of collapsed stages. */
  readonly collapsed: readonly (readonly number[])[];
  /** As the user chose; absent until then. */
  readonly statementCollapsed?: boolean;
}
