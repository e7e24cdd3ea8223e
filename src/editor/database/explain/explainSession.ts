import { t } from '@vscode/l10n';
import type { ErrorCode } from '../../../core/errorCode';
import type { Disposable } from '../../../core/disposable';
import { Emitter } from '../../../core/emitter';
import { errorText, isHeatlensError } from '../../../core/errors';
import type { ExplainRun, IndexTrial, RunComparison, ScaleCheck } from '../../../core/database/explainRun';
import type { Statement } from '../../../core/database/statement';
import { openHoles } from '../../../core/database/mongo/calls/fillHoles';
import type { ExplainWork, FailureAction } from '../../../core/protocol/explain';
import type { ConnectionChoice, Connections, DatabaseConnection } from '../connections/connection';
import { statementText } from '../statements/statementText';
import type { ExplainEngine, FilledStatement, WorkOptions } from './explainEngine';
import type { RememberedInputs } from './rememberedInputs';
import { StatementInputs } from './statementInputs';
import { blocked, noSuggestion, noConnection } from '../errors/databaseErrors';

const MAX_RUNS = 10;

/** One explain of the statement, with what it was made from. */
export interface ExplainRecord {
  readonly run: ExplainRun;
  readonly raw: string;
  /** The statement's text with its holes open, at that time: another text makes the record stale. */
  readonly source: string;
  /** With the run before it. */
  readonly comparison?: RunComparison;
}

export interface Progress {
  readonly text: string;
  readonly fraction?: number;
}

export interface Failure {
  readonly message: string;
  readonly nextStep: string;
  readonly action?: FailureAction;
}

export interface SessionServices {
  readonly engine: ExplainEngine;
  readonly connections: Connections;
  /** Of the folder that the file is in. */
  choice(): ConnectionChoice | undefined;
  choose(choice: ConnectionChoice): Promise<void>;
  /** What was given for this statement in this place: a connection and its database. */
  recall(statement: Statement, place: string): RememberedInputs | undefined;
  remember(statement: Statement, inputs: RememberedInputs, place: string): void;
  /** What a person need not know of. */
  log(text: string): void;
}

/** One statement that is explained: what is given for it, what runs, and what came out. Follows its statement through edits. */
export class ExplainSession implements Disposable {
  private readonly changed = new Emitter<void>();
  private readonly running = new Map<ExplainWork, AbortController>();
  /** What the choices were made for. */
  private subject: string | undefined;
  readonly inputs = new StatementInputs();
  readonly onDidChange = this.changed.event;
  /** Newest first. */
  records: readonly ExplainRecord[] = [];
  readonly progress = new Map<ExplainWork, Progress>();
  readonly failures = new Map<ExplainWork, Failure>();
  trial: IndexTrial | undefined;
  scale: ScaleCheck | undefined;
  databases: readonly string[] = [];
  /** The statement is no longer in its file. */
  gone = false;

  constructor(
    public statement: Statement,
    private readonly services: SessionServices,
  ) {
    this.settle();
  }

  get latest(): ExplainRecord | undefined {
    return this.records[0];
  }

  get isStale(): boolean {
    return this.gone || (this.latest !== undefined && this.latest.source !== statementText(this.statement));
  }

  get database(): string | undefined {
    const choice = this.services.choice();
    const connection = choice && this.services.connections.status(choice.id)?.connection;
    return this.statement.database ?? choice?.database ?? connection?.defaultDatabase;
  }

  get collection(): string | undefined {
    return this.statement.collection ?? this.inputs.collection;
  }

  /** What still stops a run; null when nothing does. */
  get blocked(): string | null {
    if (this.gone) return t('The query is no longer in the file.');
    const choice = this.services.choice();
    const server = choice && this.services.connections.status(choice.id)?.connection?.server;
    const { queryPlanner: nothing } = this.services.engine.refused(this.statement, server);
    if (nothing !== undefined) return nothing;
    if (!choice) return t('Choose a connection.');
    if (this.database === undefined) return t('Choose a database.');
    return this.inputs.missing(this.statement);
  }

  follow(statement: Statement | undefined): void {
    if (statement === this.statement && !this.gone) return;
    this.gone = statement === undefined;
    if (statement) this.statement = statement;
    this.settle();
    this.changed.fire();
  }

  /** Something that this shows of others: the connection, the folder's choice. */
  refresh(): void {
    this.settle();
    this.changed.fire();
  }

  /** Connection and database, once both are known. */
  private get place(): string | undefined {
    const { database } = this;
    const choice = this.services.choice();
    return choice && database !== undefined ? JSON.stringify([choice.id, database]) : undefined;
  }

  /**
   * What was chosen, to execute above all, holds for the statement's text and the database for which it was chosen: another text
   * or place begins with what was remembered for it, or with nothing.
   */
  private settle(): void {
    const { place } = this;
    const subject = JSON.stringify([statementText(this.statement), place]);
    if (subject === this.subject) return;
    if (this.subject !== undefined) this.inputs.forgetChoices();
    this.subject = subject;
    const remembered = place === undefined ? undefined : this.services.recall(this.statement, place);
    if (remembered) this.inputs.restore(remembered, this.statement);
  }

  /** Connects, and fills in what the database knows; false when it failed, which is shown as a failure of the explain, or was cancelled. */
  async prepare(): Promise<boolean> {
    const choice = this.services.choice();
    if (!choice) {
      this.changed.fire();
      return true;
    }
    return this.work('explain', t('Connecting'), async ({ signal }) => {
      const connection = await this.services.connections.get(choice.id, signal);
      this.settle();
      await Promise.all([this.readDatabases(connection, signal), this.sample(choice.id, signal)]);
      this.settle();
    });
  }

  /** Connects and runs as soon as nothing is missing; whether it ran. */
  async start(): Promise<boolean> {
    if (!(await this.prepare()) || this.blocked !== null) return false;
    await this.run();
    return true;
  }

  async run(): Promise<void> {
    this.settle();
    const missing = this.blocked;
    if (missing) throw blocked(missing);
    await this.work('explain', t('Explaining'), async (options) => {
      const { id, connection } = await this.connect(options.signal);
      this.settle();
      const { verbosity } = this.inputs;
      const allowed =
        this.services.engine.refused(this.statement, connection.server)[verbosity] === undefined
          ? verbosity
          : 'queryPlanner';
      const source = statementText(this.statement);
      const filled = this.filled();
      const { place } = this;
      const inputs = this.inputs.toRemember();
      const { statement } = this;
      const { run, raw } = await this.services.engine.explain(id, filled, allowed, options);
      options.signal.throwIfAborted();
      const before = this.latest?.run;
      const comparison = before && this.services.engine.compare(before, run);
      this.records = [{ run, raw, source, ...(comparison ? { comparison } : {}) }, ...this.records].slice(0, MAX_RUNS);
      if (place !== undefined) this.services.remember(statement, inputs, place);
    });
  }

  async tryIndex(suggestion: number, documents: number): Promise<void> {
    const index = this.latest?.run.suggestions[suggestion];
    if (!index) throw noSuggestion();
    await this.work('trial', t('Copying a sample'), async (options) => {
      const { id } = await this.connect(options.signal);
      const trial = await this.services.engine.tryIndex(id, this.filled(), index, documents, options);
      options.signal.throwIfAborted();
      this.trial = trial;
    });
  }

  async checkScale(): Promise<void> {
    await this.work('scale', t('Copying samples'), async (options) => {
      const { id } = await this.connect(options.signal);
      const scale = await this.services.engine.checkScale(id, this.filled(), options);
      options.signal.throwIfAborted();
      this.scale = scale;
    });
  }

  cancel(of: ExplainWork): void {
    this.running.get(of)?.abort();
  }

  clear(): void {
    for (const abort of this.running.values()) abort.abort();
    this.records = [];
    this.trial = this.scale = undefined;
    this.failures.clear();
    this.changed.fire();
  }

  dispose(): void {
    for (const abort of this.running.values()) abort.abort();
    this.changed.dispose();
  }

  private async connect(
    signal: AbortSignal,
  ): Promise<{ readonly id: string; readonly connection: DatabaseConnection }> {
    const choice = this.services.choice();
    if (!choice) throw noConnection();
    return { id: choice.id, connection: await this.services.connections.get(choice.id, signal) };
  }

  private filled(): FilledStatement {
    const { collection, database } = this;
    const missing = this.blocked;
    if (missing !== null || collection === undefined || database === undefined) {
      throw blocked(missing ?? t('The statement is not complete.'));
    }
    const { values } = this.inputs.values(this.statement);
    return { statement: this.statement, values, choices: this.inputs.choices, collection, database };
  }

  /** One of a kind at a time: a new one ends the one before it. What fails is shown where it would have come out. Whether it was done. */
  private async work(of: ExplainWork, text: string, task: (options: WorkOptions) => Promise<void>): Promise<boolean> {
    this.running.get(of)?.abort();
    const abort = new AbortController();
    this.running.set(of, abort);
    this.failures.delete(of);
    const say = (progress: Progress): void => {
      if (this.running.get(of) !== abort) return;
      this.progress.set(of, progress);
      this.changed.fire();
    };
    say({ text });
    const choice = this.services.choice();
    try {
      await task({
        signal: abort.signal,
        onProgress: (now, fraction) => say({ text: now, ...(fraction === undefined ? {} : { fraction }) }),
      });
      abort.signal.throwIfAborted();
      if (choice) this.services.connections.note(choice.id, undefined);
      return true;
    } catch (error) {
      if (abort.signal.aborted) this.services.log(`${of} of ${statementText(this.statement).slice(0, 80)}: cancelled`);
      else this.fail(of, error, choice?.id);
      return false;
    } finally {
      if (this.running.get(of) === abort) {
        this.running.delete(of);
        this.progress.delete(of);
        this.changed.fire();
      }
    }
  }

  private fail(of: ExplainWork, error: unknown, connection: string | undefined): void {
    this.services.log(`${of}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const [message, nextStep] = isHeatlensError(error)
      ? [error.message, error.nextStep]
      : [t('Heatlens failed: {0}.', errorText(error).replace(/\.$/, '')), t('Run it again; the log has the details.')];
    const action = failureAction(error);
    this.failures.set(of, { message, nextStep, ...(action ? { action } : {}) });
    if (connection !== undefined && action === 'pickConnection') this.services.connections.note(connection, error);
  }

  private async readDatabases(connection: DatabaseConnection, signal: AbortSignal): Promise<void> {
    try {
      this.databases = await connection.databases({ signal });
    } catch (error) {
      // Whoever may not list them types a name.
      this.services.log(`databases of ${connection.name}: ${errorText(error)}`);
    }
    const choice = this.services.choice();
    if (choice && this.database === undefined && this.databases.length) {
      const own = this.databases.filter((name) => !/^(?:admin|config|local|heatlens_scratch)$/.test(name));
      if (own.length === 1) await this.services.choose({ ...choice, database: own[0] });
    }
  }

  private async sample(connection: string, signal: AbortSignal): Promise<void> {
    const { collection, database } = this;
    const { values } = this.inputs.values(this.statement);
    const open = openHoles(this.statement, values, this.inputs.choices);
    if (collection === undefined || database === undefined || !open.length) return;
    try {
      this.inputs.addSamples(await this.services.engine.samples(connection, database, collection, open, signal), open);
    } catch (error) {
      // It only saves typing; what is wrong with the collection is said when the statement runs.
      this.services.log(`sample of ${database}.${collection}: ${errorText(error)}`);
    }
  }
}

const UNREACHED: readonly ErrorCode[] = [
  'mongoDown',
  'mongoUnreachable',
  'mongoNoMember',
  'mongoDisconnected',
  'mongoAuthFailed',
  'mongoHostUnknown',
  'mongoCertificate',
  'mongoTls',
  'mongoBadUri',
  'mongoMissingMechanism',
];

/** What the button beside a failure offers. */
function failureAction(error: unknown): FailureAction | undefined {
  if (!isHeatlensError(error)) return 'openLog';
  if (isHeatlensError(error, 'noConnection')) return 'addConnection';
  if (isHeatlensError(error, 'secretLost', ...UNREACHED)) return 'pickConnection';
  if (isHeatlensError(error, 'mongoUnknownCollection')) return 'pickDatabase';
  if (isHeatlensError(error, 'mongoSlow', 'mongoNoAnswer')) return 'planOnly';
  return undefined;
}
