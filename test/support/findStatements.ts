import { createStatementFinder, type StatementContext } from '../../src/core/database/mongo/calls/findStatements';
import type { Statement } from '../../src/core/database/statement';

/** The statements of one version of a file. */
export function findStatements(text: string, fileName: string, context: StatementContext = {}): readonly Statement[] {
  return createStatementFinder(fileName, context).find(text);
}
