import type { Statement } from '../statement';

/** Rules that the comments of a file suppress, by the line (0-based) that the comment stands on. */
export type Suppressions = ReadonlyMap<number, Suppression>;

export interface Suppression {
  /** Ids of rules as written (`R01`); empty for all. */
  readonly rules: ReadonlySet<string>;
  /** Whether the line has nothing but the comment: only then it speaks for the line below. */
  readonly alone: boolean;
}

/** Characters of a line that somebody writes a comment on; longer ones are generated. */
const MAX_LINE = 2_000;
const MARK = 'heatlens-ignore';
/** The mark as a word, and the rules behind it; what follows these is the author's reason. */
const WRITTEN = /(?<![\w-])heatlens-ignore(?![\w-])((?:[\s,:]*R\d+\b)*)/gi;

/**
 * Reads `heatlens-ignore` (all rules) and `heatlens-ignore R01 R07` from the comments of a file. Costs next to nothing where
 * the file has none.
 */
export function readSuppressions(text: string, language: Statement['language']): Suppressions {
  const found = new Map<number, Suppression>();
  if (!text.toLowerCase().includes(MARK)) return found;
  const lines = text.split('\n');
  for (const [line, written] of lines.entries()) {
    if (written.length > MAX_LINE) continue;
    for (const match of written.matchAll(WRITTEN)) {
      const start = commentStart(written, match.index, language);
      if (start < 0) continue;
      const before = found.get(line);
      const rules = new Set((match[1].match(/R\d+/gi) ?? []).map((rule) => rule.toUpperCase()));
      const merged = !before
        ? rules
        : before.rules.size && rules.size
          ? new Set([...before.rules, ...rules])
          : new Set<string>();
      const after = /\*\/(.*)$/.exec(written.slice(match.index))?.[1] ?? '';
      found.set(line, { rules: merged, alone: !/[^\s{]/.test(written.slice(0, start)) && !/[^\s}]/.test(after) });
    }
  }
  return found;
}

/** Whether a finding of the rule is suppressed by a comment on the statement's first or last line, or alone on the line above. */
export function isSuppressed(suppressions: Suppressions, { span }: Pick<Statement, 'span'>, rule: string): boolean {
  const above = suppressions.get(span.start.line - 1);
  const speaking = [
    suppressions.get(span.start.line),
    suppressions.get(span.end.line),
    above?.alone ? above : undefined,
  ];
  return speaking.some((one) => one !== undefined && (one.rules.size === 0 || one.rules.has(rule)));
}

/** Column of the comment that the column `at` is in; -1 for code and strings. */
function commentStart(line: string, at: number, language: Statement['language']): number {
  const python = language === 'python';
  // A line in the middle of a block comment.
  if (!python && /^\*?$/.test(line.slice(0, at).trim())) return 0;
  for (let i = 0; i < at; i++) {
    const char = line[i];
    if (char === '"' || char === "'" || char === '`') {
      const end = closingQuote(line, i);
      // An apostrophe of a regular expression or of a text over several lines opens nothing.
      if (end >= 0) i = end;
    } else if (python ? char === '#' : line.startsWith('//', i)) return i;
    else if (!python && line.startsWith('/*', i)) {
      const end = line.indexOf('*/', i + 2);
      if (end < 0 || end > at) return i;
      i = end + 1;
    }
  }
  return -1;
}

function closingQuote(line: string, from: number): number {
  for (let i = from + 1; i < line.length; i++) {
    if (line[i] === '\\') i++;
    else if (line[i] === line[from]) return i;
  }
  return -1;
}
