import type { Draft } from '../../../evaluate/draft';
import type { ResolveImport } from '../../../evaluate/files';
import { createDraftFinder, type FindLimits, type WhyLeft } from '../../../evaluate/findDrafts';
import { MAX_VALUE_SIZE } from '../../../evaluate/valueSize';
import { withoutByteOrderMark } from '../../../method/methodIndex';
import { spanContains, type Position } from '../../../positions';
import type { Statement } from '../../statement';
import { finishStatement } from './finishStatement';
import { linesOf, type Lines } from './lines';
import { mongoLibrary } from './mongoLibrary';
import { isMongoDraft, type MongoDraft } from './mongoValue';
import type { CodePart } from '../../../code/syntax';

export interface StatementContext {
  resolveImport?: ResolveImport;
}

/** What was left out of a file. */
export interface Unread {
  /** Where the first part begins that was not read to its end; counted from 0. */
  readonly line: number;
  readonly why: WhyLeft;
}

/** Finds the statements of successive versions of one file; parts that nothing changed for are not read again. */
export interface StatementFinder {
  find(text: string, onProgress?: (soFar: () => readonly Statement[]) => void): readonly Statement[];
  /** What the last `find` left out; undefined when it has read all that may hold a statement. */
  unread(): Unread | undefined;
  /**
   * Parses a text ahead, awaiting `pause` after every `sliceMs`, so that the next `find` of it, or of a slightly different
   * text, has to parse little. Gives way to a `find` that comes meanwhile.
   */
  prepare(text: string, pause: () => Promise<void>, sliceMs?: number): Promise<void>;
}

/**
 * Finds all database calls of a JavaScript, TypeScript or Python file, in order; the extension of `fileName` tells the language.
 * Never throws: around syntax errors it finds what it can. A byte order mark at the start is no part of the text.
 */
export function createStatementFinder(
  fileName: string,
  context: StatementContext = {},
  limits: FindLimits = {},
): StatementFinder {
  const drafts = createDraftFinder(
    fileName,
    [mongoLibrary],
    (from, specifier) => context.resolveImport?.(from, specifier),
    limits,
  );
  let unread: Unread | undefined;
  const done = new WeakMap<Draft, Finished>();

  /** The same object as before while nothing of it moved. */
  function finished(draft: MongoDraft, lines: Lines, maxSize: number): Finished {
    const before = done.get(draft);
    if (before?.maxSize === maxSize && starts(before.units, lines).every((start, at) => start === before.starts[at]))
      return before;
    const { statement, units, size } = finishStatement(draft, fileName, lines, maxSize);
    const made = { units: [...units], starts: starts([...units], lines), statement, size, maxSize };
    done.set(draft, made);
    return made;
  }

  /** When those of a file are very large together, the later ones are written in short. */
  function finishedAll(found: readonly Draft[], lines: Lines): readonly Statement[] {
    let size = 0;
    return found.filter(isMongoDraft).map((draft) => {
      const made = finished(draft, lines, size < MAX_SIZE_OF_ALL ? MAX_STATEMENT_SIZE : SHORT_STATEMENT_SIZE);
      size += made.size;
      return made.statement;
    });
  }

  return {
    prepare: (text, pause, sliceMs = 20) => drafts.prepare(text, pause, sliceMs),
    unread: () => unread,
    find(text, onProgress) {
      const lines = linesOf(withoutByteOrderMark(text));
      const found = drafts.find(text, onProgress && ((soFar) => onProgress(() => finishedAll(soFar, lines))));
      unread = found.left && { line: lines.position(found.left.from).line, why: found.left.why };
      return finishedAll(found.drafts, lines);
    },
  };
}

/** Nodes of the values of one statement, and of all of a file, before they are written in short. */
const MAX_STATEMENT_SIZE = MAX_VALUE_SIZE;
const MAX_SIZE_OF_ALL = 200_000;
const SHORT_STATEMENT_SIZE = 400;

interface Finished {
  readonly size: number;
  readonly maxSize: number;
  readonly units: readonly CodePart[];
  /** Where these stood. */
  readonly starts: readonly number[];
  readonly statement: Statement;
}

/** Lines and columns of the units, one number each. */
function starts(units: readonly CodePart[], lines: Lines): number[] {
  return units.map((unit) => {
    const { line, column } = lines.position(unit.from);
    return line * 2 ** 26 + column;
  });
}

/** The innermost statement that the position is in: in its call, else in what its arguments come from. */
export function statementAt(statements: readonly Statement[], position: Position): Statement | undefined {
  const around = statements.filter((statement) => spanContains(statement.span, position));
  if (around.length) return around[around.length - 1];
  const by = statements.filter((statement) => statement.related.some((span) => spanContains(span, position)));
  // Of several that share a variable, the first below it.
  return by.find((statement) => statement.span.start.line >= position.line) ?? by[by.length - 1];
}
