import { redact } from '../../core/redact';
import { onOneLine, visibleLines, visibleText, withoutMiddle } from '../../core/words/foreignText';

// The editor reads markup in nearly every text that it is given: `[x](command:y)` in a notification is a link that runs y
// with any arguments, `$(zap)` in a label is an icon, and the tooltip of a row in a list is Markdown. All that an
// extension shows passes through here, whole: a name of others cannot be told from our own words any more where a sentence
// has been made of both, and nobody has to remember to escape it.

/** A notification shows about 1,000 characters; what we say about a foreign text in it must remain. */
export const MESSAGE_LENGTH = 900;
/** Titles, labels and descriptions of rows, lenses and tabs. */
export const LABEL_LENGTH = 300;
/** Tooltips, details of questions, problems. */
export const LONG_LENGTH = 4000;
/** An entry of the log, with the stack of an error. */
export const LOG_LENGTH = 20_000;

/** A space as thin as there is: it is seen, but hardly, and what it stands between is no markup any more. */
const GAP = '\u200a';

/** Neither a link nor an icon. */
function withoutMarkup(text: string): string {
  if (!text.includes('(')) return text;
  return text.replace(/([\]$])(?=\()/g, `$1${GAP}`);
}

/** A sentence: notifications, titles of progress, questions, status messages. Errors of libraries may hold a secret. */
export function shownMessage(text: string): string {
  // Much longer than what is shown of it, it need not be read to its end.
  const short = withoutMiddle(text, 8 * MESSAGE_LENGTH);
  return withoutMarkup(visibleText(onOneLine(redact(short)), { limit: MESSAGE_LENGTH }));
}

/** A row's label, a lens, the title of a tab: one line. */
export function shownLabel(text: string): string {
  return withoutMarkup(visibleText(text, { limit: LABEL_LENGTH }));
}

/** A tooltip or a detail: its line breaks are ours. */
export function shownLines(text: string): string {
  return withoutMarkup(visibleLines(text, LONG_LENGTH));
}

/** The description or detail of a row in a list to pick from, whose tooltip the editor reads as Markdown. */
export function shownDetail(text: string): string {
  return shownLabel(text)
    .replaceAll('://', `:${GAP}//`)
    .replace(/\bwww(?=\.)/gi, (www) => `${www}${GAP}`)
    .replace(/([\w.+-])@(?=\w)/g, `$1${GAP}@`);
}

/** An entry of the log. The lines after its first are set in, so that none passes for an entry of its own. */
export function loggedText(text: string): string {
  return visibleLines(text, LOG_LENGTH).replaceAll('\n', '\n  ');
}
