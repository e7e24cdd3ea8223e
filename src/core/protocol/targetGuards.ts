import type { V8CpuProfile, V8HeapProfile } from '../profile/v8/v8Profile';
import type { AgentCapabilities, AgentHello, AgentRefusal } from './agentProtocol';
import {
  either,
  isBoolean,
  isCount,
  isNumber,
  isRecord,
  listOf,
  nullable,
  oneOf,
  optional,
  shapeOf,
  textOf,
  type Guard,
} from './guards';
import { parseCallSites } from './callSiteText';
import type { TargetFunctions, TargetIdentity, TargetMap } from './targetFunctions';

/*
 * What a target may answer. It may be any program that speaks the protocol, or one that only says so: each answer is checked
 * where it arrives, and only these are. Numbers have the bounds that nature gives them.
 */

/** A path, an argument, a name: nothing longer is one. */
const LONGEST_WORD = 200_000;
const isWord = textOf(LONGEST_WORD);
const isWords = listOf(isWord, 10_000);
/** Bytes that a processor can address. */
const isBytes = within(2 ** 48);
/** Days, in ms; and the time of day in ms until the year 5138. */
const isDuration = within(1e9);
const isTime = within(1e14);
const isPid: Guard<number> = (value): value is number => isCount(value) && value > 0 && value < 2 ** 32;
/** A function without a result may return anything. */
const isAnything = (_value: unknown): _value is undefined => true;
const isTrue: Guard<true> = (value): value is true => value === true;

function within(most: number): Guard<number> {
  return (value): value is number => isNumber(value) && value >= 0 && value <= most;
}

const isIdentity: Guard<TargetIdentity> = (value): value is TargetIdentity =>
  isRecord(value) &&
  optional(isPid)(value['pid']) &&
  textOf(100)(value['version']) &&
  optional(oneOf('Bun', 'Deno'))(value['otherRuntime']) &&
  isWord(value['cwd']) &&
  isWords(value['execArgv']) &&
  isWords(value['argv']);

const isMap: Guard<TargetMap> = either(
  shapeOf<{ json: string; from: string }>({ json: textOf(2 ** 28), from: isWord }),
  shapeOf<{ tooLarge: number }>({ tooLarge: isCount }),
);

const isCallSiteText: Guard<string> = (value): value is string =>
  typeof value === 'string' && parseCallSites(value) !== undefined;

const isEnvironment: Guard<Record<string, string>> = (value): value is Record<string, string> =>
  isRecord(value) && listOf(isWord, 10_000)(Object.values(value));

/** By function of `src/target/functions`: whether a value is what it returns. */
export const targetAnswers: { readonly [N in keyof TargetFunctions]: Guard<Awaited<ReturnType<TargetFunctions[N]>>> } =
  {
    identify: nullable(isIdentity),
    usedCpuTime: within(1e18),
    clock: within(1e18),
    usedThreadTime: shapeOf({ usedUs: within(1e18), atUs: within(1e18) }),
    threadId: nullable(isCount),
    turnEventLoop: isTrue,
    memoryUse: shapeOf({ heapUsed: isBytes, external: isBytes }),
    startedAt: isTime,
    environment: isEnvironment,
    findSourceMaps: shapeOf({ maps: listOf(nullable(isMap), 1_000) }),
    guardInspector: isAnything,
    joinGuard: isBoolean,
    beat: isAnything,
    leave: isBoolean,
    leaveInspector: isAnything,
    hasClock: isBoolean,
    moveToRandomPort: isAnything,
    cancelMove: isAnything,
    stepAside: isBoolean,
    cancelStepAside: isAnything,
    callSites: nullable(isCallSiteText),
    changeCpuWindow: isDuration,
    noteWorkerProfilers: isAnything,
    recordsCoverage: isBoolean,
    turnInliningOff: isAnything,
    turnInliningOn: isAnything,
    turnFoldingOff: isAnything,
  };

/** What `Runtime.evaluate` and `Runtime.callFunctionOn` answer: a value or an object, or what was thrown. */
export interface EvaluationReply {
  readonly result: { readonly value?: unknown; readonly objectId?: string };
  readonly exceptionDetails?: { readonly text?: string; readonly exception?: { readonly description?: string } };
}

const isLongText = textOf(2 ** 28);

export const isEvaluationReply: Guard<EvaluationReply> = (value): value is EvaluationReply => {
  if (!isRecord(value)) return false;
  const { result, exceptionDetails } = value;
  if (exceptionDetails !== undefined) {
    if (!isRecord(exceptionDetails) || !optional(isLongText)(exceptionDetails['text'])) return false;
    const { exception } = exceptionDetails;
    return exception === undefined || (isRecord(exception) && optional(isLongText)(exception['description']));
  }
  return isRecord(result) && optional(textOf(1_000))(result['objectId']);
};

interface RemoteProperty {
  readonly name: string;
  readonly value?: { readonly objectId?: string; readonly description?: string };
}

/** What `Runtime.getProperties` answers. */
export interface PropertiesReply {
  readonly result?: readonly RemoteProperty[];
  readonly internalProperties?: readonly RemoteProperty[];
}

const areProperties = optional(
  listOf<RemoteProperty>(
    shapeOf<RemoteProperty>({
      name: isLongText,
      value: optional(shapeOf({ objectId: optional(textOf(1_000)), description: optional(isLongText) })),
    }),
    100_000,
  ),
);

export const isPropertiesReply: Guard<PropertiesReply> = shapeOf<PropertiesReply>({
  result: areProperties,
  internalProperties: areProperties,
});

/** Of its nodes nothing is said: the reader of profiles takes whatever they are. */
export const isCpuProfile: Guard<V8CpuProfile> = (value): value is V8CpuProfile =>
  isRecord(value) && Array.isArray(value['nodes']) && isClock(value['startTime']) && isClock(value['endTime']);

export const isHeapProfile: Guard<V8HeapProfile> = (value): value is V8HeapProfile =>
  isRecord(value) && isRecord(value['head']) && Array.isArray(value['head']['children']);

/** µs of the target's clock. */
const isClock: Guard<number> = within(1e17);

export const isCpuReply = shapeOf<{ profile: V8CpuProfile }>({ profile: isCpuProfile });
export const isHeapReply = shapeOf<{ profile: V8HeapProfile }>({ profile: isHeapProfile });

export const isFinishedProfile = shapeOf<{ title?: string; profile: V8CpuProfile }>({
  title: optional(textOf(1_000)),
  profile: isCpuProfile,
});

const isHello: Guard<AgentHello> = shapeOf<AgentHello>({
  protocol: isCount,
  pid: isPid,
  threadId: isCount,
  nodeVersion: textOf(100),
  execArgv: isWords,
  argv: isWords,
  cwd: isWord,
});

export const isAgentGreeting: Guard<AgentHello | AgentRefusal> = either(
  shapeOf<AgentRefusal>({ refused: oneOf('busy', 'token', 'protocol') }),
  isHello,
);

export const isAgentCapabilities: Guard<AgentCapabilities> = (value): value is AgentCapabilities =>
  isRecord(value) &&
  oneOf('v8-profiler-next', 'inspector')(value['backend']) &&
  isBoolean(value['cpu']) &&
  isBoolean(value['live']) &&
  isBoolean(value['allocated']) &&
  isBoolean(value['cheapHeapReads']) &&
  textOf(1_000)(value['version']) &&
  optional(isWord)(value['note']);

export interface AttachedToWorker {
  readonly sessionId: string;
  readonly workerInfo: { readonly workerId: string; readonly title: string; readonly url: string };
}

export const isAttachedToWorker = shapeOf<AttachedToWorker>({
  sessionId: textOf(1_000),
  workerInfo: shapeOf<AttachedToWorker['workerInfo']>({ workerId: textOf(1_000), title: isWord, url: isWord }),
});

export const isMessageFromWorker = shapeOf<{ sessionId: string; message: string }>({
  sessionId: textOf(1_000),
  message: isLongText,
});

export const isDetachedFromWorker = shapeOf<{ sessionId: string }>({ sessionId: textOf(1_000) });
