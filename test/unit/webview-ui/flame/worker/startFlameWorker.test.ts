import assert from 'node:assert/strict';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { defaultViewOptions as options, type ViewKind } from '../../../../../src/core/flame/view/viewOptions';
import { placeKey } from '../../../../../src/core/flame/view/viewFrames';
import { encodeColumns } from '../../../../../src/core/profile/columnsCodec';
import { startFlameWorker, type FlameWorkerScope } from '../../../../../webview-ui/flame/worker/startFlameWorker';
import type { WorkerRequests } from '../../../../../webview-ui/flame/model/workerProtocol';
import { columnsOf } from '../../../../support/columnsBuilder';
import { assertLayout, randomProfile, rowTexts } from '../../../../support/flameTruth';

type Kind = keyof WorkerRequests;
type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string; readonly superseded?: true };

const a = 'a@/app/a.js:0';
const b = 'b@/app/a.js:5';
const profile = columnsOf(
  {},
  {
    title: 'now',
    startUs: 100,
    timeline: [
      [a, 10],
      [`${a} > ${b}`, 20],
      ['(idle)', 10],
      [b, 5],
    ],
  },
);

/** The page's side of a worker, over a real channel: what cannot cross, or is transferred twice, fails. */
class Page {
  readonly answers: Answer[] = [];
  private lastId = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private readonly own: MessagePort;
  private readonly other: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.own = port1;
    this.other = port2;
    startFlameWorker(port2 as unknown as FlameWorkerScope);
    port2.start();
    port1.on('message', (answer: Answer) => {
      this.answers.push(answer);
      this.waiting.get(answer.id)?.(answer);
    });
  }

  ask<K extends Kind>(kind: K, params: WorkerRequests[K]['params']): Promise<Answer> {
    const id = ++this.lastId;
    const answered = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
    this.own.postMessage({ id, kind, params });
    return answered;
  }

  async get<K extends Kind>(kind: K, params: WorkerRequests[K]['params']): Promise<WorkerRequests[K]['result']> {
    const answer = await this.ask(kind, params);
    assert.ok('result' in answer, answer.error);
    return answer.result as WorkerRequests[K]['result'];
  }

  close(): void {
    this.own.close();
    this.other.close();
  }
}

describe('The worker of the flame graph page', () => {
  let page: Page;
  beforeEach(() => (page = new Page()));
  afterEach(() => page.close());

  it('tells what is in a profile', async () => {
    assert.deepEqual(await page.get('load', { data: encodeColumns(profile) }), {
      title: 'now',
      measures: [{ kind: 'cpu', label: 'CPU time', unit: 'µs' }],
      timeline: { measure: 0, startUs: 100, endUs: 145, samples: 4 },
      nodeCount: 5,
      problems: [],
    });
  });

  it('lays out each view, again and again', async () => {
    await page.get('load', { data: encodeColumns(profile) });
    await page.get('compareWith', { data: encodeColumns(columnsOf({ [a]: 5 })) });
    const views: ViewKind[] = ['timeOrder', 'leftHeavy', 'inverted', 'sandwich', 'table', 'difference'];
    // Twice: what was transferred must not be what is cached.
    for (const view of [...views, ...views]) {
      const result = await page.get('view', { view, options });
      assert.equal(result.view, view);
      assert.equal(result.total, 35);
      assert.deepEqual(result.frames.map(({ name }) => name).slice(0, 3), ['(root)', 'a', 'b']);
      assert.deepEqual([...result.frameTotals.slice(0, 3)], [35, 30, 25]);
      assert.deepEqual([...result.frameSelfs.slice(0, 3)], [0, 10, 25]);
      assert.equal(result.frameKeys[1], placeKey({ functionName: 'a', url: '/app/a.js', line: 0, column: 0 }));
      assert.deepEqual(
        [result.frameKeys.length, result.frameTotals.length],
        [result.frames.length, result.frames.length],
      );
      if (result.view === 'sandwich') {
        assert.equal(result.frames[result.frame].name, 'b');
        assert.deepEqual(rowTexts(result.callers, result.frames), ['b 0-25 self 25', 'a 0-20']);
        assertLayout(result.callees);
      } else if (result.view !== 'table') assertLayout(result.layout);
      if (result.view === 'difference') {
        assert.deepEqual([result.totalBefore, result.totalAfter, ...result.frameTotalsBefore!], [5, 35, 5, 5, 0]);
        assert.deepEqual([...result.layout.before], [5, 5, 0, 0]);
      }
    }
  });

  it('has the frames of inverted stacks that it leaves out behind those of the view', async () => {
    await page.get('load', { data: encodeColumns(profile) });
    const { frames, frameKeys } = await page.get('view', { view: 'inverted', options });
    assert.deepEqual([frames.at(-1)?.name, new Set(frameKeys).size], ['(others)', frames.length]);
    const { matches } = await page.get('search', { query: 'a', isRegExp: false, matchCase: false });
    assert.equal(matches.length, frames.length);
  });

  it('shows the sandwich of the method that is asked for, or says that it is not there', async () => {
    await page.get('load', { data: encodeColumns(profile) });
    const frameKey = placeKey({ functionName: 'a', url: '/app/a.js', line: 0, column: 0 });
    const result = await page.get('view', { view: 'sandwich', options, frameKey });
    assert.ok(result.view === 'sandwich');
    assert.deepEqual(rowTexts(result.callees, result.frames), ['a 0-30 self 10', 'b 0-20 self 20']);
    const answer = await page.ask('view', { view: 'sandwich', options, frameKey: '(others)' });
    assert.match(answer.error!, /not in what is shown\. Choose another one/);
  });

  it('searches and tells details in the view that is shown', async () => {
    await page.get('load', { data: encodeColumns(profile) });
    assert.equal((await page.get('search', { query: 'a', isRegExp: false, matchCase: false })).matches.length, 0);
    await page.get('view', { view: 'leftHeavy', options: { ...options, range: { startUs: 105, endUs: 125 } } });
    assert.equal((await page.get('search', { query: '^b$', isRegExp: true, matchCase: false })).matchedValue, 15);
    assert.equal(
      (await page.get('search', { query: '(', isRegExp: true, matchCase: false })).hint,
      'Unterminated group.',
    );
    assert.deepEqual(await page.get('frameDetails', { frame: 1 }), { callers: [], callees: [{ frame: 2, value: 15 }] });
    // A view that fails is not shown.
    await page.ask('view', { view: 'difference', options });
    assert.equal((await page.get('search', { query: 'b', isRegExp: false, matchCase: false })).matchedValue, 15);
  });

  it('has a heat map of the time that was sampled', async () => {
    await page.get('load', { data: encodeColumns(profile) });
    const map = await page.get('heatMap', { columns: 3, rows: 3, options });
    assert.deepEqual([...map!.values], [1, 1, 1, 1, 1, 1, 0, 0, 1]);
  });

  it('compares two ranges until that is ended', async () => {
    await page.get('load', { data: encodeColumns(profile) });
    await page.get('compareRanges', { before: { startUs: 100, endUs: 115 }, after: { startUs: 115, endUs: 145 } });
    const result = await page.get('view', { view: 'difference', options });
    assert.ok(result.view === 'difference');
    assert.deepEqual([result.totalBefore, result.totalAfter], [15, 20]);
    await page.get('compareRanges', undefined);
    assert.match((await page.ask('view', { view: 'difference', options })).error!, /nothing to compare/);
  });

  it('shows a refreshed profile, and forgets the old one', async () => {
    await page.get('load', { data: encodeColumns(profile) });
    assert.equal((await page.get('view', { view: 'table', options })).total, 35);
    await page.get('load', { data: encodeColumns(columnsOf({ [a]: 7 })) });
    assert.equal((await page.get('view', { view: 'table', options })).total, 7);
    await page.get('compareWith', { data: encodeColumns(profile) });
    assert.equal(await page.get('compareWith', { data: undefined }), undefined);
  });

  it('answers what it cannot do with a cause and what to do next', async () => {
    const errorOf = async <K extends Kind>(kind: K, params: WorkerRequests[K]['params']): Promise<string> =>
      (await page.ask(kind, params)).error ?? 'no error';
    assert.match(await errorOf('view', { view: 'table', options }), /No profile is open\./);
    assert.notEqual(await errorOf('load', { data: new ArrayBuffer(7) }), 'no error');
    await page.get('load', { data: encodeColumns(columnsOf({ [a]: 7 })) });
    assert.match(await errorOf('view', { view: 'timeOrder', options }), /no samples over time\. Choose/);
    assert.match(
      await errorOf('view', { view: 'table', options: { ...options, measure: 3 } }),
      /Choose another measure/,
    );
    assert.equal(await errorOf('view', { view: 'table', options }), 'no error');
  });

  it('answers in order, and leaves out what a later request replaces', async () => {
    const large = randomProfile(3, 400, 2_000);
    void page.ask('load', { data: encodeColumns(large) });
    void page.ask('view', { view: 'timeOrder', options });
    void page.ask('heatMap', { columns: 2, rows: 2, options });
    void page.ask('view', { view: 'inverted', options });
    void page.ask('search', { query: 'a', isRegExp: false, matchCase: false });
    void page.ask('search', { query: 'b', isRegExp: false, matchCase: false });
    await page.ask('view', { view: 'leftHeavy', options });
    assert.deepEqual(
      page.answers.map(({ id }) => id),
      [1, 2, 3, 4, 5, 6, 7],
    );
    assert.deepEqual(
      page.answers.filter(({ superseded }) => superseded).map(({ id }) => id),
      [2, 4, 5],
    );
    assert.equal(page.answers.filter((answer) => 'result' in answer).length, 4);
  });
});
