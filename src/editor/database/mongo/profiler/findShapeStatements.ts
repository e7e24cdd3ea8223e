import * as vscode from 'vscode';
import type { QueryShape } from '../../../../core/database/mongo/shapes/queryShape';
import type { Statement } from '../../../../core/database/statement';
import { hasShape } from '../../../../core/database/mongo/shapes/statementShapes';
import { createStatementService, type StatementService } from '../../../../node/database/mongo/statementService';
import { readForeignText } from '../../../../node/files/readForeignFile';
import { localFolders } from '../../../workspace/folders';
import { withProgress, type Progress } from '../../../messages/progress';
import { pickOne } from '../../../messages/questions';
import { requireTrust } from '../../../workspace/trust';
import { mentionsStatement } from '../../statements/mentionsStatement';
import { keepStatementText, statementText } from '../../statements/statementText';
import { noShapeStatement } from '../../errors/databaseErrors';

/** Files that are looked through at most, and the largest of them in bytes: larger ones are generated. */
const MAX_FILES = 5000;
const MAX_BYTES = 1_000_000;
const SOURCES = '**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py}';
const GENERATED = '**/{node_modules,.git,dist,out,build,coverage,.next,.venv,venv,__pycache__,site-packages}/**';

interface Place {
  readonly uri: vscode.Uri;
  readonly statement: Statement;
}

/** Shows the statements of the workspace that a query of this shape can come from: the only one at once, of several a list. */
export async function findShapeStatements(shape: QueryShape | undefined): Promise<readonly vscode.Location[]> {
  requireTrust();
  if (!shape) return [];
  const title = vscode.l10n.t('Looking for queries of this shape');
  const places = await withProgress(title, (progress, token) => search(shape, progress, token));
  if (!places.length) throw noShapeStatement(shape.collection);
  const locations = places.map(
    ({ uri, statement: { span } }) =>
      new vscode.Location(uri, new vscode.Range(span.start.line, span.start.column, span.end.line, span.end.column)),
  );
  const picked = places.length === 1 ? 0 : await pick(places);
  if (picked !== undefined)
    await vscode.window.showTextDocument(locations[picked].uri, { selection: locations[picked].range });
  return locations;
}

async function search(shape: QueryShape, progress: Progress, token: vscode.CancellationToken): Promise<Place[]> {
  const service = createStatementService({ onStatement: keepStatementText });
  try {
    return await searchWith(service, shape, progress, token);
  } finally {
    service.dispose();
  }
}

async function searchWith(
  service: StatementService,
  shape: QueryShape,
  progress: Progress,
  token: vscode.CancellationToken,
): Promise<Place[]> {
  const files = await vscode.workspace.findFiles(SOURCES, GENERATED, MAX_FILES, token);
  const found: Place[] = [];
  for (const [at, uri] of files.entries()) {
    if (token.isCancellationRequested) break;
    if (at % 50 === 0)
      progress.report({
        message: vscode.l10n.t('{0} of {1} files', at, files.length),
        increment: (50 / files.length) * 100,
      });
    const text = await textOf(uri);
    if (text === undefined || !mentionsStatement(text)) continue;
    if (shape.collection !== null && !mayName(text, shape.collection)) continue;
    const key = uri.toString();
    const folders = localFolders().map(({ path }) => path);
    const { statements = [] } = (await service.find({ key, fileName: uri.fsPath, text, folders })) ?? {};
    service.forget(key);
    found.push(
      ...statements.filter((statement) => hasShape(statement, shape)).map((statement) => ({ uri, statement })),
    );
  }
  return found;
}

/** Without the name itself it may come from another file, or be made of a model's name. */
function mayName(text: string, collection: string): boolean {
  return text.includes(collection) || /\b(?:import|require|model)\b/.test(text);
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  if (uri.scheme !== 'file') return undefined;
  // Gone since it was listed, or not ours to read, or none at all.
  const file = await readForeignText(uri.fsPath, {
    maxBytes: MAX_BYTES,
    given: localFolders().map(({ path }) => path),
  });
  return 'problem' in file ? undefined : file.text;
}

async function pick(places: readonly Place[]): Promise<number | undefined> {
  const items = places.map(({ uri, statement }, at) => ({
    label: `${vscode.workspace.asRelativePath(uri)}:${statement.span.start.line + 1}`,
    detail: statementText(statement).replace(/\s+/g, ' ').slice(0, 160),
    at,
  }));
  return (
    await pickOne(items, {
      placeHolder: vscode.l10n.t('Queries of this shape'),
      matchOnDetail: true,
    })
  )?.at;
}
