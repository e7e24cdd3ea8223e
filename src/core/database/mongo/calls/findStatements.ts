import type { Draft } from '../../../evaluate/draft';
import type { ResolveImport } from '../../../evaluate/files';
import { createDraftFinder } from '../../../evaluate/findDrafts';
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

/** Finds the statements of successive versions of one file; parts that nothing changed for are not read again. */
export interface StatementFinder {
  find(text: string): readonly Statement[];
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
export function createStatementFinder(fileName: string, context: StatementContext = {}): StatementFinder {
  const drafts = createDraftFinder(fileName, [mongoLibrary], (from, specifier) =>
    context.resolveImport?.(from, specifier),
  );
  const done = new WeakMap<Draft, Finished>();

  /** The same object as before while nothing of it moved. */
  function finished(draft: MongoDraft, lines: Lines): Statement {
    const before = done.get(draft);
    if (before && starts(before.units, lines).every((start, at) => start === before.starts[at]))
      return before.statement;
    const { statement, units } = finishStatement(draft, fileName, lines);
    done.set(draft, { units: [...units], starts: starts([...units], lines), statement });
    return statement;
  }

  return {
    prepare: (text, pause, sliceMs = 20) => drafts.prepare(text, pause, sliceMs),
    find(text) {
      const found = drafts.find(text);
      const lines = linesOf(withoutByteOrderMark(text));
      return found.filter(isMongoDraft).map((draft) => finished(draft, lines));
    },
  };
}

interface Finished {
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
