import { agentErrorCode } from '../../core/protocol/agentProtocol';
import type { AgentHeapProfile } from '../../core/protocol/agentProtocol';
import { requireBuiltin } from './builtins';
import type { InspectorSession } from './inspectorSession';
import { collectYoungGarbage } from './minorCollection';
import { renameInHeapProfile } from './ownFrames';
import { RefusedError } from './refusedError';
import { installedV8Profiler } from './v8Profiler';

/** Frames per sample; the inspector's own default. */
const STACK_DEPTH = 128;

interface HeapProfileStarter {
  startHeapProfile?(options: { sampleInterval: number; stackDepth: number }): unknown;
}

/**
 * The sampling heap profiler without the flags for collected objects. A read by the inspector collects all garbage first,
 * which stalls with the size of the heap, but only if the inspector has started the sampler as well. So it is started by
 * v8-profiler-next (Node 20 to 24) or `v8.startHeapProfile` (Node 26.10), which ask V8 for no collection, and read by the
 * inspector, which unlike them can read without stopping.
 */
export class LiveHeap {
  private isRunning = false;
  private isCheap = false;

  constructor(private readonly inspector: InspectorSession) {}

  get readsAreCheap(): boolean {
    return cheapStarter() !== undefined;
  }

  async start(intervalBytes: number): Promise<void> {
    if (this.isRunning) throw new RefusedError(agentErrorCode.failed, 'The live heap is sampled already.');
    const isTaken = await this.inspector.post('HeapProfiler.getSamplingProfile').then(
      () => true,
      () => false,
    );
    if (isTaken) {
      throw new RefusedError(
        agentErrorCode.failed,
        'Another heap sampler runs in this thread. Stop it in the tool that started it.',
      );
    }
    const startCheaply = cheapStarter();
    if (startCheaply) {
      try {
        startCheaply(intervalBytes);
        this.isCheap = true;
        this.isRunning = true;
        return;
      } catch {
        // The inspector's own sampler is as exact; only its reads cost more.
      }
    }
    await this.inspector.post('HeapProfiler.startSampling', {
      samplingInterval: intervalBytes,
      stackDepth: STACK_DEPTH,
    });
    this.isCheap = false;
    this.isRunning = true;
  }

  async read(): Promise<AgentHeapProfile> {
    this.demandRunning();
    if (this.isCheap) collectYoungGarbage();
    return readSampler(this.inspector);
  }

  async stop(): Promise<AgentHeapProfile> {
    this.demandRunning();
    if (this.isCheap) collectYoungGarbage();
    this.isRunning = false;
    // Not v8-profiler-next's own stop: that one crashes when somebody else has stopped the sampler, and leaks the profile.
    return stopSampler(this.inspector);
  }

  dispose(): void {
    if (!this.isRunning) return;
    this.isRunning = false;
    this.inspector.post('HeapProfiler.stopSampling').catch(() => undefined); // stopped by somebody else already
  }

  private demandRunning(): void {
    if (!this.isRunning) throw new RefusedError(agentErrorCode.failed, 'The live heap is not sampled.');
  }
}

interface HeapReply {
  readonly profile: AgentHeapProfile;
}

/** The profile so far of whatever heap sampler runs; rejects when none does. */
export async function readSampler(inspector: InspectorSession): Promise<AgentHeapProfile> {
  return renameInHeapProfile((await inspector.post<HeapReply>('HeapProfiler.getSamplingProfile')).profile);
}

/** Ends whatever heap sampler runs, and gives its profile; rejects when none does. */
export async function stopSampler(inspector: InspectorSession): Promise<AgentHeapProfile> {
  return renameInHeapProfile((await inspector.post<HeapReply>('HeapProfiler.stopSampling')).profile);
}

function cheapStarter(): ((intervalBytes: number) => void) | undefined {
  const { profiler } = installedV8Profiler();
  if (profiler) return (intervalBytes) => profiler.module.startSamplingHeapProfiling(intervalBytes, STACK_DEPTH);
  const v8 = requireBuiltin('node:v8') as HeapProfileStarter;
  if (!v8.startHeapProfile) return undefined;
  return (sampleInterval) => void v8.startHeapProfile?.({ sampleInterval, stackDepth: STACK_DEPTH });
}
