import type { ExplainHost } from './connectHost';
import type { PageActions } from './model/actions';
import { unfoldTo, type PageModel } from './model/pageModel';
import { rowAt } from './model/planRows';
import type { PageParts } from './pageParts';

/** What actions act on. */
export interface ActionContext {
  readonly model: PageModel;
  readonly host: ExplainHost;
  parts(): PageParts;
  update(): void;
  /** Something that the saved state tells has changed. */
  changed(): void;
}

type Running = 'post' | 'run' | 'runWith' | 'setVerbosity' | 'cancel' | 'act' | 'tryIndex' | 'dismissFailure';
type Looking = Exclude<keyof PageActions, Running>;

export function createActions(context: ActionContext): PageActions {
  return { ...runActions(context), ...lookActions(context) };
}

/** What the editor does. */
function runActions({ model, host, parts, update }: ActionContext): Pick<PageActions, Running> {
  const actions: Pick<PageActions, Running> = {
    post: (message) => host.post(message),
    run: () => {
      // What was just typed may be all that was missing: the editor knows.
      const told = parts().statement.flush();
      if (model.statement && (told || model.statement.blocked === null) && !model.progress.has('explain'))
        host.post({ type: 'run' });
    },
    runWith: (verbosity) => {
      actions.setVerbosity(verbosity);
      actions.run();
    },
    setVerbosity: (verbosity) => {
      const { statement } = model;
      if (!statement || statement.refused[verbosity] !== undefined || statement.verbosity === verbosity) return;
      // Shown at once; the editor answers with the statement as it then is.
      model.statement = { ...statement, verbosity };
      host.post({ type: 'setVerbosity', verbosity });
      update();
    },
    cancel: (of) => host.post({ type: 'cancel', of }),
    act: (action) => host.post({ type: 'act', action }),
    tryIndex: (suggestion) => {
      model.failures.delete('trial');
      host.post({ type: 'tryIndex', suggestion });
      update();
    },
    dismissFailure: (of) => model.failures.delete(of),
  };
  return actions;
}

/** What the page shows of what it has. */
function lookActions(context: ActionContext): Pick<PageActions, Looking> {
  const { model, parts, update, changed } = context;
  return {
    showPane: (pane) => {
      model.pane = pane;
      changed();
    },
    selectRow: (row, { reveal = false } = {}) => {
      model.selected = row;
      changed();
      if (reveal) parts().tree.reveal();
    },
    setCollapsed: (rows, collapsed) => {
      const next = new Set(model.collapsed);
      for (const row of rows) {
        if (collapsed) next.add(row);
        else next.delete(row);
      }
      model.collapsed = next;
      changed();
    },
    selectFinding: (index, { focus = false } = {}) => selectFinding(context, index, focus),
    selectRejected: (index) => {
      model.rejected = index;
      update();
    },
    collapseStatement: (collapsed) => {
      model.statementCollapsed = collapsed;
      changed();
    },
    focusDetails: () => parts().details.focus(),
    focusTree: () => parts().tree.focus(),
    announce: (words) => parts().announce(words),
  };
}

function selectFinding({ model, parts, changed }: ActionContext, index: number, focus: boolean): void {
  const finding = model.run?.findings.at(index);
  if (!finding) return;
  model.finding = index;
  const row = rowAt(model.rows, finding.stage);
  if (row) {
    unfoldTo(model, row);
    model.selected = row;
    model.pane = 'tree';
  }
  changed();
  const { tree, findings, announce } = parts();
  if (row) tree.reveal({ page: true });
  if (focus) findings.focus(index);
  announce(`${finding.rule}: ${finding.evidence}`);
}
