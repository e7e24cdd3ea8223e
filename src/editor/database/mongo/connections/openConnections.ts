import type { Disposable } from '../../../../core/disposable';
import { Emitter } from '../../../../core/emitter';
import { errorText } from '../../../../core/errors';
import type { MongoConnection } from '../../../../node/database/mongo/mongoConnection';
import type { Connections, ConnectionState, ConnectionStatus } from '../../connections/connection';
import type { SavedConnections } from './savedConnections';
import { rejectedOnAbort } from '../../../../core/abort';
import { disconnected, secretLost } from '../../errors/databaseErrors';

export interface ConnectionServices {
  readonly saved: SavedConnections;
  connect(uri: string, signal: AbortSignal, id: string): Promise<MongoConnection>;
  /** Once for each connection that was opened: what earlier windows left behind is put in order. Its failure is no failure. */
  onConnected(id: string, connection: MongoConnection): Promise<void>;
}

interface Open {
  state: ConnectionState;
  connection?: MongoConnection;
  failure?: string;
  opening?: Promise<MongoConnection>;
  abort?: AbortController;
}

/** Connections of this window: opened by the first use, shared, closed with the window. The driver itself reconnects. */
export class OpenConnections implements Connections, Disposable {
  private readonly changed = new Emitter<void>();
  private readonly open = new Map<string, Open>();
  private readonly closings = new Map<string, number>();
  private disposed = false;

  /** A state, or the list of saved connections. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly services: ConnectionServices) {}

  list(): ConnectionStatus[] {
    return this.services.saved.list().map(({ id, name }) => ({ id, name, ...this.stateOf(id) }));
  }

  status(id: string): ConnectionStatus | undefined {
    const saved = this.services.saved.find(id);
    return saved && { id, name: saved.name, ...this.stateOf(id) };
  }

  /** Of one that is open already the same, also while it is being opened. */
  async get(id: string, signal?: AbortSignal): Promise<MongoConnection> {
    const open = this.open.get(id);
    if (open?.connection) return open.connection;
    const opening = open?.opening ?? this.start(id);
    if (!signal) return opening;
    return Promise.race([opening, rejectedOnAbort(signal)]);
  }

  note(id: string, failure: unknown): void {
    const open = this.open.get(id);
    if (!open?.connection) return;
    const state = failure === undefined ? 'connected' : 'failed';
    const text = failure === undefined ? undefined : errorText(failure);
    if (open.state === state && open.failure === text) return;
    open.state = state;
    open.failure = text;
    this.changed.fire();
  }

  /** One that was tested before it was saved. */
  adopt(id: string, connection: MongoConnection): void {
    if (this.disposed || this.open.get(id)?.connection) return void connection.close();
    this.open.set(id, { state: 'connected', connection });
    this.changed.fire();
    void this.settle(id, connection);
  }

  async close(id: string): Promise<void> {
    const open = this.open.get(id);
    this.closings.set(id, (this.closings.get(id) ?? 0) + 1);
    this.open.delete(id);
    open?.abort?.abort();
    this.changed.fire();
    await open?.connection?.close();
  }

  /** Those that could not be opened may be tried again. */
  forgetFailures(): void {
    for (const [id, { state, connection }] of this.open) if (state === 'failed' && !connection) this.open.delete(id);
    this.changed.fire();
  }

  /** The list of saved connections has changed. */
  refresh(): void {
    this.changed.fire();
  }

  /** The window closes. */
  async shutDown(): Promise<void> {
    this.disposed = true;
    const all = [...this.open.keys()];
    await Promise.allSettled(all.map((id) => this.close(id)));
  }

  dispose(): void {
    void this.shutDown();
    this.changed.dispose();
  }

  private stateOf(id: string): Omit<ConnectionStatus, 'id' | 'name'> {
    const { state = 'closed', connection, failure } = this.open.get(id) ?? {};
    return { state, connection, failure, closed: this.closings.get(id) ?? 0 };
  }

  private start(id: string): Promise<MongoConnection> {
    const abort = new AbortController();
    const open: Open = { state: 'connecting', abort };
    this.open.set(id, open);
    open.opening = this.connect(id, abort.signal).then(
      async (connection) => {
        if (this.open.get(id) !== open) {
          await connection.close();
          throw disconnected();
        }
        Object.assign(open, { state: 'connected', connection, opening: undefined, abort: undefined });
        this.changed.fire();
        void this.settle(id, connection);
        return connection;
      },
      (error: unknown) => {
        if (this.open.get(id) === open) {
          Object.assign(open, { state: 'failed', failure: errorText(error), opening: undefined, abort: undefined });
          this.changed.fire();
        }
        throw error;
      },
    );
    this.changed.fire();
    return open.opening;
  }

  private async connect(id: string, signal: AbortSignal): Promise<MongoConnection> {
    const uri = await this.services.saved.uri(id);
    if (uri === undefined) {
      const name = this.services.saved.find(id)?.name ?? 'this connection';
      throw secretLost(name);
    }
    return this.services.connect(uri, signal, id);
  }

  private async settle(id: string, connection: MongoConnection): Promise<void> {
    try {
      await this.services.onConnected(id, connection);
    } finally {
      if (!this.disposed) this.changed.fire();
    }
  }
}
