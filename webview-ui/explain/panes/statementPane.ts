import type { Verbosity } from '../../../src/core/database/explainRun';
import type { StatementView } from '../../../src/core/protocol/explain';
import { checkbox, createSelect, fillSelect, iconButton, textButton } from '../../common/controls';
import { displayText, element, setShown, setText } from '../../common/dom';
import { icon } from '../../common/icons';
import { createMessageLine, createProgressLine } from '../../common/notices';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { failureParts } from './failureParts';
import { text } from '../model/strings';
import { createStatementText } from './statementText';

export interface StatementPane {
  readonly element: HTMLElement;
  update(model: PageModel): void;
  /** Tells what is typed and was not told yet; false when there is nothing of that. */
  flush(): boolean;
  focus(): void;
  /** Whether a plan is worth more room than the statement: it is long, and nobody is writing in it. */
  mayMakeRoom(model: PageModel): boolean;
}

const VERBOSITIES: readonly Verbosity[] = ['queryPlanner', 'executionStats', 'allPlansExecution'];
/** A statement of more lines is folded once there is a plan, lines. */
const LONG_STATEMENT = 14;

export function createStatementPane(actions: PageActions): StatementPane {
  const fold = iconButton('next', text('statement.fold'), () => actions.collapseStatement(body.hidden !== true));
  fold.classList.add('fold');
  const place = textButton('', () => actions.post({ type: 'openSource' }), 'link');
  const api = element('span', { class: 'muted api' });
  const oneLine = element('code', { class: 'one-line' });
  const verbosity = createVerbosity(actions);
  const run = textButton(text('run'), () => actions.run(), 'primary');
  run.classList.add('run');
  run.title = text('run.hint');
  const copy = iconButton('copy', text('copy.shell'), () => actions.post({ type: 'copy', what: 'shell' }));
  const connection = createConnection(actions);
  const head = element(
    'div',
    { class: 'statement-head' },
    element('div', { class: 'statement-title' }, fold, place, api, oneLine, copy),
    element('div', { class: 'statement-tools' }, verbosity.element, run),
  );
  const statementText = createStatementText(actions);
  const choices = element('div', { class: 'choices', attributes: { role: 'group', 'aria-label': text('choices') } });
  const problems = element('ul', { class: 'problems', attributes: { 'aria-label': text('problems') } });
  const body = element(
    'div',
    { class: 'statement-body', attributes: { id: 'statement-body' } },
    statementText.element,
    choices,
    problems,
  );
  fold.setAttribute('aria-controls', 'statement-body');
  const blocked = element('div', { class: 'blocked', attributes: { role: 'status', id: 'blocked' } });
  const progress = createProgressLine(text('working'), { label: text('cancel'), run: () => actions.cancel('explain') });
  const failure = createMessageLine('failure', text('dismiss'), () => actions.dismissFailure('explain'));
  const section = element(
    'section',
    { class: 'statement', attributes: { 'aria-label': text('statement') } },
    head,
    body,
    connection.element,
    blocked,
  );
  const host = element('div', { class: 'statement-host' }, section, progress.element, failure.element);

  function showChoices(statement: StatementView): void {
    const inputs = [...choices.querySelectorAll('input')];
    const same =
      inputs.length === statement.choices.length &&
      statement.choices.every(({ condition }, at) => inputs[at].dataset.condition === condition);
    if (!same) {
      choices.replaceChildren(
        element('span', { class: 'muted' }, text('choices.hint')),
        ...statement.choices.map(({ condition }) => {
          const label = element('code', { title: condition }, displayText(condition, 80));
          const box = checkbox(label, (holds) => actions.post({ type: 'setChoice', condition, holds }));
          box.input.dataset.condition = condition;
          return box.row;
        }),
      );
    }
    [...choices.querySelectorAll('input')].forEach((input, at) => (input.checked = statement.choices[at].holds));
    setShown(choices, statement.choices.length > 0);
  }

  return {
    element: host,
    update: (model) => {
      const { statement } = model;
      const busy = model.progress.get('explain');
      progress.show(busy);
      failure.show(...failureParts(model.failures.get('explain'), actions));
      setShown(section, statement !== undefined);
      if (!statement) return;
      const folded = model.statementCollapsed ?? model.statementMakesRoom;
      setShown(body, !folded);
      setShown(oneLine, folded);
      setShown(api, !folded);
      setText(oneLine, displayText(statement.text.replace(/\s+/g, ' '), 400));
      fold.setAttribute('aria-expanded', String(!folded));
      fold.classList.toggle('folded', folded);
      setText(place, displayText(statement.place, 120));
      place.title = text('openSource');
      setText(api, statement.api);
      statementText.update(statement);
      showChoices(statement);
      const list = statement.problems.map((problem) => element('li', {}, icon('info'), problem));
      if (problems.textContent !== statement.problems.join('')) problems.replaceChildren(...list);
      setShown(problems, list.length > 0);
      connection.update(statement);
      verbosity.update(statement);
      setText(blocked, displayText(statement.blocked ?? '', 600));
      setShown(blocked, statement.blocked !== null);
      run.disabled = statement.blocked !== null || busy !== undefined;
      if (statement.blocked === null) run.removeAttribute('aria-describedby');
      else run.setAttribute('aria-describedby', 'blocked');
      setText(run, text(model.run ? 'run.again' : 'run'));
    },
    mayMakeRoom: ({ statement }) => {
      const long = statement !== undefined && statement.text.split('\n', LONG_STATEMENT + 1).length > LONG_STATEMENT;
      return long && !body.contains(document.activeElement);
    },
    flush: statementText.flush,
    focus: () => {
      actions.collapseStatement(false);
      statementText.focus();
    },
  };
}

/** Three ways to explain, one of them chosen; a refused one stays reachable, and says why. */
function createVerbosity(actions: PageActions): { element: HTMLElement; update(statement: StatementView): void } {
  const options = VERBOSITIES.map((verbosity) => {
    const button = element(
      'button',
      { class: 'segment', attributes: { type: 'button', role: 'radio', 'data-verbosity': verbosity } },
      text(`verbosity.${verbosity}`),
    );
    const reason = element('span', { class: 'visually-hidden', attributes: { id: `refused-${verbosity}` } });
    const isOff = (): boolean => button.getAttribute('aria-disabled') === 'true';
    button.addEventListener('click', () => {
      if (!isOff()) actions.setVerbosity(verbosity);
    });
    return { verbosity, button, reason };
  });
  const group = element(
    'div',
    { class: 'segments', attributes: { role: 'radiogroup', 'aria-label': text('verbosity') } },
    ...options.flatMap(({ button, reason }) => [button, reason]),
  );
  group.addEventListener('keydown', (event) => {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
          ? -1
          : 0;
    const at = options.findIndex(({ button }) => button === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const { button, verbosity } = options[(at + step + options.length) % options.length];
    button.focus();
    if (button.getAttribute('aria-disabled') !== 'true') actions.setVerbosity(verbosity);
  });
  return {
    element: group,
    update: (statement) => {
      for (const { verbosity, button, reason } of options) {
        const chosen = verbosity === statement.verbosity;
        const refused = statement.refused[verbosity];
        button.setAttribute('aria-checked', String(chosen));
        button.tabIndex = chosen ? 0 : -1;
        button.title = refused ?? text(`verbosity.${verbosity}.hint`);
        setText(reason, displayText(refused ?? '', 600));
        if (refused === undefined) {
          button.removeAttribute('aria-disabled');
          button.removeAttribute('aria-describedby');
        } else {
          button.setAttribute('aria-disabled', 'true');
          button.setAttribute('aria-describedby', reason.id);
        }
      }
    },
  };
}

/** Where the statement goes: collection, database, server. What is missing is asked for here. */
function createConnection(actions: PageActions): { element: HTMLElement; update(statement: StatementView): void } {
  const collectionInput = element('input', {
    class: 'text-input',
    attributes: {
      type: 'text',
      spellcheck: 'false',
      autocomplete: 'off',
      'aria-label': text('collection'),
      placeholder: text('collection.ask'),
    },
  });
  collectionInput.addEventListener('change', () => {
    if (collectionInput.value.trim()) actions.post({ type: 'setCollection', name: collectionInput.value.trim() });
  });
  const collectionHint = element('span', { class: 'muted' });
  const collectionName = element('code');
  const databases = createSelect(text('database'), (name) => actions.post({ type: 'setDatabase', name }));
  const pickDatabase = textButton('', () => actions.act('pickDatabase'));
  const server = textButton('', () => actions.act('pickConnection'));
  server.classList.add('server');
  const add = textButton(text('action.addConnection'), () => actions.act('addConnection'));
  const part = (label: string, ...children: readonly HTMLElement[]): HTMLElement =>
    element('span', { class: 'target-part' }, element('span', { class: 'muted' }, label), ...children);
  const collection = part(text('collection'), collectionName, collectionInput, collectionHint);
  const line = element(
    'div',
    { class: 'target', attributes: { role: 'group', 'aria-label': text('target') } },
    collection,
    part(text('database'), databases, pickDatabase),
    part(text('connection'), server, add),
  );
  return {
    element: line,
    update: ({ collection: name, collectionHole, database, databases: known, connection }) => {
      const asks = name === null || collectionHole !== undefined;
      setShown(collectionName, !asks);
      setText(collectionName, displayText(name ?? '', 120));
      setShown(collectionInput, asks);
      if (document.activeElement !== collectionInput) collectionInput.value = name ?? '';
      setText(
        collectionHint,
        collectionHole === undefined ? '' : text('collection.hole', displayText(collectionHole, 60)),
      );
      const listed = database !== null && !known.includes(database) ? [database, ...known] : known;
      setShown(databases, listed.length > 1);
      fillSelect(databases, [
        ...(database === null ? [['', text('database.choose')] as const] : []),
        ...listed.map((each) => [each, each] as const),
      ]);
      databases.value = database ?? '';
      setShown(pickDatabase, listed.length <= 1);
      setText(pickDatabase, database ?? text('database.choose'));
      const state = connection ? text(`state.${connection.state}`) : '';
      server.replaceChildren(
        element('span', { class: `dot ${connection?.state ?? 'none'}`, attributes: { 'aria-hidden': 'true' } }),
        connection ? displayText(connection.name, 120) : text('connection.choose'),
      );
      server.title = connection ? `${state}. ${text('connection.change')}` : text('connection.choose');
      server.setAttribute(
        'aria-label',
        connection ? `${connection.name}, ${state}. ${text('connection.change')}` : text('connection.choose'),
      );
    },
  };
}
