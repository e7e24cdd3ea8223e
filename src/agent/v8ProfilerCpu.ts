import { agentErrorCode } from '../core/protocol/agentProtocol';
import type { AgentCpuProfile } from '../core/protocol/agentProtocol';
import type { CpuRecorder } from './cpuRecorder';
import { RefusedError } from './refusedError';
import type { V8ProfilerModule } from './v8Profiler';
import { cpuProfileOfV8Profiler } from './v8ProfilerShapes';

/** The module gives all profiles of a thread one name space, which the application may use too. */
const titlePrefix = 'heatlens agent ';

export class V8ProfilerCpu implements CpuRecorder {
  private readonly running = new Set<string>();

  constructor(private readonly profiler: V8ProfilerModule) {}

  async start(title: string, intervalUs: number | undefined): Promise<void> {
    if (this.running.has(title)) throw new RefusedError(agentErrorCode.failed, `A CPU window called "${title}" runs already.`);
    if (this.running.size === 0 && intervalUs !== undefined) {
      try {
        this.profiler.setSamplingInterval(intervalUs);
      } catch {
        // The application records a profile of its own: its interval counts for us too.
      }
    }
    this.profiler.startProfiling(titlePrefix + title, true);
    this.running.add(title);
  }

  async end(title: string): Promise<AgentCpuProfile> {
    if (!this.running.delete(title)) throw new RefusedError(agentErrorCode.failed, `No CPU window called "${title}" runs.`);
    return cpuProfileOfV8Profiler(this.stop(title));
  }

  dispose(): void {
    for (const title of this.running) this.stop(title);
    this.running.clear();
  }

  private stop(title: string): unknown {
    const profile = this.profiler.stopProfiling(titlePrefix + title);
    // The module keeps every profile until it is told not to.
    (profile as { delete?: () => void } | undefined)?.delete?.();
    return profile;
  }
}
