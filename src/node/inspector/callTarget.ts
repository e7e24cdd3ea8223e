import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TargetFunctions } from '../../core/protocol/targetFunctions';
import type { Channel } from '../channel';

interface Reply {
  readonly result: { readonly value?: unknown; readonly objectId?: string };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

/** The functions in a target, by channel. The inspector holds them for our session alone, and drops them with it. */
const loaded = new WeakMap<Channel, Promise<string>>();

/** With this URL the cost of our scripts counts as the runtime's, and never as the program's. */
const SOURCE_URL = '\n//# sourceURL=node:heatlens\n';
const CALL = `function (name, ...args) { return this[name](...args); }${SOURCE_URL}`;

/** The others must not wait for microtasks: those do not run while the program is busy, and answers shall come all the same. */
const AWAITED = new Set<keyof TargetFunctions>(['turnEventLoop']);

/**
 * Calls a function of `src/target/functions` in the isolate behind the channel. Rejects as `Channel.send` does, and with
 * what the function throws. They are sent there with the first call.
 */
export async function callTarget<N extends keyof TargetFunctions>(
  channel: Channel,
  name: N,
  args: Parameters<TargetFunctions[N]>,
  options: { timeoutMs?: number } = {},
): Promise<Awaited<ReturnType<TargetFunctions[N]>>> {
  const reply = await channel.send<Reply>(
    'Runtime.callFunctionOn',
    {
      objectId: await functionsIn(channel, options),
      functionDeclaration: CALL,
      // An absent value is undefined, which JSON has not.
      arguments: [name, ...args].map((value) => (value === undefined ? {} : { value })),
      returnByValue: true,
      silent: true,
      awaitPromise: AWAITED.has(name),
    },
    options,
  );
  throwIfFailed(reply);
  return reply.result.value as Awaited<ReturnType<TargetFunctions[N]>>;
}

/** Sends the functions ahead, while something else is waited for. */
export async function prepareTarget(channel: Channel, options: { timeoutMs?: number } = {}): Promise<void> {
  await functionsIn(channel, options);
}

function functionsIn(channel: Channel, options: { timeoutMs?: number }): Promise<string> {
  let loading = loaded.get(channel);
  if (!loading) {
    loading = load(channel, options);
    loaded.set(channel, loading);
    loading.catch(() => loaded.delete(channel));
  }
  return loading;
}

async function load(channel: Channel, options: { timeoutMs?: number }): Promise<string> {
  const reply = await channel.send<Reply>(
    'Runtime.evaluate',
    {
      // In a function of its own, so that the bundle's variable is no global of the target's.
      expression: `(() => { ${bundle()}\nreturn heatlensTarget; })()${SOURCE_URL}`,
      // Brings `require`, which Node before 20.16 offers under ESM in no other way.
      includeCommandLineAPI: true,
      silent: true,
    },
    options,
  );
  throwIfFailed(reply);
  if (!reply.result.objectId) throw new Error('The target took none of our functions.');
  return reply.result.objectId;
}

function throwIfFailed({ exceptionDetails }: Reply): void {
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
}

let text: string | undefined;

function bundle(): string {
  return (text ??= readFileSync(bundlePath(), 'utf8'));
}

/** Folders between the tests' plain modules and theirs; chunks of the bundle are one below it. */
const HIGHEST = 3;

function bundlePath(): string {
  let folder = __dirname;
  for (let up = 0; up <= HIGHEST; up++) {
    const path = join(folder, 'target.js');
    if (existsSync(path)) return path;
    folder = dirname(folder);
  }
  throw new Error('target.js is missing: npm run types or a build makes it.');
}
