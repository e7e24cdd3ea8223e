import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isHeatlensError } from '../../core/errors';
import type { TargetFunctions } from '../../core/protocol/targetFunctions';
import { isRecord, listOf, type Guard } from '../../core/protocol/guards';
import { isEvaluationReply, targetAnswers, type EvaluationReply } from '../../core/protocol/targetGuards';
import type { Channel } from '../channel';
import { findNodeProcess } from './findNodeProcess';
import { targetRefused, wrongAnswer } from './inspectorErrors';

/** The functions in a target, by channel. The inspector holds them for our session alone, and drops them with it. */
const loaded = new WeakMap<Channel, Promise<string>>();

/** Of our scripts: by it their cost is kept apart from the program's. */
export const OWN_URL = 'node:heatlens';
const SOURCE_URL = `\n//# sourceURL=${OWN_URL}\n`;
/** Of as many arguments as any of them takes. Spreading a list would run whatever the program has made of its iterators. */
const CALL = `function (name, a, b, c) { return this[name](a, b, c); }${SOURCE_URL}`;

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
  const reply = await channel.send<EvaluationReply>(
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
    { ...options, answer: isEvaluationReply },
  );
  throwIfFailed(reply, name);
  const { value } = reply.result;
  if (!targetAnswers[name](value)) throw wrongAnswer(WHAT, name);
  return value;
}

/** Sends the functions ahead, while something else is waited for. */
export async function prepareTarget(channel: Channel, options: { timeoutMs?: number } = {}): Promise<void> {
  await functionsIn(channel, options);
}

interface PropertiesReply {
  readonly result?: readonly { readonly value?: { readonly type?: unknown; readonly objectId?: unknown } }[];
  readonly internalProperties?: readonly { readonly name?: unknown; readonly value?: { readonly value?: unknown } }[];
}

const isPropertiesReply: Guard<PropertiesReply> = (value): value is PropertiesReply =>
  isRecord(value) &&
  ['result', 'internalProperties'].every((key) => value[key] === undefined || listOf(isRecord, 10_000)(value[key]));

/** V8's number of the script that the functions are of, by which heap profiles have it; undefined where it cannot be told. */
export async function ownScriptId(channel: Channel): Promise<string | undefined> {
  const propertiesOf = (objectId: string): Promise<PropertiesReply> =>
    channel.send('Runtime.getProperties', { objectId, ownProperties: true }, { answer: isPropertiesReply });
  const { result = [] } = await propertiesOf(await functionsIn(channel, {}));
  const own = result.find(({ value }) => value?.type === 'function')?.value?.objectId;
  if (typeof own !== 'string') return undefined;
  const { internalProperties = [] } = await propertiesOf(own);
  const location = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value;
  const id = isRecord(location) ? location['scriptId'] : undefined;
  return typeof id === 'string' ? id : undefined;
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
  const functions = await evaluate(
    channel,
    `(() => { ${body()}\nconst { functions } = heatlensTarget;\nreturn functions.reachesNode() ? functions : null; })()`,
    options,
  ).catch((error: unknown) => {
    // Bringing `require` runs code of Node's, which a program can break.
    if (isHeatlensError(error, 'targetRefused')) return undefined;
    throw error;
  });
  if (functions) return functions;
  // The program hides Node's own modules, or it is no Node.
  const process = await findNodeProcess(channel, options);
  const found = process
    ? await handOver(channel, process, options)
    : await evaluate(channel, `(() => { ${body()}\nreturn heatlensTarget.functions; })()`, options);
  if (!found) throw wrongAnswer(WHAT, 'Runtime.evaluate');
  return found;
}

async function evaluate(
  channel: Channel,
  expression: string,
  options: { timeoutMs?: number },
): Promise<string | undefined> {
  const reply = await channel.send<EvaluationReply>(
    'Runtime.evaluate',
    {
      expression: `${expression}${SOURCE_URL}`,
      // Brings `require`, which Node before 20.16 offers under ESM in no other way.
      includeCommandLineAPI: true,
      silent: true,
    },
    { ...options, answer: isEvaluationReply },
  );
  throwIfFailed(reply, 'Runtime.evaluate');
  return reply.result.objectId;
}

async function handOver(
  channel: Channel,
  process: string,
  options: { timeoutMs?: number },
): Promise<string | undefined> {
  const reply = await channel.send<EvaluationReply>(
    'Runtime.callFunctionOn',
    {
      objectId: process,
      functionDeclaration: `function () { ${body()}\nconst { functions } = heatlensTarget;\nfunctions.provideProcess(this); return functions; }${SOURCE_URL}`,
      silent: true,
    },
    { ...options, answer: isEvaluationReply },
  );
  throwIfFailed(reply, 'Runtime.callFunctionOn');
  return reply.result.objectId;
}

/** A channel has no name. */
const WHAT = 'The process that is measured';

function throwIfFailed({ exceptionDetails }: EvaluationReply, request: string): void {
  if (!exceptionDetails) return;
  throw targetRefused(WHAT, request, exceptionDetails.exception?.description ?? exceptionDetails.text ?? '');
}

let text: string | undefined;

/** Statements that leave the functions in a variable of their own, which is no global of the target's. */
function body(): string {
  return (text ??= `const heatlensTarget = {}; ${readFileSync(bundlePath(), 'utf8')}`);
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
