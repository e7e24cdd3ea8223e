import type { Parser, PartialParse, Tree, TreeFragment } from '@lezer/common';
import { parser } from '@lezer/javascript';
import { isComponentFile } from './scriptBlocks';

const typescript = parser.configure({ dialect: 'ts' });
const typescriptJsx = parser.configure({ dialect: 'ts jsx' });
const javascript = parser.configure({ dialect: 'jsx' });

/** Real code takes a tenth of this; recovery from thousands of unclosed brackets would take minutes. */
const MIN_BUDGET_MS = 1000;
const BUDGET_MS_PER_KB = 5;

/**
 * Syntax tree of JavaScript or TypeScript, chosen by the extension of the file's name. Syntax errors become error nodes;
 * a text that is no code at all may be read in part only. `parsedText` must come from `parseableText`; offsets in the
 * tree are offsets in the source as well.
 */
export function parseSource(
  parsedText: string,
  fileName: string,
  fragments?: readonly TreeFragment[],
  limits?: ParseLimits,
): Tree {
  return parseWith(parserFor(fileName), parsedText, fragments, limits);
}

/** What a parse may cost at most; the tree ends where it would cost more. */
export interface ParseLimits {
  readonly milliseconds: number;
  /**
   * Entries of the parser's stack: three for each state, some fifteen for a level of nested code. Grammars that are tried out
   * in several ways copy it each time, so that a deep one costs memory by the square of its depth.
   */
  readonly stackSize: number;
}

const UNLIMITED: ParseLimits = { milliseconds: Infinity, stackSize: Infinity };

/** Syntax tree by any grammar, within the same time, or within the limits if they are less. */
export function parseWith(
  grammar: Parser,
  text: string,
  fragments?: readonly TreeFragment[],
  limits: ParseLimits = UNLIMITED,
): Tree {
  const steps = parseInSteps(grammar, text, fragments, limits);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, for callers that want to pause: yields about every millisecond. */
function* parseInSteps(
  grammar: Parser,
  parsedText: string,
  fragments?: readonly TreeFragment[],
  limits: ParseLimits = UNLIMITED,
): Generator<undefined, Tree> {
  const parse = grammar.startParse(parsedText, fragments);
  let budgetMs = Math.min(limits.milliseconds, MIN_BUDGET_MS + (BUDGET_MS_PER_KB * parsedText.length) / 1024);
  let resumedAt = performance.now();
  for (let steps = 1; ; steps++) {
    const tree = parse.advance();
    if (tree) return tree;
    if (steps % 64 === 0 && parse.stoppedAt === null && stackSize(parse) > limits.stackSize)
      parse.stopAt(parse.parsedPos);
    if (steps % 256 !== 0) continue;
    // Only time spent here counts, not the caller's pauses.
    budgetMs -= performance.now() - resumedAt;
    if (parse.stoppedAt === null && budgetMs < 0) parse.stopAt(parse.parsedPos);
    yield;
    resumedAt = performance.now();
  }
}

/** Entries of its stack, which it does not show; 0 where it has none of this kind. */
function stackSize(parse: PartialParse): number {
  const { stacks } = parse as PartialParse & { readonly stacks?: readonly { readonly stack?: readonly unknown[] }[] };
  return stacks?.[0]?.stack?.length ?? 0;
}

/** The same, awaiting `pause` after every `sliceMs` and at the end. */
export async function parseGradually(
  parsedText: string,
  fileName: string,
  pause: () => Promise<void>,
  sliceMs: number,
): Promise<Tree> {
  const steps = parseInSteps(parserFor(fileName), parsedText);
  let sliceStart = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done || performance.now() - sliceStart > sliceMs) {
      await pause();
      sliceStart = performance.now();
    }
    if (step.done) return step.value;
  }
}

function parserFor(fileName: string) {
  if (/\.[mc]?ts$/i.test(fileName) || isComponentFile(fileName)) return typescript;
  if (/\.tsx$/i.test(fileName)) return typescriptJsx;
  return javascript;
}

/**
 * The text with what the grammar does not know replaced by something of the same length, so that no offset moves.
 * Left alone, most of these would lose or cut the methods around them.
 */
export function parseableText(text: string): string {
  return rewrites.reduce((rewritten, rewrite) => rewrite(rewritten), text);
}

const rewrites: readonly ((text: string) => string)[] = [
  // `@decorated() export class`, and classes without a name after `export default`.
  (text) =>
    text.replace(
      /\bexport(\s+default)?(?=\s+(?:abstract\s+)?class\b(\s*\{|\s+(?:extends|implements)\b)?)/g,
      (keywords: string, _default: string | undefined, unnamed: string | undefined) =>
        (unnamed ? 'void' : '').padEnd(keywords.length),
    ),
  // `async <T>(value: T) => …`
  (text) => text.replace(/\basync(?=\s*<[^;{}]{0,300}>\s*\()(?<=(?:[=(,:?&|[>]|\breturn|\bdefault)\s*async)/g, '     '),
  // `({ limit = 10 } = {}) => …`
  (text) =>
    text.replace(
      /(\(\s*)(\{(?:[^{}()]|\{[^{}()]*\}|\([^()]*\)(?!\s*=>))*\}|\[[^[\]()]*\])(?=\s*=[^=>])/g,
      (_all, before: string, pattern: string) => before + '_'.repeat(pattern.length),
    ),
  // `(value): value is string => …`
  (text) =>
    text.replace(
      /(\)\s*:\s*)((?:asserts\s+)?[\w$]+\s+is\s)/g,
      (_all, before: string, predicate: string) => before + ' '.repeat(predicate.length),
    ),
  // `typeof import('./module')` as a type
  (text) => text.replace(/\bimport\((?:'[^'\n]*'|"[^"\n]*")\)/g, (importType) => '_'.repeat(importType.length)),
  // `catch (error: unknown)`
  (text) =>
    text.replace(
      /(\bcatch\s*\(\s*[\w$]+)(\s*:\s*(?:unknown|any))/g,
      (_all, before: string, type: string) => before + ' '.repeat(type.length),
    ),
  // `onClose?(): void;` in a class
  (text) => text.replace(/(\n[ \t]+(?:\w+ )*[\w$]+)\?(?=(?:<[^>\n]*>)?\([^()\n]*\)[ \t]*[:;])/g, '$1 '),
  // `let resolve!: () => void`
  (text) => text.replace(/(\b(?:let|var)\s+[\w$]+)!(?=\s*:)/g, '$1 '),
];

/** What `parseableText` put where `export default` stood before an unnamed class. */
export function isDefaultExportOfUnnamedClass(text: string, from: number): boolean {
  return text.startsWith('export', from);
}
