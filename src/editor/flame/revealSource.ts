import * as vscode from 'vscode';
import { placeKey } from '../../core/flame/view/viewFrames';
import type { Method } from '../../core/method/method';
import { frameCategory, type Frame, type FramePlace } from '../../core/profile/frame';
import { sourcePlace, type SourcePlace } from '../../core/flame/frameSources';
import type { RemoteDirectory } from '../../core/source/pathMapping';
import { isAbsolutePath } from '../../core/source/paths';
import { visibleText } from '../../core/words/foreignText';
import { showInformation, showWarning } from '../messages/notifications';
import { openSource } from '../workspace/openSource';
import type { FilePaths } from '../workspace/filePaths';
import type { ShownProfile } from './flameContent';

export interface RevealSource {
  readonly mappings: readonly RemoteDirectory[];
  /** Opens the source of a frame beside the flame graph, or says why there is none. */
  open(place: FramePlace, profile: ShownProfile | undefined, panelColumn: vscode.ViewColumn | undefined): Promise<void>;
  /** Scrolls editors that show the file already; opens nothing and takes no focus. */
  show(place: FramePlace, profile: ShownProfile | undefined): Promise<void>;
}

type Place = Extract<SourcePlace, { file: string }>;

/** How long a revealed method stays marked, ms. */
const MARK_MS = 1500;

/** `locate` tells where a measured method stands in the present text of its file, if that is known. */
export function createRevealSource(
  paths: FilePaths,
  mappings: () => readonly RemoteDirectory[],
  locate: (document: vscode.TextDocument, file: string, index: number) => Method | undefined,
): RevealSource & vscode.Disposable {
  const mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
  });
  const indices = new WeakMap<ShownProfile, Map<string, number>>();
  let unmark: NodeJS.Timeout | undefined;

  const find = async (place: FramePlace, profile: ShownProfile | undefined): Promise<SourcePlace | undefined> => {
    if (!profile) return undefined;
    let index = indices.get(profile);
    if (!index) {
      index = new Map(profile.columns.frames.map((frame, i) => [placeKey(frame), i]));
      indices.set(profile, index);
    }
    const at = index.get(placeKey(place));
    if (at === undefined) return undefined;
    const frame: Frame = profile.columns.frames[at];
    const resolver = profile.resolverOf(at);
    if (frameCategory(frame) === 'source') await resolver.prepare([frame]);
    return sourcePlace(frame, resolver, mappings());
  };

  const rangeIn = (document: vscode.TextDocument, { line, column, method }: Place): vscode.Range => {
    const now = method && locate(document, method.file, method.index)?.nameStart;
    const position = document.validatePosition(
      now ? new vscode.Position(now.line, now.column) : new vscode.Position(line, column),
    );
    return new vscode.Range(position, position);
  };

  const openAt = async (place: Place, panelColumn: vscode.ViewColumn | undefined): Promise<void> => {
    const document = await openSource(paths.shown(place.file), mappings());
    const selection = rangeIn(document, place);
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: columnFor(document.uri, panelColumn),
      selection,
    });
    editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  };

  const openOrSay = async (place: Place, panelColumn: vscode.ViewColumn | undefined): Promise<void> => {
    try {
      await openAt(place, panelColumn);
    } catch {
      void showWarning(
        vscode.l10n.t(
          '{0} cannot be opened. Check the path, or map the folder with the setting heatlens.pathMappings.',
          visibleText(place.file),
        ),
      );
    }
  };

  return {
    get mappings() {
      return mappings();
    },
    async open(place, profile, panelColumn) {
      const found = await find(place, profile);
      if (!found) return;
      const name = visibleText(place.functionName) || vscode.l10n.t('(anonymous)');
      if ('problem' in found) {
        const text = vscode.l10n.t('{0} has no source to open. {1}.', name, found.problem.replace(/\.$/, ''));
        const { generated } = found;
        if (!generated) {
          void showInformation(text);
          return;
        }
        const openScript = vscode.l10n.t('Open the Script as It Runs');
        if ((await showInformation(text, openScript)) !== openScript) return;
        return openOrSay(generated, panelColumn);
      }
      return openOrSay(found, panelColumn);
    },
    async show(place, profile) {
      const editors = vscode.window.visibleTextEditors;
      if (!editors.length) return;
      const found = await find(place, profile);
      if (!found || 'problem' in found) return;
      const uri = uriOf(found.file, paths).toString();
      for (const editor of editors) {
        if (editor.document.uri.toString() !== uri) continue;
        const range = rangeIn(editor.document, found);
        editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
        editor.setDecorations(mark, [range]);
      }
      clearTimeout(unmark);
      unmark = setTimeout(() => {
        for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(mark, []);
      }, MARK_MS);
    },
    dispose() {
      clearTimeout(unmark);
      mark.dispose();
    },
  };
}

function uriOf(file: string, paths: FilePaths): vscode.Uri {
  return isAbsolutePath(file) ? vscode.Uri.file(paths.shown(file)) : vscode.Uri.parse(file);
}

/** Where the file is shown already, else where other text is shown, else beside the graph: never over it. */
function columnFor(uri: vscode.Uri, panelColumn: vscode.ViewColumn | undefined): vscode.ViewColumn {
  const others = vscode.window.visibleTextEditors.filter(
    ({ viewColumn }) => viewColumn !== undefined && viewColumn !== panelColumn,
  );
  const same = others.find(({ document }) => document.uri.toString() === uri.toString());
  return (same ?? others[0])?.viewColumn ?? vscode.ViewColumn.Beside;
}
