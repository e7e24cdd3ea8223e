import { leaveOut, type ClockSpan } from '../../core/profile/v8/leaveOut';
import { scriptOf } from '../../core/profile/frame';
import { isAbsolutePath, pathToFileUrl } from '../../core/source/paths';
import type { V8CpuProfile, V8HeapNode, V8HeapProfile } from '../../core/profile/v8/v8Profile';
import type { Channel } from '../channel';
import { callTarget, OWN_URL, ownScriptId } from '../inspector/callTarget';
import { PATIENT_MS, type SamplingBackend } from './samplingBackend';

/** Spans that are kept until the CPU window around them comes; each is one heap read. */
const MOST_SPANS = 1_000;

/**
 * The same profilers, whose CPU windows hold nothing that measuring itself has caused.
 *
 * A heap read runs a full garbage collection, which the CPU profiler sees like any other; only who asked for it knows when
 * it was. So the target is asked for its clock right before and after, in the same breath: it answers in that order.
 */
export function keepOwnWorkOut(backend: SamplingBackend, channel: Channel): SamplingBackend {
  let spans: ClockSpan[] = [];
  let leftOutUs = 0;
  let ownId: Promise<string | undefined> | undefined;

  const timed = async (read: () => Promise<V8HeapProfile>): Promise<V8HeapProfile> => {
    const askedAt = performance.now();
    const clock = (): Promise<number | undefined> =>
      callTarget(channel, 'clock', [], { timeoutMs: PATIENT_MS }).catch(() => undefined);
    const [startUs, profile, endUs] = await Promise.all([clock(), read(), clock()]);
    const mostUs = (performance.now() - askedAt) * 1000;
    // A clock that the program has replaced tells anything.
    if (startUs !== undefined && endUs !== undefined && endUs > startUs && endUs - startUs <= mostUs) {
      spans.push({ startUs, endUs });
      if (spans.length > MOST_SPANS) spans.shift();
    }
    ownId ??= ownScriptId(channel).catch(() => undefined);
    nameFramesOf(profile, await ownId);
    return profile;
  };
  const clean = (profile: V8CpuProfile): V8CpuProfile => {
    const left = leaveOut(profile, spans, OWN_URL);
    // Windows come in order: what lies before the end of this one is not asked for again.
    spans = spans.filter(({ endUs }) => endUs > profile.endTime);
    leftOutUs += left.leftOutUs;
    return left.profile;
  };

  return {
    ...backend,
    async changeCpuWindow(change) {
      const { profile, targetMs } = await backend.changeCpuWindow(change);
      return { profile: profile && clean(profile), targetMs };
    },
    onLastWindow:
      backend.onLastWindow &&
      ((listener) => backend.onLastWindow!((title, profile) => listener(title, clean(profile)))),
    readLive: () => timed(() => backend.readLive()),
    stopHeap: () => timed(() => backend.stopHeap()),
    get leftOutMs() {
      return leftOutUs / 1000;
    },
  };
}

/** In heap profiles code that is evaluated has no URL, and CommonJS modules have a path where CPU profiles have the URL. */
function nameFramesOf({ head }: V8HeapProfile, ownId: string | undefined): void {
  const stack: V8HeapNode[] = [head];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const { callFrame: frame } = node;
    if (ownId !== undefined && scriptOf(frame) === ownId) frame.url = OWN_URL;
    else if (typeof frame?.url === 'string' && isAbsolutePath(frame.url)) frame.url = pathToFileUrl(frame.url);
    if (Array.isArray(node.children)) for (const child of node.children) if (child) stack.push(child);
  }
}
