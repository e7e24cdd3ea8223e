import { t } from '@vscode/l10n';
import { asDocument, type EjsonDocument } from '../../../ejson/documents';
import { badReply } from '../errors/replyErrors';
import { hostOf } from '../connection/hosts';

/** A replica set has 50 members at most; a server that names more is not believed. */
const MOST_MEMBERS = 200;
const LONGEST_TEXT = 500;

/** The reply to `hello`, as a driver may read it. */
export interface Greeting {
  readonly reply: Record<string, unknown>;
  /** Members that the server names and that are not to be talked to. */
  readonly withheld: readonly string[];
}

const FLAGS = [
  'helloOk',
  'isWritablePrimary',
  'ismaster',
  'secondary',
  'arbiterOnly',
  'hidden',
  'passive',
  'isreplicaset',
  'readOnly',
];
const NUMBERS = [
  'setVersion',
  'maxBsonObjectSize',
  'maxMessageSizeBytes',
  'maxWriteBatchSize',
  'logicalSessionTimeoutMinutes',
  'minWireVersion',
  'maxWireVersion',
];
const TEXTS = ['setName', 'msg'];

/**
 * What a driver needs of a reply to `hello`, each part of its right type, and of the members only those that may be talked to. The
 * server that answers stands for itself under the address that it was reached at, whatever it calls itself: only where all
 * members are allowed it may name another address as its own. Throws a HeatlensError for a reply of a wrong shape. Times of clusters
 * and of topologies are left out: with them a server decides when it is asked again.
 */
export function readGreeting(raw: unknown, own: string, isAllowed: (host: string) => boolean): Greeting {
  const given = asDocument(raw);
  if (!given) throw badReply(own, 'hello', t('is no document'));
  const reply: Record<string, unknown> = {};
  for (const name of FLAGS) take(given, reply, name, own, (value) => typeof value === 'boolean');
  for (const name of NUMBERS) take(given, reply, name, own, isPlainCount);
  for (const name of TEXTS)
    take(given, reply, name, own, (value) => typeof value === 'string' && value.length <= LONGEST_TEXT);
  // Nothing depends on it, and look-alikes write it in many ways.
  if (isPlainCount(given.connectionId)) reply.connectionId = given.connectionId;
  take(given, reply, 'ok', own, (value) => value === 1 || value === 0 || value === true || value === false);
  take(given, reply, 'electionId', own, (value) => isBson(value, 'ObjectId'));
  take(given, reply, 'serviceId', own, (value) => isBson(value, 'ObjectId'));
  take(given, reply, 'tags', own, (value) => Object.values(asDocument(value) ?? { no: 0 }).every(isShortText));
  take(given, reply, 'saslSupportedMechs', own, (value) => Array.isArray(value) && value.every(isShortText));
  take(given, reply, 'speculativeAuthenticate', own, (value) => asDocument(value) !== undefined);
  const written = asDocument(given.lastWrite)?.lastWriteDate;
  if (written instanceof Date) reply.lastWrite = { lastWriteDate: written };
  const withheld = takeMembers(given, reply, own, isAllowed);
  return { reply, withheld };
}

function take(
  given: EjsonDocument,
  reply: Record<string, unknown>,
  name: string,
  own: string,
  isRight: (value: unknown) => boolean,
): void {
  const value = given[name];
  if (value === undefined || value === null) return;
  if (!isRight(value)) throw badReply(own, 'hello', t('has no usable {0}', name));
  reply[name] = value;
}

function takeMembers(
  given: EjsonDocument,
  reply: Record<string, unknown>,
  own: string,
  isAllowed: (host: string) => boolean,
): string[] {
  const lists = ['hosts', 'passives', 'arbiters'].map((name) => ({ name, members: membersIn(given, name, own) }));
  const primary = memberIn(given, 'primary', own);
  const me = memberIn(given, 'me', own);
  const all = [
    ...new Set([...lists.flatMap(({ members }) => members), ...[primary, me].filter((one) => one !== undefined)]),
  ];
  const withheld = all.filter((host) => host !== own && !isAllowed(host));
  if (!withheld.length) {
    for (const { name, members } of lists) if (given[name] !== undefined) reply[name] = members;
    if (primary !== undefined) reply.primary = primary;
    if (me !== undefined) reply.me = me;
    return [];
  }
  const kept = lists.map(({ name, members }) => ({
    name,
    members: members.filter((host) => !withheld.includes(host)),
  }));
  if (!kept.some(({ members }) => members.includes(own))) kept[0].members.push(own);
  for (const { name, members } of kept) reply[name] = members;
  reply.me = own;
  if (primary !== undefined && !withheld.includes(primary)) reply.primary = primary;
  return withheld;
}

function membersIn(given: EjsonDocument, name: string, own: string): string[] {
  const list = given[name];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list) || list.length > MOST_MEMBERS) throw badReply(own, 'hello', t('has no usable {0}', name));
  return list.map((one) => memberOf(one, name, own));
}

function memberIn(given: EjsonDocument, name: string, own: string): string | undefined {
  const one = given[name];
  return one === undefined || one === null ? undefined : memberOf(one, name, own);
}

function memberOf(one: unknown, name: string, own: string): string {
  const host = typeof one === 'string' ? hostOf(one) : undefined;
  if (host === undefined) throw badReply(own, 'hello', t('has no usable {0}', name));
  return host;
}

function isPlainCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_TEXT;
}

function isBson(value: unknown, type: string): boolean {
  return typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === type;
}

/** Rounds of hashing that a login may cost us; servers ask for 10,000 to 15,000 unless told otherwise, and it is done in one go. */
const MOST_ITERATIONS = 1_000_000;

/** Checks a server's turn of a SCRAM login: it says how long we are to compute. Throws a HeatlensError. */
export function checkLoginTurn(payload: string, own: string): void {
  const [, digits] = /(?:^|,)i=(\d{0,20})/.exec(payload.slice(0, 10_000)) ?? [];
  if (digits !== undefined && Number(digits) > MOST_ITERATIONS)
    throw badReply(own, 'saslStart', t('asks for {0} rounds of hashing', digits));
}
