import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AgentCpuProfile } from '../../core/protocol/agentProtocol';

type CpuNode = AgentCpuProfile['nodes'][number];

/** Lines and columns are 1-based, 0 where V8 knows none; `url` is the script's name, which is a path under CommonJS. */
interface Position {
  readonly functionName: string;
  readonly scriptId: number;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
  readonly lineTicks?: readonly { readonly line: number; readonly hitCount: number }[];
}

interface TreeNode extends Position {
  readonly id: number;
  readonly hitCount: number;
  readonly children: readonly TreeNode[];
}

interface FlatNode {
  readonly id: number;
  readonly hitCount: number;
  readonly callFrame: Position;
  readonly children: readonly number[];
}

/** `setGenerateType(0)`, the default. Start and end in whole seconds, timestamps in µs of V8's clock. */
interface TreeProfile {
  readonly head: TreeNode;
  readonly samples: readonly number[];
  readonly timestamps: readonly number[];
}

/** `setGenerateType(1)`. Everything in µs. */
interface FlatProfile {
  readonly nodes: readonly FlatNode[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** µs of V8's clock, which is the one of `process.hrtime`. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/**
 * A CPU profile of v8-profiler-next as the inspector would have given it. Reads both shapes: which one comes is a global
 * setting of the module that belongs to the application, which may write profiles too. `recorded` is when it was recorded.
 */
export function cpuProfileOfV8Profiler(profile: unknown, recorded: Interval): AgentCpuProfile {
  if (isTree(profile)) return ofTree(profile, recorded);
  if (isFlat(profile)) return ofFlat(profile);
  throw new Error('v8-profiler-next gave a CPU profile of an unknown shape.');
}

function isTree(profile: unknown): profile is TreeProfile {
  return typeof profile === 'object' && profile !== null && 'head' in profile && 'timestamps' in profile;
}

function isFlat(profile: unknown): profile is FlatProfile {
  return typeof profile === 'object' && profile !== null && 'nodes' in profile && 'timeDeltas' in profile;
}

function ofFlat(profile: FlatProfile): AgentCpuProfile {
  const urls = new Map<string, string>();
  return {
    nodes: profile.nodes.map((node) => cpuNode(node, node.callFrame, [...node.children], urls)),
    startTime: profile.startTime,
    endTime: profile.endTime,
    samples: [...profile.samples],
    timeDeltas: [...profile.timeDeltas],
  };
}

function ofTree(profile: TreeProfile, recorded: Interval): AgentCpuProfile {
  const urls = new Map<string, string>();
  const nodes: CpuNode[] = [];
  const pending: TreeNode[] = [profile.head];
  for (let node = pending.pop(); node; node = pending.pop()) {
    nodes.push(
      cpuNode(
        node,
        node,
        node.children.map((child) => child.id),
        urls,
      ),
    );
    for (let i = node.children.length - 1; i >= 0; i--) pending.push(node.children[i]);
  }
  const startTime = Math.min(recorded.start, profile.timestamps[0] ?? recorded.start);
  const endTime = Math.max(recorded.end, profile.timestamps.at(-1) ?? recorded.end);
  const timeDeltas = profile.timestamps.map((time, index) => time - (profile.timestamps[index - 1] ?? startTime));
  return { nodes, startTime, endTime, samples: [...profile.samples], timeDeltas };
}

function cpuNode(
  node: { readonly id: number; readonly hitCount: number },
  position: Position,
  children: number[],
  urls: Map<string, string>,
): CpuNode {
  const ticks = position.lineTicks ?? [];
  return {
    id: node.id,
    callFrame: {
      functionName: position.functionName,
      scriptId: String(position.scriptId),
      url: urlOf(position.url, urls),
      lineNumber: position.lineNumber - 1,
      columnNumber: position.columnNumber - 1,
    },
    hitCount: node.hitCount,
    ...(children.length > 0 && { children }),
    ...(ticks.length > 0 && { positionTicks: ticks.map(({ line, hitCount }) => ({ line, ticks: hitCount })) }),
  };
}

/** The inspector names files by URL. */
function urlOf(scriptName: string, urls: Map<string, string>): string {
  let url = urls.get(scriptName);
  if (url === undefined) {
    url = isAbsolute(scriptName) ? pathToFileURL(scriptName).href : scriptName;
    urls.set(scriptName, url);
  }
  return url;
}
