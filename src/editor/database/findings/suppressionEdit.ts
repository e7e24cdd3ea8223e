import type { Statement } from '../../../core/database/statement';

/** The mark with the rules that it names. */
const NAMED = /\bheatlens-ignore(?:[\s,:]*R\d+\b)+/i;
const ONLY_COMMENT = /^\s*(?:\/\/|#|\/\*)/;

export interface TextInsertion {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** What makes `readSuppressions` silence a rule: one more rule in the comment that is there, else a comment above the statement. */
export function suppressionEdit(
  line: (number: number) => string,
  { span, language }: Pick<Statement, 'span' | 'language'>,
  rule: string,
): TextInsertion {
  const first = span.start.line;
  for (const at of [first, first - 1]) {
    const text = at >= 0 ? line(at) : '';
    const match = NAMED.exec(text);
    if (match && (at === first || ONLY_COMMENT.test(text)))
      return { line: at, column: match.index + match[0].length, text: ` ${rule}` };
  }
  const indent = /^\s*/.exec(line(first))?.[0] ?? '';
  return { line: first, column: 0, text: `${indent}${language === 'python' ? '#' : '//'} heatlens-ignore ${rule}\n` };
}
