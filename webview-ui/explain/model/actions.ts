import type { Verbosity } from '../../../src/core/database/explainRun';
import type { FailureAction, ExplainWork, FromExplainPage } from '../../../src/core/protocol/explain';
import type { Pane } from './pageModel';
import type { PlanRow } from './planRows';

/** What the parts of the page ask for. */
export interface PageActions {
  /** Straight to the editor. */
  post(message: FromExplainPage): void;
  /** With what is typed and not yet told. */
  run(): void;
  runWith(verbosity: Verbosity): void;
  setVerbosity(verbosity: Verbosity): void;
  cancel(of: ExplainWork): void;
  act(action: FailureAction): void;
  showPane(pane: Pane): void;
  selectRow(row: PlanRow, options?: { readonly reveal?: boolean }): void;
  setCollapsed(rows: readonly PlanRow[], collapsed: boolean): void;
  selectFinding(index: number, options?: { readonly focus?: boolean }): void;
  selectRejected(index: number): void;
  collapseStatement(collapsed: boolean): void;
  tryIndex(suggestion: number): void;
  dismissFailure(of: ExplainWork): void;
  focusDetails(): void;
  focusTree(): void;
  announce(words: string): void;
}
