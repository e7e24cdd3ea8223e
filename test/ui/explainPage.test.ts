import assert from 'node:assert/strict';
import type { FailureAction, ToExplainPage } from '../../src/core/protocol/explain';
import {
  asked,
  explainSuite,
  rangeOf,
  recordedExplain,
  runMessage,
  sendText,
  shoot,
  statementView,
} from './explainHarness';

describe('the plan view page', function () {
  this.timeout(60_000);
  const suite = explainSuite();
  const { open } = suite;

  describe('the statement', () => {
    it('says that the page is ready, and waits', async () => {
      const { page, sent } = await suite.start();
      assert.deepEqual(await sent(), [{ type: 'ready' }]);
      assert.match(await page.locator('.empty').innerText(), /Waiting for the query/);
    });

    it('has a field at every value that the source does not give, with what it is', async () => {
      const { page } = await open();
      const fields = page.locator('.statement-code .hole-input');
      assert.equal(await fields.count(), 2);
      assert.equal(await fields.nth(0).inputValue(), 'lamps');
      assert.equal(await fields.nth(0).getAttribute('aria-label'), 'Value of category, text, from the last run');
      assert.equal(await fields.nth(1).getAttribute('placeholder'), 'minimum');
      assert.match((await page.locator('.hole-row').allInnerTexts()).join('\n'), /minimum[\s\S]*number · no value yet/);
      assert.equal(await page.locator('.statement-code .token-operator', { hasText: '$gte' }).count(), 1);
      await shoot(page, 'statement-dark');
    });

    it('tells what is typed, keeps the place while the editor answers, and grows with it', async () => {
      const { page, next, send } = await open();
      const field = page.locator('.statement-code .hole-input').nth(1);
      const before = (await field.boundingBox())!.width;
      await field.click();
      const told = await next('setHole', () => page.keyboard.type('1234567890'));
      assert.deepEqual(told, { type: 'setHole', name: 'minimum', value: '1234567890' });
      assert.ok((await field.boundingBox())!.width > before + 10);
      // The answer has another form of the statement: what is being typed must survive it.
      await page.keyboard.type('1');
      const text = 'db.products.find({\n  price: { $gte: 1234567890 } })';
      await send({
        type: 'statement',
        statement: statementView({
          text,
          ranges: [rangeOf(text, '1234567890', 'minimum')],
          holes: [{ name: 'minimum', type: 'number', path: 'filter.price.$gte', value: '1234567890', source: 'typed' }],
        }),
      });
      await page.locator('.statement-code .hole-input').nth(1).waitFor({ state: 'detached' });
      await page.keyboard.type('2');
      const again = page.locator('.statement-code .hole-input');
      assert.equal(await again.count(), 1);
      assert.equal(await again.inputValue(), '123456789012');
      assert.equal(
        await again.evaluate(
          (node) =>
            (node as unknown as { ownerDocument: { activeElement: unknown } }).ownerDocument.activeElement === node,
        ),
        true,
      );
    });

    it('runs by Ctrl+Enter with what was typed a moment ago, and only when it can', async () => {
      const { page, next, send } = await open();
      await page.locator('.statement-code .hole-input').nth(1).fill('12');
      await next('run', () => page.keyboard.press('Control+Enter'));
      const kinds = (await asked(suite.harness)).map(({ type }) => type);
      assert.deepEqual(kinds.slice(-2), ['setHole', 'run']);
      await send({ type: 'statement', statement: statementView({ blocked: 'minimum has no value yet.' }) });
      await page.locator('.blocked', { hasText: 'minimum has no value yet.' }).waitFor();
      assert.equal(await page.locator('.run').isDisabled(), true);
      await page.keyboard.press('Control+Enter');
      await page.waitForTimeout(200);
      assert.equal((await asked(suite.harness)).filter(({ type }) => type === 'run').length, 1);
    });

    it('shows why a value cannot be used, at its field', async () => {
      const { page, send } = await open();
      const view = statementView();
      await send({
        type: 'statement',
        statement: {
          ...view,
          holes: [
            view.holes[0],
            { ...view.holes[1], value: 'cheap', source: 'typed', problem: 'This is not a number.' },
          ],
        },
      });
      const field = page.locator('.statement-code .hole-input[aria-invalid=true]');
      await field.waitFor();
      const described = await field.getAttribute('aria-describedby');
      assert.equal(await page.locator(`[id="${described}"]`).innerText(), 'This is not a number.');
    });

    it('has the conditions, the collection and the target to choose', async () => {
      const { page, next } = await open(undefined, {
        statement: { collection: null, collectionHole: 'config.name', database: null, databases: [] },
      });
      assert.deepEqual(await next('setChoice', () => page.locator('.choices input').click()), {
        type: 'setChoice',
        condition: 'onlyActive',
        holds: false,
      });
      const input = page.locator('.target input');
      await input.fill('products');
      assert.deepEqual(await next('setCollection', () => input.press('Enter')), {
        type: 'setCollection',
        name: 'products',
      });
      const act = async (name: string): Promise<FailureAction> =>
        (await next('act', () => page.locator('.target button', { hasText: name }).click())).action;
      assert.equal(await act('Choose a database'), 'pickDatabase');
      assert.equal(await act('localhost'), 'pickConnection');
      assert.equal(await act('Add Connection'), 'addConnection');
      assert.match((await page.locator('.server').getAttribute('aria-label')) ?? '', /localhost:27017, connected/);
    });

    it('chooses a database of several, and a verbosity by click and by arrow keys', async () => {
      const { page, next } = await open(undefined, {
        statement: { refused: { allPlansExecution: 'Writes are only planned.' } },
      });
      assert.deepEqual(
        await next(
          'setDatabase',
          async () => void (await page.locator('select[aria-label=Database]').selectOption('bare')),
        ),
        { type: 'setDatabase', name: 'bare' },
      );
      const chosen = page.locator('.segment[aria-checked=true]');
      assert.equal(await chosen.innerText(), 'Execution statistics');
      assert.equal(
        (await next('setVerbosity', () => page.locator('.segment', { hasText: 'Plan only' }).click())).verbosity,
        'queryPlanner',
      );
      assert.equal(await chosen.innerText(), 'Plan only');
      assert.equal((await next('setVerbosity', () => page.keyboard.press('ArrowRight'))).verbosity, 'executionStats');
      const refused = page.locator('.segment[aria-disabled=true]');
      assert.equal(await refused.getAttribute('title'), 'Writes are only planned.');
      assert.equal(await page.locator('#refused-allPlansExecution').textContent(), 'Writes are only planned.');
      await refused.click({ force: true });
      assert.equal(await chosen.innerText(), 'Execution statistics');
    });

    it('folds to one line, and is folded by itself when it is long and there is a plan', async () => {
      const text = `db.products.aggregate([\n${'  { $match: { a: 1 } },\n'.repeat(20)}])`;
      const { page } = await open(runMessage(recordedExplain('shop/find-eq')), {
        statement: { text, ranges: [], holes: [] },
      });
      assert.equal(await page.locator('.statement-code').isVisible(), false);
      assert.match(await page.locator('.one-line').innerText(), /^db\.products\.aggregate\(\[ \{ \$match/);
      await page.locator('.fold').click();
      assert.equal(await page.locator('.statement-code').isVisible(), true);
      assert.equal(await page.locator('.fold').getAttribute('aria-expanded'), 'true');
    });
  });

  describe('before there is a plan', () => {
    const empty = (): Promise<string> => suite.harness.page.locator('.empty').innerText();

    it('asks for a connection first', async () => {
      const { page, next } = await open(undefined, {
        statement: { connection: null, blocked: 'Choose a connection.' },
      });
      assert.match(await empty(), /No database connection yet/);
      assert.equal(
        (await next('act', () => page.locator('.empty button', { hasText: 'Add Connection' }).click())).action,
        'addConnection',
      );
      await shoot(page, 'no-connection-dark');
    });

    it('offers to run, and says what that does', async () => {
      const { page, next } = await open(undefined, { statement: { verbosity: 'queryPlanner' } });
      assert.match(await empty(), /“Plan only” asks the server how it would run the query/);
      await next('run', () => page.locator('.empty button').click());
    });

    it('shows progress that can be cancelled, and a failure with the button that helps', async () => {
      const { page, next, send } = await open();
      await send({ type: 'progress', of: 'explain', text: 'Explaining on localhost:27017…' });
      const line = page.locator('.statement-host .progress');
      await line.waitFor();
      assert.equal(await line.getAttribute('role'), 'status');
      assert.deepEqual(await next('cancel', () => line.locator('button').click()), { type: 'cancel', of: 'explain' });
      await send({
        type: 'failure',
        of: 'explain',
        message: 'localhost:27017 does not answer.',
        nextStep: 'Start the server.',
        action: 'pickConnection',
      });
      const alert = page.locator('.statement-host [role=alert]');
      await alert.filter({ hasText: 'localhost:27017 does not answer. Start the server.' }).waitFor();
      assert.equal(await line.isVisible(), false);
      assert.equal(
        (await next('act', () => alert.locator('button', { hasText: 'Choose Connection…' }).click())).action,
        'pickConnection',
      );
      await shoot(page, 'failure-dark');
    });
  });

  describe('as a whole', () => {
    it('keeps the view, the selection and what is folded over a reload and a run', async () => {
      const facet = runMessage(recordedExplain('shop/agg-search-facet'));
      const { page, next, send } = await open(facet);
      await page.locator('.tree').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      const { state } = await next('state', () => page.keyboard.press('ArrowLeft'));
      assert.equal(state.collapsed.length, 1);
      assert.deepEqual(state.selected, state.collapsed[0]);
      const name = await page.locator('.tree-row.selected .stage-name').innerText();
      await send(facet);
      await page.waitForTimeout(100);
      assert.equal(await page.locator('.tree-row.selected .stage-name').innerText(), name);
      assert.equal(await page.locator('.tree-row.selected').getAttribute('aria-expanded'), 'false');
      await page.addInitScript((kept) => ((globalThis as unknown as { harnessState: unknown }).harnessState = kept), {
        ...state,
        pane: 'raw' as const,
      });
      await page.reload();
      await send({ type: 'statement', statement: statementView() });
      await send(facet);
      await page.locator('#tab-raw[aria-selected=true]').waitFor();
      await page.keyboard.press('1');
      assert.equal(await page.locator('.tree-row.selected').getAttribute('aria-expanded'), 'false');
    });

    it('tells results to those who do not see them', async () => {
      const { page } = await open(runMessage(recordedExplain('bare/find-brand-price')));
      const live = page.locator('.explain-page > [role=status].visually-hidden');
      assert.match((await live.textContent()) ?? '', /^COLLSCAN · 5,000 docs read/);
    });

    it('has a name for every control, in every view', async () => {
      const message = runMessage(recordedExplain('shop/find-esr-wrong', 'allPlansExecution'), {
        verbosity: 'allPlansExecution',
      });
      const { page } = await open(message, { statement: { collection: null, collectionHole: 'name' } });
      for (const key of ['1', '2', '3', '4', '5']) {
        await page.locator('.plan-head').click();
        await page.keyboard.press(key);
        const nameless = await page.evaluate(() => {
          const { document } = globalThis as unknown as {
            document: {
              querySelectorAll(selector: string): Iterable<{
                outerHTML: string;
                innerText: string;
                ariaLabel: string | null;
                labels?: { length: number };
                getAttribute(name: string): string | null;
                checkVisibility(): boolean;
              }>;
            };
          };
          return [
            ...document.querySelectorAll(
              'button, input, select, [role=treegrid], [role=tab], [role=region], [tabindex="0"]',
            ),
          ]
            .filter(
              (node) =>
                node.checkVisibility() &&
                !node.innerText?.trim() &&
                !node.ariaLabel &&
                !node.getAttribute('aria-labelledby') &&
                !node.labels?.length,
            )
            .map((node) => node.outerHTML.slice(0, 200));
        });
        assert.deepEqual(nameless, [], `view ${key}`);
      }
      await page.keyboard.press('?');
      await page.locator('dialog[open]').waitFor();
    });

    for (const theme of ['light', 'contrast', 'contrast-light', 'none'] as const) {
      it(`is readable in the theme ${theme}, and at 400 pixels`, async () => {
        const { page, setTheme } = await open(runMessage(recordedExplain('bare/agg-search-facet')), { theme });
        await shoot(page, `facet-${theme}`);
        await page.setViewportSize({ width: 400, height: 900 });
        const overflow = await page.evaluate(() => {
          const { document } = globalThis as unknown as {
            document: { querySelector(selector: string): { scrollWidth: number; clientWidth: number } };
          };
          const { scrollWidth, clientWidth } = document.querySelector('.explain-page');
          return scrollWidth - clientWidth;
        });
        assert.ok(overflow <= 1, `${overflow} pixels too wide`);
        await shoot(page, `narrow-${theme}`);
        await setTheme('dark');
      });
    }

    it('tells the editor of a message that it cannot show, and stays', async () => {
      const { page, next } = await open(runMessage(recordedExplain('shop/find-eq')));
      const broken = { type: 'run', run: { plan: null }, view: {}, raw: '', history: [] } as unknown as ToExplainPage;
      const told = await next('failed', () => sendText(page, broken));
      assert.ok(told.message.length > 0);
      await page.locator('.statement-host [role=alert]', { hasText: 'The view could not be shown' }).waitFor();
    });

    it('keeps the key of what it shows, with its state', async () => {
      const { page, kept, next } = await open(runMessage(recordedExplain('shop/find-eq')), { data: { key: 'one' } });
      assert.deepEqual(await kept(), { key: 'one' });
      await next('state', () => page.keyboard.press('3'));
      const { key, pane, version } = (await kept()) as Record<string, unknown>;
      assert.deepEqual({ key, pane, version }, { key: 'one', pane: 'comparison', version: 1 });
    });

    it('speaks the language whose texts the editor has, and English where a text is missing', async () => {
      const texts = { 'run.again': 'Erneut erklären', 'pane.raw': '<b>Roh</b>' };
      const { page } = await open(runMessage(recordedExplain('shop/find-eq')), { data: { texts } });
      await page.locator('button', { hasText: 'Erneut erklären' }).waitFor();
      assert.equal(await page.locator('#tab-raw .tab-text').innerText(), '<b>Roh</b>');
      assert.equal(await page.locator('#tab-tree .tab-text').innerText(), 'Plan');
    });
  });
});
