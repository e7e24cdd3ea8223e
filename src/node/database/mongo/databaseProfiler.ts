import { isHeatlensError } from '../../../core/errors';
import { throwIfCancelled } from '../../../core/database/mongo/errors/mongoErrors';
import {
  profilerIgnored,
  profilerNotAllowed,
  profilerOnRouter,
  profilerReadOnly,
} from '../../../core/database/mongo/errors/profilerErrors';
import { groupByShape, type ProfileShapes } from '../../../core/database/mongo/shapes/profileShapes';
import type { MongoConnection, RunOptions } from './mongoConnection';
import { serverRole } from './serverRole';
import { asDocument, asCount, asNumber } from '../../../core/ejson/documents';
import type { EjsonDocument } from '../../../core/ejson/documents';

/** What the profiler of a database writes down: 0 nothing, 1 what is slower than `slowms` (or passes `filter`), 2 everything. */
export interface ProfilingLevel {
  readonly level: 0 | 1 | 2;
  /** ms; one for the whole server, as is `sampleRate`: they decide what its log tells, too. */
  readonly slowms: number;
  /** Part of the slow operations that is written down, 0 to 1. */
  readonly sampleRate: number;
  /** Takes the place of the two above. */
  readonly filter?: EjsonDocument;
}

/** A level that Heatlens has set, and what was there before. Plain JSON: kept until it is restored, also over a crash. */
export interface ProfilingChange {
  /** Name of the connection. */
  readonly connection: string;
  readonly database: string;
  readonly before: ProfilingLevel;
  /** As the server has it since. */
  readonly set: ProfilingLevel;
  /** When it is to be switched back, ms since 1970. */
  readonly until: number;
}

/** `changed`: somebody else has set another level since, which was left alone. */
export type Restored = 'restored' | 'changed';

export interface StartProfiling {
  readonly level: 1 | 2;
  readonly slowms?: number;
  readonly sampleRate?: number;
  /** ms until it is switched back. */
  readonly forMs: number;
  /** A change that is kept already: what was before that one is what is restored. */
  readonly kept?: ProfilingChange;
  /** Keeps the change, before anything is set; undefined when it is restored. */
  readonly keep: (change: ProfilingChange | undefined) => Promise<void> | void;
  /** After the timed switch-back; an error says that it is still to be done. */
  readonly onEnd?: (outcome: Restored | Error) => void;
}

export interface RunningProfiler {
  readonly change: ProfilingChange;
  /** Switches back now. */
  stop(): Promise<Restored>;
  /** Ends the timer and leaves the level as it is: the change is still kept, and restored at the next connect. */
  dispose(): void;
}

/** The level of a database. Throws a HeatlensError on routers, and where the login may not ask. */
export async function profilingLevel(
  connection: MongoConnection,
  database: string,
  options: RunOptions = {},
): Promise<ProfilingLevel> {
  return levelOf(await profile(connection, database, { profile: -1 }, options));
}

function levelOf(answer: EjsonDocument): ProfilingLevel {
  const was = asNumber(answer.was);
  const filter = asDocument(answer.filter);
  return {
    level: was === 1 || was === 2 ? was : 0,
    slowms: asCount(answer.slowms) ?? 100,
    sampleRate: asCount(answer.sampleRate) ?? 1,
    ...(filter && Object.keys(filter).length ? { filter } : {}),
  };
}

async function profile(
  connection: MongoConnection,
  database: string,
  command: EjsonDocument,
  options: RunOptions,
): Promise<EjsonDocument> {
  if (connection.server.topology === 'sharded') throw profilerOnRouter(connection.name);
  try {
    return await connection.run(database, command, { ...options, readPreference: 'primary' });
  } catch (error) {
    throw isHeatlensError(error, 'mongoNotAuthorised') ? profilerNotAllowed(database, error) : error;
  }
}

/**
 * Sets the level for a time, and then exactly what was before. The change is kept by the caller before it is made, so that the
 * next connect can restore it when this process ends before. Throws a HeatlensError where it cannot be set; nothing is kept then.
 */
export async function startProfiling(
  connection: MongoConnection,
  database: string,
  request: StartProfiling,
  options: RunOptions = {},
): Promise<RunningProfiler> {
  const { level, forMs, kept, keep, onEnd } = request;
  const now = await profilingLevel(connection, database, options);
  if ((await serverRole(connection, options)).isReadOnly) throw profilerReadOnly(connection.name);
  const before = kept && sameLevel(kept.set, now) ? kept.before : now;
  const set: ProfilingLevel = {
    level,
    slowms: request.slowms ?? now.slowms,
    sampleRate: request.sampleRate ?? now.sampleRate,
  };
  const change: ProfilingChange = { connection: connection.name, database, before, set, until: Date.now() + forMs };
  await keep(change);
  try {
    throwIfCancelled(options.signal);
    // Not to be cancelled: what is on its way may be set after we have looked and forgotten it.
    await profile(connection, database, settingOf(set, now), { ...options, signal: undefined });
    if (!sameLevel(await profilingLevel(connection, database, options), set)) throw profilerIgnored(database);
  } catch (error) {
    // Cut off while it was set, the level may be the new one: then the change is still kept.
    const outcome = await restoreProfiling(connection, change).catch(() => undefined);
    if (outcome) await keep(undefined);
    throw error;
  }
  let ended: Promise<Restored> | undefined;
  const stop = (): Promise<Restored> => {
    clearTimeout(timer);
    // A second call gets the outcome of the first, unless that failed.
    ended ??= restoreProfiling(connection, change)
      .then(async (outcome) => {
        await keep(undefined);
        return outcome;
      })
      .catch((error: unknown) => {
        ended = undefined;
        throw error;
      });
    return ended;
  };
  const timer = setTimeout(() => void stop().then(onEnd, (error: unknown) => onEnd?.(error as Error)), forMs);
  // The level is restored at the next connect: it must not hold up the end of the process.
  timer.unref();
  return { change, stop, dispose: () => clearTimeout(timer) };
}

/** The command for a level, from another one that may have a filter. */
function settingOf({ level, slowms, sampleRate, filter }: ProfilingLevel, from: ProfilingLevel): EjsonDocument {
  return { profile: level, slowms, sampleRate, ...(filter ? { filter } : from.filter ? { filter: 'unset' } : {}) };
}

/**
 * Sets what was before a change: level, threshold, rate and filter. A level that somebody else has set since then is left alone.
 * For the time that is up, and at a connect for a change that was kept over the end of a process.
 */
export async function restoreProfiling(
  connection: MongoConnection,
  change: ProfilingChange,
  options: RunOptions = {},
): Promise<Restored> {
  const { database, before, set } = change;
  const now = await profilingLevel(connection, database, options);
  if (sameLevel(now, before)) return 'restored';
  if (!sameLevel(now, set)) return 'changed';
  await profile(connection, database, settingOf(before, now), options);
  return 'restored';
}

function sameLevel(a: ProfilingLevel, b: ProfilingLevel): boolean {
  const sameFilter = JSON.stringify(a.filter ?? null) === JSON.stringify(b.filter ?? null);
  return sameFilter && a.level === b.level && a.slowms === b.slowms && a.sampleRate === b.sampleRate;
}

/** What a level costs, in a sentence: for the question before it is set. */
export function profilingCost(level: 1 | 2): string {
  return level === 2
    ? 'Every operation of the database is written down while it lasts, which slows a busy server.'
    : 'Operations above the threshold are written down; the threshold and the rate are those of the whole server, and its log follows them, too.';
}

/** Entries of `system.profile` that are looked at, the newest. */
const NEWEST = 1000;

/** The slowest query shapes of a database, from the newest entries of its `system.profile`; empty where nothing was profiled. */
export async function slowestShapes(
  connection: MongoConnection,
  database: string,
  options: RunOptions & { readonly entries?: number } = {},
): Promise<ProfileShapes> {
  const { entries: limit = NEWEST, ...run } = options;
  if (connection.server.topology === 'sharded') throw profilerOnRouter(connection.name);
  const entries: EjsonDocument[] = [];
  const command = {
    find: 'system.profile',
    filter: {},
    sort: { $natural: -1 },
    limit,
    comment: 'heatlens profile',
    maxTimeMS: 10_000,
  };
  try {
    // A server that gives more than it was asked for is not listened to.
    const walk = { ...run, readPreference: 'primary', most: limit, onCut: () => undefined } as const;
    for await (const entry of connection.documents(database, command, walk)) entries.push(entry);
  } catch (error) {
    throw isHeatlensError(error, 'mongoNotAuthorised') ? profilerNotAllowed(database, error) : error;
  }
  return groupByShape(entries);
}
