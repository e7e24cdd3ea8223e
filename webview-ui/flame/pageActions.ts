import type { ViewKind } from '../../src/core/flame/viewOptions';
import type { FramePlace } from '../../src/core/protocol/flame';
import { pngPicture, svgPicture } from './drawing/exportPicture';
import type { DataFlow } from './host/dataFlow';
import type { FlameHost } from './host/hostChannel';
import type { KeyCommand } from './interaction/keyboard';
import type { PageActions } from './model/actions';
import { shareOf } from '../../src/core/words/shares';
import { formatValue } from '../../src/core/words/measures';
import { activeMatches, placeOf, selectedFrame, type PageModel } from './model/pageModel';
import type { Stage } from './panes/stage';
import type { TablePane } from './panes/tablePane';
import { placeText } from './panes/details';
import { text } from './strings';

export interface ActionContext {
  readonly model: PageModel;
  readonly host: FlameHost;
  readonly flow: DataFlow;
  announce(words: string): void;
  info(words: string): void;
  update(): void;
  repaint(): void;
  stage(): Stage;
  table(): TablePane;
  help(): void;
  /** The next result is drawn from its beginning. */
  forgetPlace(): void;
  showPosition(position: number | undefined, count: number): void;
  /** Something that the saved state tells has changed. */
  changed(): void;
}

export interface AllActions extends PageActions {
  run(command: KeyCommand): void;
  selectionChanged(frame: number | undefined, byUser: boolean): void;
  onSelection(listener: () => void): void;
  comparisonIs(kind: 'profile' | undefined): void;
  forgetRanges(): Promise<void>;
}

/** The editor reveals what is selected; not each box that arrow keys pass by. */
const tellSelectionAfterMs = 180;

export function createActions(context: ActionContext): AllActions {
  const { model, host, flow } = context;
  let selectionTimer = 0;
  let told: string | undefined;
  let listener: () => void = () => undefined;
  let hasOtherProfile = false;

  function choose(choices: Partial<PageModel['choices']>): void {
    model.choices = { ...model.choices, ...choices };
    context.changed();
  }

  async function refresh(): Promise<void> {
    context.update();
    await flow.refresh();
  }

  async function changeView(view: ViewKind): Promise<void> {
    if (view === model.choices.view) return;
    choose({ view });
    if (view === 'sandwich') model.sandwichKey = model.selectedKey;
    context.forgetPlace();
    await refresh();
    const total = model.result ? formatValue(model.result.total, model.result.measure.unit) : '–';
    context.announce(text('announce.view', text(`view.${view}`), total));
  }

  /** Where keys act in the view that is shown. */
  function focusView(): void {
    if (model.choices.view === 'table') context.table().focus();
    else context.stage().focus();
  }

  function placeOfFrame(frame: number): FramePlace | undefined {
    const viewFrame = model.result?.frames[frame];
    if (!viewFrame || viewFrame.frame < 0 || viewFrame.category !== 'source') return undefined;
    return { functionName: viewFrame.name, ...viewFrame.place };
  }

  const nameOf = (frame: number): string => placeOf(model, frame).name;

  async function exportAs(format: 'svg' | 'png'): Promise<void> {
    // Another view may have been chosen a moment ago.
    await flow.settled();
    const scene = context.stage().scene();
    if (!scene || model.choices.view === 'table') {
      context.info(text('export.noPicture'));
      host.post({ type: 'failed', message: text('export.noPicture') });
      return;
    }
    try {
      const data = format === 'svg' ? svgPicture(model, scene) : await pngPicture(model, scene);
      host.post({ type: 'exported', format, data }, data instanceof ArrayBuffer ? [data] : []);
    } catch (error) {
      host.post({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  const actions: AllActions = {
    setView: (view) => void changeView(view),
    setOptions: (options) => {
      choose({ options: { ...model.choices.options, ...options } });
      void refresh();
    },
    setColour: (colour) => {
      choose({ colour });
      context.repaint();
      context.update();
    },
    setNormalised: (normalised) => {
      choose({ normalised });
      void refresh();
    },
    setSearch: (search) => {
      choose({ search });
      void flow.search();
    },
    setSort: (sort) => {
      choose({ sort });
      context.update();
    },
    setRange: (range) => {
      choose({ options: { ...model.choices.options, range } });
      context.forgetPlace();
      void refresh();
    },
    compareRanges: (before, after) => {
      model.comparison = { kind: 'ranges', before, after };
      choose({ view: 'difference' });
      context.forgetPlace();
      void flow.compareRanges().then(refresh);
    },
    endComparison: () => {
      void actions.forgetRanges().then(() => {
        choose({ view: 'timeOrder', options: { ...model.choices.options, range: undefined } });
        context.forgetPlace();
        return refresh();
      });
    },
    forgetRanges: async () => {
      model.comparison = hasOtherProfile ? { kind: 'profile' } : undefined;
      await flow.compareRanges();
    },
    comparisonIs: (kind) => {
      hasOtherProfile = kind !== undefined;
      model.comparison = kind && { kind };
      context.update();
    },
    chooseComparison: () => host.post({ type: 'askComparison' }),
    chooseProfile: (index) => host.post({ type: 'chooseProfile', index }),
    selectFrame: (frame) => {
      const { result, choices } = model;
      if (!result || frame === undefined) return;
      if (choices.view === 'table') {
        model.selectedKey = result.frameKeys[frame];
        actions.selectionChanged(frame, true);
        context.update();
      } else if (!context.stage().selectFrame(frame)) context.info(text('selected.notShown', nameOf(frame)));
    },
    selectionChanged: (frame, byUser) => {
      const { result } = model;
      if (byUser) model.selectedKey = frame === undefined ? undefined : result?.frameKeys[frame];
      listener();
      context.changed();
      context.showPosition(undefined, 0);
      if (!byUser) return;
      clearTimeout(selectionTimer);
      selectionTimer = window.setTimeout(() => {
        const place = frame === undefined ? undefined : placeOfFrame(frame);
        const written = JSON.stringify(place);
        if (written !== told) host.post({ type: 'selected', place });
        told = written;
      }, tellSelectionAfterMs);
    },
    onSelection: (next) => {
      listener = next;
    },
    openSource: (frame, toSide) => {
      const place = placeOfFrame(frame);
      if (!place) context.info(text('selected.noSource', nameOf(frame)));
      else if (host.kind === 'report') context.info(text('selected.report', placeText(placeOf(model, frame))));
      else host.post({ type: 'openSource', place, toSide });
    },
    showSandwich: (frame) => {
      const key = model.result?.frameKeys[frame];
      if (key === undefined) return;
      model.sandwichKey = model.selectedKey = key;
      choose({ view: 'sandwich' });
      context.forgetPlace();
      void refresh();
    },
    nextMatch: (step) => {
      if (!activeMatches(model)) return;
      if (model.choices.view === 'table') {
        const rows = context.table().rows();
        const at = rows.indexOf(selectedFrame(model));
        if (rows.length) actions.selectFrame(rows[(at + step + rows.length) % rows.length]);
        return;
      }
      const found = context.stage().nextMatch(step);
      if (!found) {
        context.announce(text('search.noneInView'));
        return;
      }
      context.showPosition(found.position, found.count);
      context.announce(text('search.position', String(found.position), String(found.count)));
    },
    exportAs: (format) => {
      if (format === 'other') host.post({ type: 'askExport' });
      else void exportAs(format);
    },
    resetZoom: () => context.stage().resetZoom(),
    showHelp: context.help,
    cancelWork: () => host.post({ type: 'cancelWork' }),
    announce: context.announce,
    run: (command) => {
      if (typeof command === 'object') {
        void changeView(command.view).then(focusView);
        return;
      }
      const frame = selectedFrame(model);
      switch (command) {
        case 'open':
        case 'openToSide':
          if (frame >= 0) actions.openSource(frame, command === 'openToSide');
          break;
        case 'nextMatch':
        case 'previousMatch':
          actions.nextMatch(command === 'nextMatch' ? 1 : -1);
          break;
        case 'reset':
          context.stage().resetZoom();
          break;
        case 'help':
          context.help();
          break;
        default:
          if (model.choices.view === 'table') context.table().focus();
          else if (context.stage().run(command)) announceSelection();
      }
    },
  };

  /** What the tree has just read to those who are in it is not said twice. */
  function announceSelection(): void {
    const frame = selectedFrame(model);
    const { result } = model;
    if (!result || frame < 0 || document.activeElement?.getAttribute('role') === 'treeitem') return;
    context.announce(
      text(
        'announce.selected',
        nameOf(frame),
        formatValue(result.frameTotals[frame], result.measure.unit),
        shareOf(result.frameTotals[frame], result.total),
      ),
    );
  }

  return actions;
}
