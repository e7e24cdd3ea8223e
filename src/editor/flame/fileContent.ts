import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import { errorText, isHeatlensError } from '../../core/errors';
import type { MethodResolver } from '../../core/heat/methodResolver';
import { encodeColumns } from '../../core/profile/columnsCodec';
import type { ProfileColumns } from '../../core/profile/profileColumns';
import { openProfile } from '../../node/profiles/openProfile';
import type { ContentStatus, FlameContent, ShownProfile } from './flameContent';

/** Tools write profiles in pieces: a file is read when it was left alone for so long, ms. */
const SETTLE_MS = 700;

/** A profile file as a flame graph: read in a worker thread, and again when it changes. */
export class FileContent implements FlameContent, vscode.CustomDocument {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  private reading: AbortController | undefined;
  private profiles: readonly ProfileColumns[] | undefined;
  private resolver: MethodResolver | undefined;
  private active = 0;
  private shown: ShownProfile | undefined;
  private settle: NodeJS.Timeout | undefined;

  readonly onDidChange = this.changed.event;
  status: ContentStatus | undefined;

  constructor(
    readonly uri: vscode.Uri,
    private readonly createResolver: (folder: string) => MethodResolver,
    private readonly onProblem: (text: string) => void,
  ) {
    this.store.add({ dispose: () => this.reading?.abort() });
    this.store.add({ dispose: () => clearTimeout(this.settle) });
    if (uri.scheme !== 'file') {
      this.status = {
        type: 'failure',
        message: vscode.l10n.t('{0} is not a file on disk.', uri.toString(true)),
        nextStep: vscode.l10n.t('Save a copy of it in a folder, and open that.'),
      };
      return;
    }
    const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(uri.fsPath)), basename(uri.fsPath));
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher(pattern));
    const changedOnDisk = (): void => {
      clearTimeout(this.settle);
      this.settle = setTimeout(() => void this.read(), SETTLE_MS);
    };
    watcher.onDidChange(changedOnDisk);
    watcher.onDidCreate(changedOnDisk);
    void this.read();
  }

  get name(): string {
    return basename(this.uri.path);
  }

  profile(): ShownProfile | undefined {
    if (!this.profiles || this.shown) return this.shown;
    const columns = this.profiles[this.active];
    const resolver = (this.resolver ??= this.createResolver(dirname(this.uri.fsPath)));
    this.shown = {
      columns,
      data: encodeColumns(columns),
      live: false,
      titles: this.profiles.map(({ title }) => title),
      active: this.active,
      resolverOf: () => resolver,
    };
    return this.shown;
  }

  choose(index: number): void {
    if (!this.profiles?.[index] || index === this.active) return;
    this.active = index;
    this.shown = undefined;
    this.changed.fire();
  }

  cancel(): void {
    if (this.status?.type !== 'progress') return;
    this.reading?.abort();
    this.status = {
      type: 'failure',
      message: vscode.l10n.t('Reading {0} was cancelled.', this.name),
      nextStep: vscode.l10n.t('Close the file and open it again to read it.'),
    };
    this.changed.fire();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async read(): Promise<void> {
    this.reading?.abort();
    const reading = (this.reading = new AbortController());
    const { signal } = reading;
    const say = (status: ContentStatus | undefined): void => {
      if (signal.aborted) return;
      this.status = status;
      this.changed.fire();
    };
    const text = vscode.l10n.t('Reading {0}', this.name);
    say({ type: 'progress', text });
    try {
      const profiles = await openProfile(this.uri.fsPath, {
        signal,
        onProgress: (fraction) => say({ type: 'progress', text, fraction }),
      });
      if (signal.aborted) return;
      this.profiles = profiles;
      this.active = Math.min(this.active, profiles.length - 1);
      this.shown = undefined;
      // The file may be of another build now.
      this.resolver = undefined;
      say(undefined);
    } catch (error) {
      if (signal.aborted) return;
      this.onProblem(error instanceof Error ? (error.stack ?? error.message) : String(error));
      const [message, nextStep] = isHeatlensError(error)
        ? [error.message, error.nextStep]
        : [errorText(error), vscode.l10n.t('Reopen the file as text to see what it holds.')];
      say({ type: 'failure', message, nextStep });
    }
  }
}
