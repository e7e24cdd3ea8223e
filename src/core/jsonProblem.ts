import { t } from '@vscode/l10n';

/**
 * Where `JSON.parse` stopped, for people, without a full stop. Its own words repeat the text around the place, and that of
 * a file that somebody else names is nobody's business.
 */
export function jsonProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (/^Unexpected end |^Unterminated /.test(message)) return t('it breaks off');
  const position = /\bat position (\d{1,15})\b/.exec(message)?.[1];
  return position === undefined
    ? t('it holds something else')
    : t('something else stands at character {0}', Number(position) + 1);
}
