import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { isHeatlensError } from '../../core/errors';
import type { ProfileColumns } from '../../core/profile/profileColumns';
import type { PageExportFormat } from '../../core/protocol/flame';
import {
  exportExtension,
  exportToFile,
  isPacked,
  writeWhole,
  type ExportFormat,
} from '../../node/profiles/exportProfile';
import { localFolders } from '../workspace/folders';
import { showInformation } from '../messages/notifications';
import { requireFile } from '../workspace/requireFile';
import { confirm } from '../messages/confirm';
import { withQuietProgress } from '../messages/progress';
import { askTarget, pickOne } from '../messages/questions';
import { whenShown } from './flameContent';
import type { FlamePage } from './flamePage';
import type { FlameServices } from './flamePanels';
import { rememberProfile } from './recentProfiles';
import { exportFailed, nothingToExport } from './flameErrors';

interface Target {
  readonly format: PageExportFormat | ExportFormat;
  readonly label: string;
  readonly note: string;
}

/** What this profile can be written as. Labels are names of formats, which nobody translates. */
function targetsOf({ measures }: ProfileColumns): Target[] {
  const has = (...kinds: string[]): boolean => measures.some(({ kind }) => kinds.includes(kind));
  const all: (Target & { readonly fits?: boolean })[] = [
    { format: 'svg', label: 'SVG', note: vscode.l10n.t('the view as it is drawn now, sharp at any size') },
    { format: 'png', label: 'PNG', note: vscode.l10n.t('the view as it is drawn now') },
    { format: 'html', label: 'HTML', note: vscode.l10n.t('a report that opens in any browser, offline') },
    { format: 'speedscope', label: 'Speedscope JSON', note: 'speedscope.app' },
    { format: 'pprof', label: 'pprof', note: 'go tool pprof, Grafana Pyroscope' },
    { format: 'cpuprofile', label: 'V8 CPU Profile', note: 'Chrome DevTools, VS Code', fits: has('cpu') },
    {
      format: 'heapprofile',
      label: 'V8 Heap Profile',
      note: 'Chrome DevTools, VS Code',
      fits: has('allocated', 'live'),
    },
    { format: 'folded', label: 'Folded Stacks', note: 'flamegraph.pl, inferno' },
  ];
  return all.filter(({ fits }) => fits !== false);
}

function endingOf(format: Target['format']): string {
  return format === 'png' ? '.png' : exportExtension(format);
}

/** Asks for a format and a file, unless they are given, and writes what the page shows there. */
export async function exportPage(
  page: FlamePage,
  { context, model }: FlameServices,
  given?: { readonly format: string; readonly uri?: vscode.Uri },
): Promise<void> {
  const profile = await withQuietProgress(vscode.l10n.t('Reading {0}', page.content.name), ({ signal }) =>
    whenShown(page.content, signal),
  );
  if (!profile) throw nothingToExport();
  const offered = targetsOf(profile.columns);
  const target = given ? offered.find(({ format }) => format === given.format) : await pickTarget(page, offered);
  if (!target) return;
  const uri = given?.uri ? await confirmFile(given.uri) : await askFile(page, target);
  if (!uri) return;
  const path = uri.fsPath;
  await withQuietProgress(vscode.l10n.t('Heatlens: exporting {0}', page.content.name), async ({ signal }) => {
    try {
      if (target.format === 'svg' || target.format === 'png') {
        const drawn = await page.draw(target.format, signal);
        await writeWhole([typeof drawn === 'string' ? drawn : new Uint8Array(drawn)], path, { signal });
      } else {
        const pageFolder = join(context.extensionPath, 'dist', 'webview');
        await exportToFile(profile.columns, target.format, path, {
          signal,
          pageFolder,
          gzip: isPacked(target.format, path),
        });
      }
    } catch (error) {
      throw isHeatlensError(error) || signal.aborted ? error : exportFailed(path, error);
    }
  });
  if (isReadable(target.format)) rememberProfile(context.workspaceState, uri);
  if (given?.uri) return;
  const open = vscode.l10n.t('Open');
  const picked = await showInformation(vscode.l10n.t('Exported to {0}', model.paths.short(path)), open);
  if (picked !== open) return;
  if (target.format === 'html') await vscode.env.openExternal(uri);
  else await vscode.commands.executeCommand('vscode.open', uri);
}

function isReadable(format: Target['format']): boolean {
  return format !== 'svg' && format !== 'png' && format !== 'html';
}

async function pickTarget(page: FlamePage, offered: readonly Target[]): Promise<Target | undefined> {
  const items = offered.map((target) => ({
    label: target.label,
    description: `${endingOf(target.format)} · ${target.note}`,
    target,
  }));
  const picked = await pickOne(items, { title: vscode.l10n.t('Export {0} As', page.content.name) });
  return picked?.target;
}

/** A file that was given as an argument: any link can give one, so nothing is written before the user said so. */
async function confirmFile(given: vscode.Uri): Promise<vscode.Uri | undefined> {
  const path = requireFile(given).fsPath;
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  const question = exists
    ? vscode.l10n.t('Replace {0} with the flame graph?', basename(path))
    : vscode.l10n.t('Write the flame graph to {0}?', basename(path));
  const detail = exists
    ? vscode.l10n.t('{0} is lost. A link or another extension asks for it.', path)
    : vscode.l10n.t('{0} is made. A link or another extension asks for it.', path);
  return (await confirm({ question, detail, go: exists ? vscode.l10n.t('Replace') : vscode.l10n.t('Write') }))
    ? given
    : undefined;
}

function askFile(page: FlamePage, { format, label }: Target): Thenable<vscode.Uri | undefined> {
  const { content } = page;
  const ending = endingOf(format);
  const stem = content.name
    .replace(/\.(cpuprofile|heapprofile|pprof|pb\.gz|speedscope\.json|folded)$/i, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-');
  const folder = content.uri ? dirname(content.uri.fsPath) : localFolders()[0]?.path;
  const name = `${stem.replace(/^-|-$/g, '') || 'flame-graph'}${ending}`;
  return askTarget({
    title: vscode.l10n.t('Export {0} As', content.name),
    defaultUri: vscode.Uri.file(folder === undefined ? name : join(folder, name)),
    // The last part alone: dialogs compare it with what they take for the extension, and would add a longer one once more.
    filters: { [label]: [ending.slice(ending.lastIndexOf('.') + 1)] },
  });
}
