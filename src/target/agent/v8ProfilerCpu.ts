import { agentErrorCode } from '../../core/protocol/agentProtocol';
import type { AgentCpuProfile } from '../../core/protocol/agentProtocol';
import type { CpuRecorder } from './cpuRecorder';
import { RefusedError } from './refusedError';
import type { V8ProfilerModule } from './v8Profiler';
import { cpuProfileOfV8Profiler } from './v8ProfilerShapes';

/** The module gives all profiles of a thread one name space, which the application may use too. */
const TITLE_PREFIX = 'heatlens agent ';

export class V8ProfilerCpu implements CpuRecorder {
  /** Start of each window by its title, in µs of V8's clock. */
  private readonly running = new Map<string, number>();

  constructor(private readonly profiler: V8ProfilerModule) {}

  async start(title: string, intervalUs: number | undefined): Promise<void> {
    if (this.running.has(title))
      throw new RefusedError(agentErrorCode.failed, `A CPU window called "${title}" runs already.`);
    if (this.running.size === 0 && intervalUs !== undefined) {
      try {
        this.profiler.setSamplingInterval(intervalUs);
      } catch {
        // The application records a profile of its own: its interval counts for us too.
      }
    }
    const start = microseconds();
    this.profiler.startProfiling(TITLE_PREFIX + title, true);
    this.running.set(title, start);
  }

  async end(title: string): Promise<AgentCpuProfile> {
    const start = this.running.get(title);
    if (start === undefined) throw new RefusedError(agentErrorCode.failed, `No CPU window called "${title}" runs.`);
    this.running.delete(title);
    const end = microseconds();
    return cpuProfileOfV8Profiler(this.stop(title), { start, end });
  }

  /** Also when the thread ends: Node 24 crashes at exit with a profile still recorded. */
  dispose(): void {
    for (const title of this.running.keys()) this.stop(title);
    this.running.clear();
  }

  private stop(title: string): unknown {
    const profile = this.profiler.stopProfiling(TITLE_PREFIX + title);
    // The module keeps every profile until it is told not to.
    (profile as { delete?: () => void } | undefined)?.delete?.();
    return profile;
  }
}

function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
