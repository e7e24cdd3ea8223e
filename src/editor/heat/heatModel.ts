import type * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import type { MethodHeat } from '../../core/heat/heatSnapshot';
import type { HeatSource } from '../../core/heat/heatSource';
import type { MeasuredSource } from '../../core/heat/methodResolver';
import type { Method, MethodIndex } from '../../core/method/method';
import type { MethodIndexer } from '../../core/method/methodIndex';
import { onSettingsChange, setting } from '../settings/configuration';
import type { Engine } from '../recording/engine';
import type { FilePaths } from '../workspace/filePaths';
import type { HeatView } from './heatView';
import { createHeatView, hotLines } from './heatView';
import { limited } from '../settings/recordingOptions';

/** Heat of one method, where the method stands in the present text of a document. */
export interface PlacedHeat {
  readonly heat: MethodHeat;
  readonly method: Method;
  readonly stale: boolean;
  /** Lines the method has moved since it was measured; undefined when its lines cannot be told any more. */
  readonly lineShift: number | undefined;
  /** Another hot method's lens stands on the same line. */
  readonly sharesLine: boolean;
}

export interface DocumentHeat {
  /** By position; of several at one place the innermost is last. */
  readonly methods: readonly PlacedHeat[];
  /** Self share of hot lines, 0-based lines of the present text. */
  readonly lines: ReadonlyMap<number, number>;
}

/** Between slices of the parse that makes the first edit cheap; nobody waits for it. */
const PREPARE_PAUSE_MS = 30;

const noHeat: DocumentHeat = { methods: [], lines: new Map() };

/** What follows methods through edits: a part of the engine, which is not loaded before there is heat. */
type MethodTools = Pick<Engine, 'createMethodIndexer' | 'followMethods'>;
type Followed = ReturnType<Engine['followMethods']>;

interface OpenDocument {
  readonly indexer: MethodIndexer;
  version: number;
  index: MethodIndex | undefined;
  followed: { readonly measured: MethodIndex; readonly current: MethodIndex; readonly methods: Followed } | undefined;
  placed: { readonly view: HeatView; readonly version: number; readonly heat: DocumentHeat } | undefined;
}

/** What is known of how bytes are sampled. */
export interface MemoryNote {
  /** Bytes between heap samples; undefined before anything was measured. */
  readonly heapIntervalBytes: number | undefined;
  /** Memory is being measured, so that what is missing yet will come. */
  readonly memoryPending: boolean;
}

/** The heat as documents show it: what is above the threshold, followed through edits. Everything is computed on demand. */
export class HeatModel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  private readonly documents = new WeakMap<vscode.TextDocument, OpenDocument>();
  private lastView: HeatView | undefined;
  private displayed = true;

  /** The heat, a setting that shows it, or `shown` changed. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly source: HeatSource & MemoryNote,
    private readonly tools: () => MethodTools | undefined,
    readonly paths: FilePaths,
  ) {
    this.store.add(source.onDidChange(() => this.changed.fire()));
    this.store.add(
      onSettingsChange(() => {
        this.lastView = undefined;
        this.changed.fire();
      }),
    );
  }

  /** False while the user has switched heat off in the editors; the views show it still. */
  get shown(): boolean {
    return this.displayed;
  }

  set shown(shown: boolean) {
    this.displayed = shown;
    this.changed.fire();
  }

  get view(): HeatView | undefined {
    const { snapshot } = this.source;
    if (!snapshot) return undefined;
    if (this.lastView?.snapshot !== snapshot) this.lastView = createHeatView(snapshot, this.threshold);
    return this.lastView;
  }

  /** Share, 0..1. */
  get threshold(): number {
    return limited('threshold', setting('threshold')) / 100;
  }

  /** Bytes between heap samples; the default of the engine before anything was measured. */
  get heapIntervalBytes(): number {
    return this.source.heapIntervalBytes ?? limited('heapSamplingInterval', setting('heapSamplingInterval'));
  }

  /** Memory is being measured, so that what is missing yet will come. */
  get memoryPending(): boolean {
    return this.source.memoryPending;
  }

  /** Empty where heat is switched off. */
  heatOf(document: vscode.TextDocument): DocumentHeat {
    const { view, source } = this;
    const tools = this.tools();
    if (!view || !tools || !this.displayed || document.uri.scheme !== 'file') return noHeat;
    const file = this.fileOf(document.uri, view);
    const hot = view.hotByFile.get(file);
    const measured = hot && source.measuredSource(file);
    if (!hot || !measured) return noHeat;
    const open = this.open(document, tools, measured);
    if (open.placed?.view === view && open.placed.version === document.version) return open.placed.heat;
    const current = currentIndex(open, document);
    const methods = placeHeat(
      hot.map((method) => method.heat),
      followed(open, measured.index, current, tools),
      current,
    );
    const heat = { methods, lines: placedLines(methods, this.threshold) };
    open.placed = { view, version: document.version, heat };
    return heat;
  }

  /** Where a measured method stands now. */
  locate(document: vscode.TextDocument, file: string, index: number): Method | undefined {
    const tools = this.tools();
    const measured = this.source.measuredSource(file);
    if (!tools || !measured) return undefined;
    const open = this.open(document, tools, measured);
    const current = currentIndex(open, document);
    const place = followed(open, measured.index, current, tools)[index];
    return place ? current.methods[place.index] : undefined;
  }

  /** Share of the CPU time that is spent in the methods of a file; undefined without hot ones. */
  fileShare(uri: vscode.Uri): number | undefined {
    const { view } = this;
    return view && this.displayed ? view.fileShares.get(this.fileOf(uri, view)) : undefined;
  }

  dispose(): void {
    this.store.dispose();
  }

  private fileOf(uri: vscode.Uri, view: HeatView): string {
    return view.hotByFile.has(uri.fsPath) ? uri.fsPath : this.paths.measured(uri.fsPath);
  }

  private open(document: vscode.TextDocument, tools: MethodTools, measured: MeasuredSource): OpenDocument {
    let open = this.documents.get(document);
    if (!open) {
      // Mostly the document still has the text that was measured, and a large one takes long to parse.
      const indexer = tools.createMethodIndexer(document.fileName, measured);
      void indexer.prepare(document.getText(), () => new Promise((resolve) => setTimeout(resolve, PREPARE_PAUSE_MS)));
      open = { indexer, version: -1, index: undefined, placed: undefined, followed: undefined };
      this.documents.set(document, open);
    }
    return open;
  }
}

function currentIndex(open: OpenDocument, document: vscode.TextDocument): MethodIndex {
  if (!open.index || open.version !== document.version) {
    open.index = open.indexer.update(document.getText());
    open.version = document.version;
  }
  return open.index;
}

/** The heat changes with every refresh, the texts seldom. */
function followed(open: OpenDocument, measured: MethodIndex, current: MethodIndex, tools: MethodTools): Followed {
  if (open.followed?.measured !== measured || open.followed.current !== current) {
    open.followed = { measured, current, methods: tools.followMethods(measured, current) };
  }
  return open.followed.methods;
}

function placeHeat(hot: readonly MethodHeat[], places: Followed, current: MethodIndex): PlacedHeat[] {
  const placed: PlacedHeat[] = [];
  const perLine = new Map<number, number>();
  for (const heat of hot) {
    const place = places[heat.source.index];
    if (!place) continue;
    const method = current.methods[place.index];
    perLine.set(method.nameStart.line, (perLine.get(method.nameStart.line) ?? 0) + 1);
    placed.push({
      heat,
      method,
      stale: place.stale,
      lineShift: lineShift(heat, method, place.stale),
      sharesLine: false,
    });
  }
  return placed
    .map((place) => (perLine.get(place.method.nameStart.line)! > 1 ? { ...place, sharesLine: true } : place))
    .sort(
      (a, b) =>
        a.method.nameStart.line - b.method.nameStart.line || a.method.nameStart.column - b.method.nameStart.column,
    );
}

function placedLines(methods: readonly PlacedHeat[], threshold: number): Map<number, number> {
  const lines = methods.flatMap(({ heat, lineShift: shift }) =>
    shift === undefined ? [] : heat.lines.map((line) => ({ ...line, line: line.line + shift })),
  );
  return hotLines(lines, threshold);
}

/** White space is folded in the hashes, so an unchanged method may still have been wrapped to another number of lines. */
function lineShift(heat: MethodHeat, method: Method, stale: boolean): number | undefined {
  const before = heat.source.method.span;
  const sameHeight = method.span.end.line - method.span.start.line === before.end.line - before.start.line;
  return stale || !sameHeight ? undefined : method.span.start.line - before.start.line;
}
