import * as vscode from 'vscode';
import { errorText } from '../../../../core/errors';
import { isConnectionString, nameOfUri, redactUri } from '../../../../core/database/mongo/connection/connectionString';
import { connectMongo } from '../../../../node/database/mongo/connectMongo';
import { removeLeftovers } from '../../../../node/database/mongo/leftovers';
import { confirm } from '../../../messages/confirm';
import type { Log } from '../../../messages/log';
import { ask } from '../../../messages/questions';
import type { Notify } from '../../../messages/notify';
import type { RecordingHost } from '../../../recording/recordingHost';
import { requireTrust } from '../../../workspace/trust';
import type { ConnectionChoice, ConnectionStatus } from '../../connections/connection';
import { activeFolder, folderOf } from '../../connections/folderOf';
import { type AskingServices, connectAsking, NOTHING_ALLOWED } from './connectAsking';
import { findCandidates } from './findCandidates';
import { OpenConnections } from './openConnections';
import { enterConnection, pickConnection, pickDatabase, pickSaved, type PickServices } from './pickConnection';
import { SavedConnections } from './savedConnections';
import { notAConnectionString } from '../../errors/databaseErrors';

export interface MongoConnectionServices {
  readonly context: Pick<vscode.ExtensionContext, 'globalState' | 'workspaceState' | 'secrets'>;
  readonly host: RecordingHost;
  readonly notify: Notify;
  readonly log: Log;
  /** A connection was opened. */
  connected(id: string): Promise<void>;
  /** It is open for the last time. */
  removing(id: string): Promise<void>;
}

const ASKING: AskingServices = { connect: connectMongo, confirm };

/** What is done with connections, by commands, the view and the plan views. */
export class MongoConnections implements vscode.Disposable {
  readonly saved: SavedConnections;
  readonly open: OpenConnections;
  private readonly pick: PickServices;

  constructor(private readonly services: MongoConnectionServices) {
    const { context, host, notify, log } = services;
    this.saved = new SavedConnections(context.globalState, context.workspaceState, context.secrets);
    this.open = new OpenConnections({
      saved: this.saved,
      // Whatever asks for a connection, also a row that is unfolded.
      connect: async (uri, signal, id) => {
        requireTrust();
        const before = this.saved.allowed(id);
        const { connection, allowed } = await connectAsking(uri, before, ASKING, signal);
        if (allowed !== before) await this.saved.allow(id, allowed);
        return connection;
      },
      onConnected: async (id, connection) => {
        try {
          if (connection.withheld.length)
            log.info(`${connection.name} names members that are not talked to: ${connection.withheld.join(', ')}`);
          const removed = await removeLeftovers(connection);
          if (removed.length)
            log.info(`removed what an earlier window left on ${connection.name}: ${removed.join(', ')}`);
        } catch (error) {
          log.warn(`leftovers on ${connection.name}: ${errorText(error)}`);
        }
        await services.connected(id);
      },
    });
    this.pick = {
      saved: this.saved,
      open: this.open,
      notify,
      candidates: (folder) => findCandidates(folder, host, log),
      add: (uri, signal) => this.addTested(uri, signal),
    };
  }

  statusOf(uri: vscode.Uri): ConnectionStatus | undefined {
    const choice = this.choiceOf(uri);
    return choice && this.open.status(choice.id);
  }

  choiceOf(uri: vscode.Uri): ConnectionChoice | undefined {
    return this.saved.choice(folderOf(uri));
  }

  async choose(uri: vscode.Uri, choice: ConnectionChoice): Promise<void> {
    await this.saved.choose(folderOf(uri), choice);
    this.open.refresh();
  }

  /** The one of the file's folder; asked for where there is none. */
  async ensure(uri: vscode.Uri): Promise<ConnectionChoice | undefined> {
    return this.choiceOf(uri) ?? this.pickFor(folderOf(uri));
  }

  async pickFor(folder = activeFolder()): Promise<ConnectionChoice | undefined> {
    requireTrust();
    return pickConnection(this.pick, folder);
  }

  /** `given`: a string that another extension names, or a link: it is asked about before anything is done with it. */
  async add(given?: unknown): Promise<ConnectionChoice | undefined> {
    requireTrust();
    const folder = activeFolder();
    if (typeof given === 'string' && !(await confirmGiven(given))) return undefined;
    const id =
      typeof given === 'string'
        ? (await this.addTested(given, new AbortController().signal)).id
        : await this.askNew(folder);
    if (id === undefined) return undefined;
    const choice = { id };
    await this.saved.choose(folder, choice);
    this.open.refresh();
    return choice;
  }

  async pickDatabaseFor(folder = activeFolder(), connection?: string, database?: string): Promise<string | undefined> {
    requireTrust();
    const choice = connection === undefined ? this.saved.choice(folder) : { id: connection };
    const id = choice?.id ?? (await this.pickFor(folder))?.id;
    if (id === undefined) return undefined;
    const current = this.saved.choice(folder)?.database;
    const name = database ?? (await pickDatabase(await (await this.open.get(id)).databases(), current));
    if (name === undefined) return undefined;
    await this.saved.choose(folder, { id, database: name });
    this.open.refresh();
    return name;
  }

  async rename(given: string | undefined): Promise<void> {
    const id = given ?? (await pickSaved(this.open, vscode.l10n.t('Connection to rename')));
    const saved = id === undefined ? undefined : this.saved.find(id);
    if (!saved) return;
    const name = await ask({
      title: vscode.l10n.t('Rename MongoDB Connection'),
      value: saved.name,
      prompt: saved.hosts,
    });
    if (name?.trim()) await this.saved.rename(saved.id, name.trim());
    this.open.refresh();
  }

  async remove(given: string | undefined): Promise<void> {
    const id = given ?? (await pickSaved(this.open, vscode.l10n.t('Connection to remove')));
    const saved = id === undefined ? undefined : this.saved.find(id);
    if (!saved) return;
    const question = vscode.l10n.t('Remove the connection {0}?', saved.name);
    const detail = vscode.l10n.t(
      'Its connection string is deleted from the secret storage. Nothing is changed on the server.',
    );
    if (!(await confirm({ question, detail, go: vscode.l10n.t('Remove') }))) return;
    await this.services.removing(saved.id);
    await this.open.close(saved.id);
    await this.saved.remove(saved.id);
    this.open.refresh();
  }

  /** Says how long an answer took. */
  async test(given: string | undefined): Promise<{ readonly name: string; readonly millis: number } | undefined> {
    requireTrust();
    const id = given ?? (await pickSaved(this.open, vscode.l10n.t('Connection to test')));
    if (id === undefined) return undefined;
    const connection = await this.open.get(id);
    const started = performance.now();
    try {
      await connection.run('admin', { ping: 1 });
      this.open.note(id, undefined);
    } catch (error) {
      this.open.note(id, error);
      throw error;
    }
    return { name: connection.name, millis: performance.now() - started };
  }

  async disconnect(given: string | undefined): Promise<void> {
    const open = this.open.list().filter(({ state }) => state !== 'closed');
    const id =
      given ?? (open.length === 1 ? open[0].id : await pickSaved(this.open, vscode.l10n.t('Connection to close')));
    if (id !== undefined) await this.open.close(id);
  }

  shutDown(): Promise<void> {
    return this.open.shutDown();
  }

  dispose(): void {
    this.open.dispose();
  }

  /** What was found in the folder is offered, before a string has to be entered. */
  private async askNew(folder: string): Promise<string | undefined> {
    const known = new Set(await Promise.all(this.saved.list().map(({ id }) => this.saved.uri(id))));
    const found = (await this.pick.candidates(folder)).some(({ uri }) => !known.has(uri));
    return found ? (await pickConnection(this.pick, folder))?.id : enterConnection(this.pick);
  }

  private async addTested(uri: string, signal: AbortSignal): Promise<{ readonly id: string }> {
    if (!/^mongodb(?:\+srv)?:\/\//i.test(uri)) {
      throw notAConnectionString();
    }
    const { connection, allowed } = await connectAsking(uri, NOTHING_ALLOWED, ASKING, signal);
    const saved = await this.saved.add(uri, nameOfUri(uri));
    if (allowed !== NOTHING_ALLOWED) await this.saved.allow(saved.id, allowed);
    this.open.adopt(saved.id, connection);
    return saved;
  }
}

/** Throws `notAConnectionString` for what is none. */
async function confirmGiven(uri: string): Promise<boolean> {
  if (!isConnectionString(uri)) throw notAConnectionString();
  const question = vscode.l10n.t('Connect to {0}, and keep the connection?', nameOfUri(uri));
  const detail = vscode.l10n.t(
    'A link or another extension gives the connection string {0}. It is used at once, with the login that it names, and kept in the editor’s secret storage.',
    redactUri(uri).slice(0, 500),
  );
  return confirm({ question, detail, go: vscode.l10n.t('Connect') });
}
