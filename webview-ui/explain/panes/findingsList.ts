import { displayText, element, setShown, setText } from '../../common/dom';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { rowAt } from '../model/planRows';
import { text } from '../model/strings';
import { severityMark } from './findingText';

export interface FindingsList {
  readonly element: HTMLElement;
  update(model: PageModel): void;
  focus(index: number): void;
}

/** What is worth saying about the plan; choosing one shows its stage. */
export function createFindingsList(actions: PageActions): FindingsList {
  const title = element('h2', { attributes: { id: 'findings-title' } });
  const none = element('p', { class: 'muted' });
  const list = element('ul', { class: 'findings', attributes: { 'aria-labelledby': 'findings-title' } });
  const host = element(
    'section',
    { class: 'findings-pane', attributes: { 'aria-labelledby': 'findings-title' } },
    title,
    none,
    list,
  );
  let shown: unknown;

  function build(model: PageModel): void {
    const { run, rows } = model;
    if (!run) return;
    list.replaceChildren(
      ...run.findings.map(({ rule, title: about, severity, evidence, guard, advice, stage }, index) => {
        const row = rowAt(rows, stage);
        const button = element(
          'button',
          { class: 'finding', attributes: { type: 'button', 'data-finding': String(index) } },
          severityMark(severity),
          element(
            'span',
            { class: 'finding-body' },
            element('span', { class: 'finding-title' }, element('span', { class: 'rule' }, rule), ` ${about}`),
            element('span', { class: 'evidence' }, displayText(evidence, 1000)),
            element('span', { class: 'advice' }, displayText(advice, 2000)),
            element(
              'span',
              { class: 'guard muted' },
              text('finding.guard', displayText(guard, 1000)),
              row ? ` · ${text('finding.stage', displayText(row.stage.name, 60))}` : '',
            ),
          ),
        );
        button.addEventListener('click', () => actions.selectFinding(index));
        return element('li', {}, button);
      }),
    );
  }

  return {
    element: host,
    update: (model) => {
      const { run } = model;
      setShown(host, run !== undefined);
      if (!run) return;
      const { findings } = run;
      setText(title, findings.length ? text('findings', String(findings.length)) : text('findings.none'));
      setShown(none, findings.length === 0);
      setText(none, text(run.plan.executed ? 'findings.none.executed' : 'findings.none.planned'));
      setShown(list, findings.length > 0);
      if (shown !== run) build(model);
      shown = run;
      for (const button of list.querySelectorAll<HTMLElement>('.finding')) {
        const chosen = Number(button.dataset.finding) === model.finding;
        button.classList.toggle('chosen', chosen);
        if (chosen) button.setAttribute('aria-current', 'true');
        else button.removeAttribute('aria-current');
      }
    },
    focus: (index) => list.querySelector<HTMLElement>(`[data-finding="${index}"]`)?.focus(),
  };
}
