import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import WebSocket from 'ws';
import * as leftOpen from '../../src/node/inspector/closeLeftOpen';
import { isAnswerTo, refusalOf, requestOf, type Request } from './protocolRequests';

// What a Heatlens in this process asks its targets goes through here while faults are injected: every request by its name, and
// whatever is to become of one of them. Several Heatlenses at once are told apart by their asynchronous context.

/**
 * What becomes of one request: the target refuses it, or it does it and then fails; the connection is cut before the target
 * has it, or when it has done it; our side is killed before it or after it. With a target whose event loop is blocked from
 * then on: nothing else, or one of the others.
 */
export const faultWays = [
  'refused',
  'failed',
  'cut before',
  'cut after',
  'killed before',
  'killed after',
  'blocked',
  'blocked and cut',
  'blocked and killed',
] as const;

export type FaultWay = (typeof faultWays)[number];

/** `step`: a request's name with the number of times that it was made, `Profiler.enable#1`. */
export interface Fault {
  readonly step: string;
  readonly way: FaultWay;
}

export interface FaultyRun {
  /** Of all requests, in their order. */
  readonly steps: readonly string[];
  /** The fault was injected. */
  readonly isHit: boolean;
  /** Resolves when our side was killed, or has come to its end: then to what it threw. */
  readonly ended: Promise<unknown>;
  /** Lets our side see, after its death, that its connections are gone, and resolves when nothing of it is left. */
  bury(): Promise<void>;
}

/** Signs of life come at any time. */
const UNCOUNTED = new Set(['beat']);
/**
 * Between our last word and the end of a connection, ms: Node 24 and before may die when one ends while they write to it
 * (nodejs/node#64209), and that is not what is tried.
 */
const QUIET_MS = 100;

interface Run {
  /** Where it keeps its notes: none of the others closes what it has left open. */
  readonly folder: string;
  readonly fault: Fault | undefined;
  readonly block: () => Promise<void>;
  readonly steps: string[];
  readonly counts: Map<string, number>;
  readonly sockets: Set<WebSocket>;
  /** Over these nothing is sent or heard any more. */
  readonly cut: Set<WebSocket>;
  /** What is sent while the target is about to be blocked. */
  held: (() => void)[] | undefined;
  /** Of the request whose answer is not to arrive. */
  waitsFor: { readonly request: Request; readonly instead: () => void } | undefined;
  isHit: boolean;
  isDead: boolean;
  die: () => void;
}

/** Who acts, and whether it is to be let alone: it closes what was left open, and is not what is tried. */
interface Acting {
  readonly run: Run;
  readonly isApart: boolean;
}

const acting = new AsyncLocalStorage<Acting>();

/** To be called once, before; what it returns puts everything back. */
export function interceptRequests(): () => void {
  const send = WebSocket.prototype.send as (this: WebSocket, text: string) => void;
  const { request } = http;
  const { kill } = process;
  const { closeLeftOpen } = leftOpen;
  WebSocket.prototype.send = function (this: WebSocket, text: string) {
    const act = acting.getStore();
    if (act) sendIn(act, this, text, () => send.call(this, text));
    else send.call(this, text);
  };
  http.request = ((...args: Parameters<typeof request>) => {
    if (isDead()) throw new Error('killed');
    return request(...args);
  }) as typeof request;
  process.kill = (pid, signal) => (isDead() && signal !== 0 ? true : kill.call(process, pid, signal));
  const { env } = process;
  const ownEnv = (key: string | symbol): string | undefined =>
    key === 'XDG_RUNTIME_DIR' ? acting.getStore()?.run.folder : undefined;
  process.env = new Proxy(env, { get: (all, key) => ownEnv(key) ?? (Reflect.get(all, key) as string | undefined) });
  // One after the other, since it is the same for all callers while it runs.
  const exported = leftOpen;
  let last: Promise<unknown> = Promise.resolve();
  exported.closeLeftOpen = () => {
    const run = acting.getStore()?.run;
    if (run?.isDead) return Promise.resolve([]);
    const closing = last.then(() => (run ? acting.run({ run, isApart: true }, closeLeftOpen) : closeLeftOpen()));
    last = closing;
    return closing;
  };
  return () => {
    WebSocket.prototype.send = send;
    http.request = request;
    process.kill = kill;
    exported.closeLeftOpen = closeLeftOpen;
    process.env = env;
  };
}

function isDead(): boolean {
  return acting.getStore()?.run.isDead ?? false;
}

/** Runs a Heatlens with one fault; it keeps its notes in that folder. `block` blocks the target's event loop; it resolves when that is so. */
export function runWithFault(
  folder: string,
  fault: Fault | undefined,
  block: () => Promise<void>,
  heatlens: () => Promise<void>,
): FaultyRun {
  let die!: () => void;
  const death = new Promise<void>((resolve) => (die = resolve));
  const run: Run = {
    folder,
    fault,
    block,
    steps: [],
    counts: new Map(),
    sockets: new Set(),
    cut: new Set(),
    held: undefined,
    waitsFor: undefined,
    isHit: false,
    isDead: false,
    die,
  };
  const done = acting.run({ run, isApart: false }, () =>
    heatlens().then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  return {
    steps: run.steps,
    get isHit() {
      return run.isHit;
    },
    ended: Promise.race([death, done]),
    async bury() {
      for (const socket of run.sockets) {
        Reflect.deleteProperty(socket, 'emit');
        socket.emit('close', 1006, Buffer.alloc(0));
      }
      await done;
    },
  };
}

function sendIn({ run, isApart }: Acting, socket: WebSocket, text: string, send: () => void): void {
  if (run.isDead || run.cut.has(socket)) return;
  watch(run, socket);
  const request = isApart ? undefined : requestOf(text);
  const step = request && count(run, request.name);
  if (!request || step === undefined || step !== run.fault?.step) {
    if (run.held) run.held.push(send);
    else send();
    return;
  }
  run.isHit = true;
  const cut = (): void => {
    run.cut.add(socket);
    endSoon(socket);
  };
  const refuse = (): void => void socket.emit('message', Buffer.from(refusalOf(request)), false);
  const kill = (): void => killAll(run);
  switch (run.fault.way) {
    case 'refused':
      setImmediate(refuse);
      return;
    case 'failed':
      run.waitsFor = { request, instead: refuse };
      return send();
    case 'cut before':
      return cut();
    case 'cut after':
      run.waitsFor = { request, instead: cut };
      return send();
    case 'killed before':
      return kill();
    case 'killed after':
      run.waitsFor = { request, instead: kill };
      return send();
    case 'blocked':
      return sendBlocked(run, send, () => undefined);
    case 'blocked and cut':
      return sendBlocked(run, send, cut);
    case 'blocked and killed':
      return sendBlocked(run, send, kill);
  }
}

/** The next start of a Heatlens after one that kept its notes in that folder. */
export async function startNext(folder: string): Promise<void> {
  const own = join(folder, 'heatlens');
  for (const name of existsSync(own) ? readdirSync(own) : []) {
    if (!/^opened-.*\.json$/.test(name)) continue;
    const note = JSON.parse(readFileSync(join(own, name), 'utf8')) as { pid: number };
    const owner = { pid: 2 ** 30, birth: undefined };
    writeFileSync(join(own, `opened-${note.pid}-${randomUUID()}.json`), JSON.stringify({ ...note, owner }));
    rmSync(join(own, name));
  }
  await runWithFault(
    folder,
    undefined,
    () => Promise.resolve(),
    async () => void (await leftOpen.closeLeftOpen()),
  ).ended;
}

function sendBlocked(run: Run, send: () => void, then: () => void): void {
  const held = (run.held = [send]);
  void run.block().then(() => {
    run.held = undefined;
    for (const each of held) each();
    // What was written is on its way.
    setTimeout(then, 100);
  });
}

/** From here on nothing of ours happens any more: nothing is heard, nothing is sent, and the connections are cut. */
function killAll(run: Run): void {
  run.isDead = true;
  for (const socket of run.sockets) {
    socket.emit = () => false;
    endSoon(socket);
  }
  run.die();
}

function endSoon(socket: WebSocket): void {
  setTimeout(() => socket.terminate(), QUIET_MS);
}

function watch(run: Run, socket: WebSocket): void {
  if (run.sockets.has(socket)) return;
  run.sockets.add(socket);
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean;
  socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    const { waitsFor } = run;
    if (event === 'message' && run.cut.has(socket)) return true;
    if (event === 'message' && waitsFor && isAnswerTo(waitsFor.request, String(args[0]))) {
      run.waitsFor = undefined;
      waitsFor.instead();
      return true;
    }
    return emit(event, ...args);
  };
}

function count(run: Run, name: string): string | undefined {
  if (UNCOUNTED.has(name)) return undefined;
  const times = (run.counts.get(name) ?? 0) + 1;
  run.counts.set(name, times);
  const step = `${name}#${times}`;
  run.steps.push(step);
  return step;
}
