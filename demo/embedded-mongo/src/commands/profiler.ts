import { badValue } from '../errors';
import { Collection } from '../storage/collection';
import { toNumber } from '../values/types';
import type { Doc } from '../values/types';
import type { CommandContext } from './context';
import { completeNotes } from './read';

export const PROFILE = 'system.profile';
const PROFILE_BYTES = 1048576;
const UNRECORDED = new Set([
  'hello',
  'ismaster',
  'isMaster',
  'ping',
  'endSessions',
  'profile',
  'buildInfo',
  'buildinfo',
  'killCursors',
]);

/** Reads or sets the level of the profiler: 0 off, 1 slow commands, 2 all. */
export function profile({ database, body }: CommandContext): Doc {
  const { level, slowms, sampleRate } = database.profile;
  const wanted = toNumber(body.profile);
  if (wanted === undefined) throw badValue("BSON field 'profile' must be a number");
  if (wanted >= 0 && wanted <= 2) database.profile = { ...database.profile, level: wanted };
  const [slow, rate] = [toNumber(body.slowms), toNumber(body.sampleRate)];
  if (rate !== undefined && !(rate >= 0 && rate <= 1))
    throw badValue(`'sampleRate' must be between 0.0 and 1.0 inclusive`);
  if (slow !== undefined) database.profile = { ...database.profile, slowms: slow };
  if (rate !== undefined) database.profile = { ...database.profile, sampleRate: rate };
  return { was: level, slowms, sampleRate };
}

/** Writes a command to `system.profile` when the level of its database asks for it. */
export function record(
  context: CommandContext,
  millis: number,
  responseLength: number,
  error: { code: number; codeName: string; message: string } | undefined,
): void {
  const { database, body, name, notes } = context;
  const { level, slowms, sampleRate } = database.profile;
  if (level === 0 || UNRECORDED.has(name) || (level === 1 && (millis < slowms || Math.random() >= sampleRate))) return;
  const target = typeof body[name] === 'string' ? body[name] : '$cmd';
  if (target === PROFILE) return;
  completeNotes(context);
  const {
    op = name === 'find' ? 'query' : 'command',
    ns = `${database.name}.${target}`,
    execStats,
    planSummary,
    ...counters
  } = notes;
  const options = { capped: true, size: PROFILE_BYTES };
  const collection = database.collections.get(PROFILE) ?? database.put(new Collection(database.name, PROFILE, options));
  const { documents: _documents, ...command } = body;
  collection.insert({
    op,
    ns,
    command,
    ...counters,
    numYield: 0,
    ...(error ? { ok: 0, errCode: error.code, errName: error.codeName, errMsg: error.message } : {}),
    locks: {},
    responseLength,
    protocol: 'op_msg',
    millis: Math.round(millis),
    ...(planSummary ? { planSummary } : {}),
    ...(execStats ? { execStats } : {}),
    ts: new Date(),
    client: '127.0.0.1',
    allUsers: [],
    user: '',
  });
}
