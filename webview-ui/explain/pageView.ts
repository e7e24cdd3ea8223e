import { setShown, setText } from '../common/dom';
import { PANES, type PageModel, type Pane } from './model/pageModel';
import type { PageParts } from './pageParts';

/** Shows the model in all parts that are seen. */
export function showModel(model: PageModel, parts: PageParts): void {
  const isEmpty = parts.empty.update(model);
  parts.statement.update(model);
  parts.summary.update(model);
  setShown(parts.workspace, !isEmpty);
  parts.page.classList.toggle('no-run', isEmpty);
  if (isEmpty) return;
  parts.findings.update(model);
  parts.suggestions.update(model);
  showTabs(model, parts);
  for (const pane of PANES) setShown(parts.elements[pane], pane === model.pane);
  parts.panel.setAttribute('aria-labelledby', `tab-${model.pane}`);
  if (model.pane === 'tree') {
    showPlanned(model, parts);
    parts.tree.update(model);
    parts.details.update(model);
  } else parts[model.pane].update(model);
}

function showTabs(model: PageModel, { tabs }: PageParts): void {
  tabs.update(model.pane);
  const { plan } = model.run!;
  const counts: Partial<Record<Pane, number>> = {
    rejected: plan.rejected.length,
    comparison: model.comparison?.changes.length,
  };
  for (const [pane, tab] of tabs.buttons)
    setText(tab.querySelector<HTMLElement>('.tab-count')!, counts[pane] ? String(counts[pane]) : '');
}

function showPlanned(model: PageModel, { planned, runPlanned }: PageParts): void {
  const { plan } = model.run!;
  const mayRun = model.statement !== undefined && model.statement.refused.executionStats === undefined;
  setShown(planned, !plan.executed && plan.failure === undefined);
  setShown(runPlanned, mayRun);
  runPlanned.disabled = model.statement?.blocked != null || model.progress.has('explain');
}
