import type { ExplainRun, IndexTrial, RunComparison, ScaleCheck, Verbosity } from '../../../core/database/explainRun';
import type { IndexSuggestion } from '../../../core/database/indexes';
import type { Hole, Statement } from '../../../core/database/statement';
import type { Choices, HoleValues } from '../../../core/evaluate/choose';
import type { DatabaseServer } from '../connections/connection';
import type { RunView } from '../../../core/protocol/explain';

/** A statement with everything that its text does not give. */
export interface FilledStatement {
  readonly statement: Statement;
  readonly values: HoleValues;
  readonly choices: Choices;
  readonly collection: string;
  readonly database: string;
}

export interface WorkOptions {
  readonly signal: AbortSignal;
  /** `fraction` is 0 to 1 where it is known. */
  readonly onProgress: (text: string, fraction?: number) => void;
}

/**
 * What a session asks of a kind of database; tests put their own in its place. `connection` is the id of one that is open.
 */
export interface ExplainEngine {
  /** `raw` is the server's answer as indented EJSON. */
  explain(
    connection: string,
    filled: FilledStatement,
    verbosity: Verbosity,
    options: WorkOptions,
  ): Promise<{ readonly run: ExplainRun; readonly raw: string }>;
  tryIndex(
    connection: string,
    filled: FilledStatement,
    suggestion: IndexSuggestion,
    documents: number,
    options: WorkOptions,
  ): Promise<IndexTrial>;
  checkScale(connection: string, filled: FilledStatement, options: WorkOptions): Promise<ScaleCheck>;
  /** Values for holes out of documents of the collection, in canonical EJSON. */
  samples(
    connection: string,
    database: string,
    collection: string,
    holes: readonly Hole[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, unknown>>;
  compare(before: ExplainRun, after: ExplainRun): RunComparison;
  /** One line, as the lens shows it. */
  summary(run: Pick<ExplainRun, 'plan' | 'findings'>): string;
  /** The same and everything else in finished texts, as a page shows it. */
  view(run: ExplainRun): RunView;
  /** Why a verbosity is not offered. */
  refused(statement: Statement, server: DatabaseServer | undefined): Readonly<Partial<Record<Verbosity, string>>>;
}
