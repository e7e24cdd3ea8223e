import { randomUUID } from 'node:crypto';
import type { Memory } from '../../../workspace/memory';
import type { ConnectionChoice } from '../../connections/connection';
import { type Allowed, NOTHING_ALLOWED } from './connectAsking';

/** A connection as it is listed: nothing secret. Its string lies in the secret storage under its id. */
export interface SavedConnection {
  readonly id: string;
  /** As the user named it, else its hosts. */
  readonly name: string;
  /** Hosts, without user and password. */
  readonly hosts: string;
  readonly allowed?: Allowed;
}

/** The part of the editor's secret storage that is used. */
export interface Secrets {
  get(key: string): Thenable<string | undefined>;
  store(key: string, value: string): Thenable<void>;
  delete(key: string): Thenable<void>;
}

const LIST_KEY = 'heatlens.mongo.connections';
const CHOICE_KEY = 'heatlens.mongo.choices';
const secretKey = (id: string): string => `heatlens.mongo.${id}`;

/** The list is the user's, in all windows; which of them a folder uses belongs to the workspace. */
export class SavedConnections {
  constructor(
    private readonly global: Memory,
    private readonly workspace: Memory,
    private readonly secrets: Secrets,
  ) {}

  list(): readonly SavedConnection[] {
    return this.global.get<SavedConnection[]>(LIST_KEY) ?? [];
  }

  find(id: string): SavedConnection | undefined {
    return this.list().find((each) => each.id === id);
  }

  async add(uri: string, hosts: string): Promise<SavedConnection> {
    for (const known of this.list()) if ((await this.uri(known.id)) === uri) return known;
    const saved = { id: randomUUID(), name: this.freeName(hosts), hosts };
    await this.secrets.store(secretKey(saved.id), uri);
    await this.global.update(LIST_KEY, [...this.list(), saved]);
    return saved;
  }

  async rename(id: string, name: string): Promise<void> {
    await this.global.update(
      LIST_KEY,
      this.list().map((each) => (each.id === id ? { ...each, name } : each)),
    );
  }

  /** What the user has allowed for a connection. */
  allowed(id: string): Allowed {
    return this.find(id)?.allowed ?? NOTHING_ALLOWED;
  }

  async allow(id: string, allowed: Allowed): Promise<void> {
    await this.global.update(
      LIST_KEY,
      this.list().map((each) => (each.id === id ? { ...each, allowed } : each)),
    );
  }

  async remove(id: string): Promise<void> {
    await this.secrets.delete(secretKey(id));
    await this.global.update(
      LIST_KEY,
      this.list().filter((each) => each.id !== id),
    );
    const choices = Object.entries(this.choices()).filter(([, choice]) => choice.id !== id);
    await this.workspace.update(CHOICE_KEY, Object.fromEntries(choices));
  }

  /** Never to be shown or logged. Undefined when the secret storage has lost it. */
  async uri(id: string): Promise<string | undefined> {
    return this.secrets.get(secretKey(id));
  }

  /** `folder` is the URI of a workspace folder, or '' for files of none. */
  choice(folder: string): ConnectionChoice | undefined {
    const choice = this.choices()[folder] as ConnectionChoice | undefined;
    return choice && this.find(choice.id) ? choice : undefined;
  }

  async choose(folder: string, choice: ConnectionChoice): Promise<void> {
    await this.workspace.update(CHOICE_KEY, { ...this.choices(), [folder]: choice });
  }

  private choices(): Record<string, ConnectionChoice> {
    return this.workspace.get<Record<string, ConnectionChoice>>(CHOICE_KEY) ?? {};
  }

  private freeName(hosts: string): string {
    const taken = new Set(this.list().map(({ name }) => name));
    let name = hosts;
    for (let number = 2; taken.has(name); number++) name = `${hosts} (${number})`;
    return name;
  }
}

/** Asked before anything else of this is needed. */
export function hasSavedConnections(global: Pick<Memory, 'get'>): boolean {
  return (global.get<SavedConnection[]>(LIST_KEY) ?? []).length > 0;
}
