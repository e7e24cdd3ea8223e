import type { EjsonDocument } from '../../../core/ejson/documents';

/** What answers at the other end, from `buildInfo` and `hello`. */
export interface ServerInfo {
  readonly version: string;
  /** Look-alikes by name; `embedded` is the demo database of this repository. */
  readonly product: 'mongodb' | 'embedded' | 'documentdb' | 'amazon-documentdb' | 'cosmos' | 'ferretdb' | 'unknown';
  readonly topology: 'single' | 'replicaSet' | 'sharded' | 'loadBalanced';
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** ms until we give up waiting; the server's own limit is `maxTimeMS` in the command. */
  readonly patienceMs?: number;
  /** Reads go to a secondary where there is one, unless this says otherwise. */
  readonly readPreference?: 'primary' | 'secondaryPreferred';
}

/** How much of a cursor is read. */
export interface WalkOptions extends RunOptions {
  /** Documents that are taken; 100,000 without it. */
  readonly most?: number;
  /** Bytes of them together; 64 MB without it. */
  readonly mostBytes?: number;
  /** ms for the whole walk; the time for one batch, ten times, without it. */
  readonly walkMs?: number;
  /** There was more, or it took too long: `text` says so, and what was read so far is all there is. */
  readonly onCut?: (text: string) => void;
}

/** An open connection. Every failure is a HeatlensError with cause and next step; none names a password. */
export interface MongoConnection {
  /** Hosts, and the database where the string names one: never a user or a password. */
  readonly name: string;
  readonly server: ServerInfo;
  /** Members of its replica set that the string does not name and nobody has allowed; they are not talked to. */
  readonly withheld: readonly string[];
  /** From the connection string. */
  readonly defaultDatabase: string | undefined;
  /** Runs one command; the answer is relaxed EJSON (plain numbers, `$oid`, `$date`, …). */
  run(database: string, command: EjsonDocument, options?: RunOptions): Promise<EjsonDocument>;
  /** The documents of a cursor command (find, aggregate, listIndexes, …), batch by batch, in canonical EJSON, up to a limit. */
  documents(database: string, command: EjsonDocument, options?: WalkOptions): AsyncIterable<EjsonDocument>;
  /** Names of databases that the login may see; `[defaultDatabase]` where it may not list them. */
  databases(options?: RunOptions): Promise<readonly string[]>;
  close(): Promise<void>;
}
