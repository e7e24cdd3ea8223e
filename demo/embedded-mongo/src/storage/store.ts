import { ServerError } from '../errors';
import type { Doc } from '../values/types';
import { Collection, DEFAULT_SETTINGS } from './collection';
import type { Settings } from './collection';

/** A view: the collection it reads and the pipeline it applies. */
export interface View {
  readonly name: string;
  readonly viewOn: string;
  readonly pipeline: readonly Doc[];
  readonly options: Doc;
}

/** One database and the level of its profiler. */
export class Database {
  readonly collections = new Map<string, Collection>();
  readonly views = new Map<string, View>();
  profile: { level: number; slowms: number; sampleRate: number } = { level: 0, slowms: 100, sampleRate: 1 };

  constructor(
    readonly name: string,
    private readonly settings: Settings,
  ) {}

  /** Keeps a collection under its name. */
  put(collection: Collection): Collection {
    collection.settings = this.settings;
    this.collections.set(collection.name, collection);
    return collection;
  }

  /** The collection of this name, made when it is missing. */
  ensure(name: string): Collection {
    if (this.views.has(name)) throw new ServerError(166, `Namespace ${this.name}.${name} is a view, not a collection`);
    const found = this.collections.get(name);
    if (found) return found;
    checkCollectionName(this.name, name);
    return this.put(new Collection(this.name, name));
  }

  create(name: string, options: Doc): void {
    if (this.collections.has(name) || this.views.has(name))
      throw new ServerError(48, `Collection ${this.name}.${name} already exists.`);
    checkCollectionName(this.name, name);
    const { viewOn, pipeline, ...rest } = options;
    if (viewOn === undefined) {
      this.put(new Collection(this.name, name, rest));
      return;
    }
    if (typeof viewOn !== 'string' || !Array.isArray(pipeline ?? []))
      throw new ServerError(14, "'viewOn' must be a string and 'pipeline' an array");
    this.views.set(name, { name, viewOn, pipeline: (pipeline ?? []) as Doc[], options: rest });
  }
}

function checkCollectionName(database: string, name: string): void {
  if (
    name === '' ||
    name.includes('\0') ||
    (name.includes('$') && !name.startsWith('system.')) ||
    name.startsWith('.')
  ) {
    throw new ServerError(73, `Invalid collection name: ${database}.${name}`);
  }
}

/** All databases of the server, in memory. */
export class Store {
  readonly databases = new Map<string, Database>();
  readonly settings: Settings = { ...DEFAULT_SETTINGS };

  /** The database of this name; an empty one is not listed. */
  database(name: string): Database {
    if (name === '' || /[\\/. "$\0]/.test(name)) throw new ServerError(73, `Invalid database name: '${name}'`);
    const found = this.databases.get(name);
    if (found) return found;
    const made = new Database(name, this.settings);
    this.databases.set(name, made);
    return made;
  }
}
