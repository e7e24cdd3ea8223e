import { inDigits, inDecimals } from '../../../src/core/words/numbers';
import { leafText } from '../../../src/core/database/accessPaths';
import type { ExplainRun } from '../../../src/core/database/explainRun';
import { scoreText, type RejectedReasons, type TrialNumbers } from '../../../src/core/database/rejectedReasons';
import { stageAt } from '../../../src/core/database/stages';
import type { PlanLabels, RunView } from '../../../src/core/protocol/explain';
import { textButton } from '../../common/controls';
import { displayText, element } from '../../common/dom';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { text } from '../model/strings';
import { miniTree } from './miniTree';

export interface RejectedPane {
  readonly element: HTMLElement;
  update(model: PageModel): void;
}

/** Hundreds are made by the join optimiser; more than these are not told apart by anybody. */
const MOST_PLANS = 200;

/** Every plan that was not taken beside the one that was, with why. */
export function createRejectedPane(actions: PageActions): RejectedPane {
  const host = element('div', { class: 'rejected-pane' });
  let shown: unknown;
  let shownIndex = -1;
  let buttons: HTMLButtonElement[] = [];
  let content = element('div');

  function build(model: PageModel): void {
    const { run, view } = model;
    const plans = run?.plan.rejected ?? [];
    content = element('div', { class: 'rejected-plan', attributes: { 'aria-live': 'polite' } });
    if (!run || !plans.length) {
      host.replaceChildren(
        element('p', {}, text('rejected.none')),
        element('p', { class: 'muted' }, text('rejected.none.next')),
      );
      return;
    }
    buttons = plans.slice(0, MOST_PLANS).map((rejected, index) => {
      const where = [rejected.shard, rejected.target].filter((part) => part !== undefined).join(' ');
      const button = element(
        'button',
        { class: 'rejected-choice', attributes: { type: 'button' } },
        displayText([leafText(rejected), where].filter(Boolean).join(' · '), 120),
      );
      button.addEventListener('click', () => actions.selectRejected(index));
      return button;
    });
    const left = plans.length - buttons.length;
    host.replaceChildren(
      ...(view?.rejected.some(({ trial }) => trial) ? [] : [noTrial(model)]),
      element(
        'div',
        { class: 'rejected-columns' },
        element(
          'ul',
          { class: 'rejected-list', attributes: { 'aria-label': text('rejected.list') } },
          ...buttons.map((button) => element('li', {}, button)),
          left > 0 ? element('li', { class: 'muted' }, text('rejected.more', inDigits(left))) : undefined,
        ),
        content,
      ),
    );
  }

  function noTrial({ run, statement }: PageModel): HTMLElement {
    const asked = run?.verbosity === 'allPlansExecution';
    const mayAsk = !asked && statement !== undefined && statement.refused.allPlansExecution === undefined;
    const ask = textButton(text('rejected.ask'), () => actions.runWith('allPlansExecution'));
    return element(
      'div',
      { class: 'hint' },
      element('span', {}, text(asked ? 'rejected.noTrial.asked' : 'rejected.noTrial')),
      mayAsk ? ask : undefined,
    );
  }

  return {
    element: host,
    update: (model) => {
      if (shown !== model.run) {
        build(model);
        shownIndex = -1;
      }
      shown = model.run;
      const { run, view } = model;
      if (!run?.plan.rejected.at(model.rejected) || !view || shownIndex === model.rejected) return;
      shownIndex = model.rejected;
      buttons.forEach((button, index) => {
        if (index === model.rejected) button.setAttribute('aria-current', 'true');
        else button.removeAttribute('aria-current');
      });
      content.replaceChildren(...planElements(run, model.rejected, view));
    },
  };
}

function planElements({ plan }: ExplainRun, index: number, { rejected: why, labels }: RunView): HTMLElement[] {
  const { winner: path, trial, reasons } = why[index];
  const rejected = plan.rejected[index];
  const winner = stageAt(plan.root, path) ?? plan.root;
  const sentences = reasons.length ? reasons : [text('rejected.noReason')];
  // The counters of the one are of the whole run, those of the other of its trial.
  const [winnerLabel, rejectedLabel] = [
    text(trial ? 'rejected.winner.run' : 'rejected.winner'),
    text(trial ? 'rejected.this.trial' : 'rejected.this'),
  ];
  return [
    element('h3', {}, text('rejected.why')),
    element('ul', { class: 'reasons' }, ...sentences.map((reason) => element('li', {}, displayText(reason, 600)))),
    ...(trial ? [trialTable(trial, labels)] : []),
    element(
      'div',
      { class: 'side-by-side' },
      element('div', {}, element('h4', {}, winnerLabel), miniTree(plan, winner, winnerLabel)),
      element('div', {}, element('h4', {}, rejectedLabel), miniTree(plan, rejected, rejectedLabel)),
    ),
  ];
}

function trialTable({ winner, rejected }: NonNullable<RejectedReasons['trial']>, labels: PlanLabels): HTMLElement {
  const number = (value: number | undefined): string => (value === undefined ? text('unknown') : inDigits(value));
  const perStep = ({ works, returned }: TrialNumbers): string =>
    works && returned !== undefined ? inDecimals(returned / works, 3) : text('unknown');
  const rows: readonly (readonly [string, (numbers: TrialNumbers) => string])[] = [
    [text('trial.works'), ({ works }) => number(works)],
    [text('column.returned'), ({ returned }) => number(returned)],
    [text('trial.perStep'), perStep],
    [
      text('trial.end'),
      ({ reachedEnd }) => (reachedEnd === undefined ? text('unknown') : text(reachedEnd ? 'yes' : 'no')),
    ],
    [labels.entriesRead, ({ entriesRead }) => number(entriesRead)],
    [labels.rowsRead, ({ rowsRead }) => number(rowsRead)],
    [
      text(winner.scoreTold ? 'trial.score' : 'trial.computedScore'),
      ({ score }) => (score === undefined ? text('unknown') : scoreText(score)),
    ],
  ];
  const head = [text('trial'), text('rejected.winner'), text('rejected.this')].map((label) =>
    element('th', { attributes: { scope: 'col' } }, label),
  );
  return element(
    'table',
    { class: 'trial-numbers' },
    element('thead', {}, element('tr', {}, ...head)),
    element(
      'tbody',
      {},
      ...rows.map(([name, of]) =>
        element(
          'tr',
          {},
          element('th', { attributes: { scope: 'row' } }, name),
          element('td', {}, of(winner)),
          element('td', {}, of(rejected)),
        ),
      ),
    ),
  );
}
