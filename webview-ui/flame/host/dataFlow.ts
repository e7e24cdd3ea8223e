import type { PageModel } from '../model/pageModel';
import { hasTimes } from '../model/pageModel';
import type { FrameDetails, HeatMap, ViewRequest, ViewResult } from '../model/workerProtocol';
import type { FlameWorker } from './workerClient';

export interface DataFlowEvents {
  /** A new result is in the model (or none, with the reason when the worker had one). */
  shown(problem: string | undefined): void;
  /** Just before the model's result is replaced. */
  replacing(): void;
  searched(): void;
  busy(isBusy: boolean): void;
}

/** Asks the worker, and puts its answers into the model. Answers that came too late are dropped. */
export interface DataFlow {
  /** With `mayDraft` the first drawing of a big profile lacks what does not show in it, for a moment. */
  load(data: ArrayBuffer, options: { readonly mayDraft: boolean }): Promise<void>;
  compareWith(data: ArrayBuffer): Promise<void>;
  compareRanges(): Promise<void>;
  refresh(): Promise<void>;
  /** Resolves when what was asked for last is shown. */
  settled(): Promise<void>;
  search(): Promise<void>;
  heatMap(columns: number, rows: number): Promise<HeatMap | undefined>;
  details(frame: number): Promise<FrameDetails | undefined>;
}

const BUSY_AFTER_MS = 200;

export function createDataFlow(
  model: PageModel,
  workerStarted: Promise<FlameWorker>,
  events: DataFlowEvents,
): DataFlow {
  let turn = 0;
  /** Asked for before the facts of a profile were known. */
  let early:
    { readonly request: string; readonly answer: Promise<{ readonly result: ViewResult } | undefined> } | undefined;
  let searchTurn = 0;

  let showing = Promise.resolve();
  function refresh(): Promise<void> {
    return (showing = show());
  }

  async function show(): Promise<void> {
    const mine = ++turn;
    if (!model.facts || cannotShow(model)) {
      events.replacing();
      model.result = model.found = undefined;
      events.shown(undefined);
      return;
    }
    const timer = setTimeout(() => events.busy(true), BUSY_AFTER_MS);
    try {
      const result = await askView();
      if (mine !== turn || !result) return;
      // A search that is on is asked before anything is drawn: otherwise everything would light up for a moment.
      const found = model.choices.search.query
        ? await (await workerStarted).ask('search', model.choices.search)
        : undefined;
      if (mine !== turn) return;
      events.replacing();
      model.result = result;
      model.found = found?.result;
      events.shown(undefined);
      if (result.isDraft) await show();
    } catch (error) {
      if (mine !== turn) return;
      events.replacing();
      model.result = model.found = undefined;
      events.shown(error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
      if (mine === turn) events.busy(false);
    }
  }

  async function askView(): Promise<ViewResult | undefined> {
    const worker = await workerStarted;
    const request = viewRequest(model);
    const asked = early?.request === JSON.stringify(request) ? early.answer : worker.ask('view', request);
    early = undefined;
    if (request.frameKey === undefined) return (await asked)?.result;
    try {
      return (await asked)?.result;
    } catch {
      // The method is not in what is shown now; the hottest one is.
      return (await worker.ask('view', { ...request, frameKey: undefined }))?.result;
    }
  }

  return {
    refresh,
    settled: async () => {
      for (let last; last !== showing;) await (last = showing);
    },
    load: async (data, { mayDraft }) => {
      const worker = await workerStarted;
      const loaded = worker.ask('load', { data }, [data]);
      // What is wanted is known before the facts are; the worker goes on without waiting for us.
      const wanted = worker.ask('view', { ...viewRequest(model), isDraft: mayDraft });
      wanted.catch(() => undefined);
      early = { request: JSON.stringify(viewRequest(model)), answer: wanted };
      const answer = await loaded;
      if (!answer) return;
      model.facts = answer.result;
      const { options } = model.choices;
      if (options.measure >= answer.result.measures.length)
        model.choices = { ...model.choices, options: { ...options, measure: 0 } };
    },
    compareWith: async (data) => {
      await (await workerStarted).ask('compareWith', { data }, [data]);
      await (await workerStarted).ask('compareRanges', undefined);
      model.comparison = { kind: 'profile' };
    },
    compareRanges: async () => {
      const ranges =
        model.comparison?.kind === 'ranges'
          ? { before: model.comparison.before, after: model.comparison.after }
          : undefined;
      await (await workerStarted).ask('compareRanges', ranges);
    },
    search: async () => {
      const mine = ++searchTurn;
      const { search } = model.choices;
      const result = model.result;
      if (!search.query) model.found = undefined;
      else {
        const answer = await (await workerStarted).ask('search', search);
        if (mine !== searchTurn || !answer || result !== model.result) return;
        model.found = answer.result;
      }
      events.searched();
    },
    heatMap: async (columns, rows) => {
      const { options } = model.choices;
      return (await (await workerStarted).ask('heatMap', { columns, rows, options }))?.result;
    },
    details: async (frame) => {
      const result = model.result;
      const answer = await (await workerStarted).ask('frameDetails', { frame });
      return result === model.result ? answer?.result : undefined;
    },
  };
}

function viewRequest({ choices, comparison, sandwichKey, selectedKey }: PageModel): ViewRequest {
  const { view, options, normalised } = choices;
  const frameKey = view === 'sandwich' ? (sandwichKey ?? selectedKey) : undefined;
  // The table of a difference is made of what the difference knows.
  return {
    view: view === 'table' && comparison ? 'difference' : view,
    options,
    normalised,
    ...(frameKey === undefined ? {} : { frameKey }),
  };
}

function cannotShow(model: PageModel): boolean {
  const { view } = model.choices;
  return (view === 'timeOrder' && !hasTimes(model)) || (view === 'difference' && !model.comparison);
}
