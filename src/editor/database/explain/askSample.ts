import * as vscode from 'vscode';
import { confirm } from '../../messages/confirm';
import { pickOne } from '../../messages/questions';
import type { ExplainRun } from '../../../core/database/explainRun';
import { formatBytes } from '../../../core/words/bytes';
import { inDigits } from '../../../core/words/numbers';

const SIZES = [1000, 10_000, 100_000] as const;

/** How many documents to try an index on; undefined when the user does not want to. The modal says what is copied where. */
export async function askSample({
  facts,
  target: collection,
}: Pick<ExplainRun, 'facts' | 'target'>): Promise<number | undefined> {
  const { rows: documents, averageBytes } = facts;
  const useful = SIZES.filter((_, at) => at === 0 || documents === undefined || SIZES[at - 1] < documents);
  const items = useful.map((size) => {
    const copied = documents === undefined ? size : Math.min(size, documents);
    return {
      label: vscode.l10n.t('{0} documents', inDigits(copied)),
      description: sizeText(copied, averageBytes),
      documents: copied,
    };
  });
  const placeHolder = vscode.l10n.t('Size of the sample for trying the index');
  const picked = await pickOne(items, { title: vscode.l10n.t('Try Index'), placeHolder });
  if (!picked) return undefined;
  return (await confirmSample(picked.label, picked.description, collection)) ? picked.documents : undefined;
}

/** Asked each time: copies of documents leave their collection for a moment. */
function confirmSample(what: string, size: string, collection: string): Promise<boolean> {
  const detail = vscode.l10n.t(
    'A random sample ({0}{1}) is copied into a temporary collection of the database heatlens_scratch on the same server, indexed there, then dropped. {2} itself is only read.',
    what,
    size ? `, ${size}` : '',
    collection,
  );
  const question = vscode.l10n.t('Copy a sample of {0}?', collection);
  return confirm({ question, detail, go: vscode.l10n.t('Copy Sample') });
}

/** Of the scale check, which takes several samples. */
export async function confirmScale({
  facts,
  target: collection,
}: Pick<ExplainRun, 'facts' | 'target'>): Promise<boolean> {
  const { rows: documents, averageBytes } = facts;
  const sizes = SIZES.filter((size) => documents === undefined || size < documents);
  const copied = sizes.reduce((sum, size) => sum + size, 0);
  return confirmSample(
    vscode.l10n.t('{0} documents', sizes.map(inDigits).join(' + ')),
    sizeText(copied, averageBytes),
    collection,
  );
}

function sizeText(documents: number, averageBytes: number | undefined): string {
  return averageBytes === undefined ? '' : vscode.l10n.t('about {0}', formatBytes(documents * averageBytes));
}
