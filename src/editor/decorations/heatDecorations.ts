import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { measureShare, usableMeasure } from '../../core/heat/measures';
import { BUCKET_FLOORS, gutterSvg, heatBucket } from '../../core/heat/scale';
import { lensText, methodLabel } from '../../core/heat/wording';
import { onSettingsChange, setting } from '../settings/configuration';
import { heatColorId, heatGroundColorId } from '../contributions';
import type { HeatModel } from '../heat/heatModel';
import { textBehind } from '../messages/items';
import { throttle } from '../throttle';

const RENDER_INTERVAL_MS = 250;

/**
 * Background, gutter bar and overview ruler of hot lines and of the first lines of hot methods, and the inline text.
 * One decoration type per heat bucket is reused for all editors; only visible editors are decorated.
 */
export class HeatDecorations implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly inline = this.store.add(
    vscode.window.createTextEditorDecorationType({
      after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 3ch' },
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    }),
  );
  private buckets: vscode.TextEditorDecorationType[] = [];
  /** What an editor shows already; setting the same again would only cost. */
  private readonly drawn = new WeakMap<vscode.TextEditor, string>();

  constructor(private readonly model: HeatModel) {
    const render = this.store.add(throttle(() => this.renderAll(), RENDER_INTERVAL_MS));
    this.store.add(model.onDidChange(render));
    this.store.add(vscode.window.onDidChangeVisibleTextEditors(render));
    this.store.add(vscode.workspace.onDidChangeTextDocument(render));
    this.store.add(
      onSettingsChange(() => {
        this.dropBuckets();
        render();
      }),
    );
    this.store.add({ dispose: () => this.dropBuckets() });
  }

  dispose(): void {
    this.store.dispose();
  }

  private renderAll(): void {
    // Without heat nothing was drawn, and no type needs to exist.
    if (!this.model.view && !this.buckets.length) return;
    for (const editor of vscode.window.visibleTextEditors) this.render(editor);
  }

  private render(editor: vscode.TextEditor): void {
    const lines = this.lineBuckets(editor.document);
    const inline = this.inlineTexts(editor.document);
    const signature = JSON.stringify([[...lines], inline]);
    const before = this.drawn.get(editor);
    if (before === signature || (before === undefined && !lines.size && !inline.length)) return;
    this.drawn.set(editor, signature);
    this.bucketTypes().forEach((type, i) => {
      const ranges = [...lines]
        .filter(([, bucket]) => bucket === i + 1)
        .map(([line]) => new vscode.Range(line, 0, line, 0));
      editor.setDecorations(type, ranges);
    });
    editor.setDecorations(
      this.inline,
      inline.map(({ line, text }) => {
        const end = editor.document.lineAt(line).range.end;
        return { range: new vscode.Range(end, end), renderOptions: textBehind(text) };
      }),
    );
  }

  /** Bucket per line of the document. */
  private lineBuckets(document: vscode.TextDocument): Map<number, number> {
    const buckets = new Map<number, number>();
    const { view } = this.model;
    if (!view || !(setting('gutter') || setting('background'))) return buckets;
    const { methods, lines } = this.model.heatOf(document);
    const raise = (line: number, share: number): void => {
      if (line >= document.lineCount) return;
      buckets.set(line, Math.max(buckets.get(line) ?? 0, heatBucket(share)));
    };
    const measure = usableMeasure(setting('colorBy'), view.snapshot);
    for (const { heat, method } of methods) {
      const share = measureShare(heat, measure, view.snapshot);
      if (share >= this.model.threshold && share > 0) raise(method.nameStart.line, share);
    }
    // Lines have CPU heat only: beside colours of memory they would mislead.
    if (measure === 'self' || measure === 'total') for (const [line, share] of lines) raise(line, share);
    return buckets;
  }

  private inlineTexts(document: vscode.TextDocument): { line: number; text: string }[] {
    const { view, heapIntervalBytes, memoryPending } = this.model;
    if (!view || setting('display') === 'lens') return [];
    const context = { snapshot: view.snapshot, heapIntervalBytes, memoryPending };
    const texts = new Map<number, string[]>();
    for (const { heat, method, stale, sharesLine } of this.model.heatOf(document).methods) {
      const { line } = method.nameStart;
      if (line >= document.lineCount) continue;
      const text = lensText(heat, context, { stale, ...(sharesLine ? { label: methodLabel(method) } : {}) });
      texts.set(line, [...(texts.get(line) ?? []), text]);
    }
    return [...texts].map(([line, parts]) => ({ line, text: parts.join('  |  ') }));
  }

  private bucketTypes(): readonly vscode.TextEditorDecorationType[] {
    if (!this.buckets.length) this.buckets = BUCKET_FLOORS.map((_, i) => bucketType(i + 1));
    return this.buckets;
  }

  private dropBuckets(): void {
    for (const type of this.buckets) type.dispose();
    this.buckets = [];
    for (const editor of vscode.window.visibleTextEditors) this.drawn.delete(editor);
  }
}

function bucketType(bucket: number): vscode.TextEditorDecorationType {
  const icon = (theme: 'dark' | 'light'): vscode.DecorationRenderOptions => ({
    gutterIconPath: vscode.Uri.parse(
      `data:image/svg+xml;base64,${Buffer.from(gutterSvg(theme, bucket)).toString('base64')}`,
    ),
    gutterIconSize: 'cover',
  });
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerColor: new vscode.ThemeColor(heatColorId(bucket)),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    ...(setting('background') ? { backgroundColor: new vscode.ThemeColor(heatGroundColorId(bucket)) } : {}),
    ...(setting('gutter') ? { dark: icon('dark'), light: icon('light') } : {}),
  });
}
