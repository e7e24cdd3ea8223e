import { whyNotLocal, type PathFlavour } from '../../core/source/localPath';

/** The parts of a `vscode.Uri` that tell where it leads. */
export interface UriParts {
  readonly scheme: string;
  readonly fsPath: string;
}

/**
 * Whether a URI that came as a command's argument may be opened: a link in any text of the editor runs commands with what
 * it likes. Files of this machine may, and what lies in a folder of the workspace; nothing is looked at to tell.
 */
export function isOwnFile({ scheme, fsPath }: UriParts, folders: readonly string[], flavour: PathFlavour): boolean {
  return scheme === 'file' && whyNotLocal(fsPath, flavour, folders) === undefined;
}
