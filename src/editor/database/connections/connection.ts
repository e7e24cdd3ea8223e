/** What answers at the other end of a connection, as the server names itself. */
export interface DatabaseServer {
  readonly product: string;
  readonly version: string;
  readonly topology: string;
}

/** An open connection, as far as whatever explains a statement looks at it. */
export interface DatabaseConnection {
  /** Never with a user or a password. */
  readonly name: string;
  readonly server: DatabaseServer;
  readonly defaultDatabase: string | undefined;
  /** Names of databases that the login may see. */
  databases(options: { readonly signal: AbortSignal }): Promise<readonly string[]>;
}

export type ConnectionState = 'connecting' | 'connected' | 'failed' | 'closed';

export interface ConnectionStatus {
  readonly id: string;
  readonly name: string;
  readonly state: ConnectionState;
  /** While it is connected. */
  readonly connection?: DatabaseConnection;
  /** Why it failed, with the next step. */
  readonly failure?: string;
  /** How often it was closed: a row that was unfolded then is another one now, and does not open it again. */
  readonly closed: number;
}

/** What a workspace folder explains against. */
export interface ConnectionChoice {
  readonly id: string;
  readonly database?: string;
}

/** Connections that are opened by their first use. */
export interface Connections {
  status(id: string): ConnectionStatus | undefined;
  /** Opens it where it is not open. Cancelling stops the waiting of this caller only. */
  get(id: string, signal?: AbortSignal): Promise<DatabaseConnection>;
  /** What a command's failure or success (undefined) says about the connection. */
  note(id: string, failure: unknown): void;
}
