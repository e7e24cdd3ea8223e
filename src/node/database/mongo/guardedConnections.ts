import { t } from '@vscode/l10n';
import type { Transform } from 'node:stream';
import type { Connection, DriverConnectionOptions } from 'mongodb/lib/cmap/connection.js';
import { badMessage, badReply } from '../../../core/database/mongo/errors/replyErrors';
import { notAllowedHost } from '../../../core/database/mongo/errors/connectErrors';
import { checkLoginTurn, readGreeting } from '../../../core/database/mongo/wire/greeting';
import { createMessageGuard, messageProblem } from '../../../core/database/mongo/wire/messages';
import type { HeatlensError } from '../../../core/errors';

export interface ConnectionGuard {
  /** `host:port` as the driver writes it. */
  isAllowed(host: string): boolean;
  /** Members that a server names and that are not to be talked to. */
  onWithheld(hosts: readonly string[]): void;
  /** A server was given up because of what it sent. */
  onRefused(error: HeatlensError): void;
}

/**
 * The driver's connection, which believes nothing. The driver learns of other hosts only by the reply to `hello`, and reads
 * whatever that holds in timers, where an exception ends the process: so this reply is made anew (`readGreeting`) before the driver
 * sees it, on the connections that watch a server as on those that log in. Bytes are looked at before they are kept, and documents
 * before they are made.
 */
export function guardedConnections(base: typeof Connection, guard: ConnectionGuard): typeof Connection {
  return class GuardedConnection extends base {
    constructor(stream: unknown, options: DriverConnectionOptions) {
      super(stream, options);
      const host = options.hostAddress.toString();
      const refuse = (error: HeatlensError): HeatlensError => {
        guard.onRefused(error);
        return error;
      };
      guardBytes(this.messageStream, (why) => refuse(badMessage(host, why)));
      // Nothing was sent yet. No way leads here while `readGreeting` decides; it is the second lock.
      if (!guard.isAllowed(host)) {
        this.messageStream.destroy();
        throw refuse(notAllowedHost(host));
      }
    }

    override async command(
      namespace: unknown,
      command: object,
      options?: unknown,
      responseType?: unknown,
    ): Promise<unknown> {
      const reply = await super.command(namespace, command, options, responseType);
      // With a type it is one of our own commands, whose answer nobody reads but us.
      if (responseType !== undefined) return reply;
      try {
        return this.read(command, reply);
      } catch (error) {
        guard.onRefused(error as HeatlensError);
        throw error;
      }
    }

    private read(command: object, reply: unknown): unknown {
      const { address } = this;
      const [name = ''] = Object.keys(command);
      if (/^(hello|ismaster)$/i.test(name)) {
        const greeting = readGreeting(reply, address, (host) => guard.isAllowed(host));
        if (greeting.withheld.length) guard.onWithheld(greeting.withheld);
        const speculative = greeting.reply.speculativeAuthenticate;
        // That of a certificate has no payload.
        if (documentOf(speculative)?.payload !== undefined) checkLoginTurn(payloadOf(speculative, address), address);
        return greeting.reply;
      }
      const { mechanism } = command as { readonly mechanism?: unknown };
      if (name === 'saslStart' && /^SCRAM/.test(String(mechanism))) checkLoginTurn(payloadOf(reply, address), address);
      return reply;
    }
  };
}

function documentOf(value: unknown): { readonly payload?: unknown } | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

function payloadOf(turn: unknown, address: string): string {
  const payload = documentOf(turn)?.payload;
  const isBytes =
    payload instanceof Uint8Array ||
    (typeof payload === 'object' && payload !== null && '_bsontype' in payload && payload._bsontype === 'Binary');
  if (!isBytes) throw badReply(address, 'saslStart', t('has no payload'));
  return Buffer.isBuffer(payload)
    ? payload.toString('utf8')
    : (payload as { toString(encoding: string): string }).toString('utf8');
}

/** Ends the stream before bytes of an impossible message are collected, and before a costly document is made. */
function guardBytes(stream: Transform, refused: (why: string) => Error): void {
  const guard = createMessageGuard();
  const transform = stream._transform.bind(stream);
  stream._transform = (chunk: Uint8Array, encoding, done) => {
    const why = guard.add(chunk);
    if (why === undefined) transform(chunk, encoding, done);
    else done(refused(why));
  };
  const push = stream.push.bind(stream) as (message: Uint8Array | null) => boolean;
  stream.push = (message: Uint8Array | null): boolean => {
    const why = message === null ? undefined : messageProblem(message);
    if (why === undefined) return push(message);
    stream.destroy(refused(why));
    return true;
  };
}
