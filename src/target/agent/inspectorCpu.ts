import { agentErrorCode } from '../../core/protocol/agentProtocol';
import type { AgentCpuProfile } from '../../core/protocol/agentProtocol';
import type { CpuRecorder } from './cpuRecorder';
import type { InspectorSession } from './inspectorSession';
import { RefusedError } from './refusedError';

/** Tells our console profiles from those of the application and of a debugger. */
const TITLE_PREFIX = 'heatlens agent ';

interface ConsoleProfile {
  readonly title?: string;
  readonly profile?: AgentCpuProfile;
}

/** Windows through the console's `profile()`: unlike `Profiler.start` they overlap, so V8 never starts afresh. */
export class InspectorCpu implements CpuRecorder {
  private readonly running = new Set<string>();
  private readonly finished = new Map<string, AgentCpuProfile>();

  constructor(private readonly inspector: InspectorSession) {}

  /** True when the event is about a window of ours, and nobody else's business. */
  takeEvent(method: string, params: ConsoleProfile): boolean {
    if (!method.startsWith('Profiler.consoleProfile') || !params.title?.startsWith(TITLE_PREFIX)) return false;
    if (params.profile) this.finished.set(params.title, params.profile);
    return true;
  }

  async start(title: string, intervalUs: number | undefined): Promise<void> {
    if (this.running.has(title))
      throw new RefusedError(agentErrorCode.failed, `A CPU window called "${title}" runs already.`);
    const isFirst = this.running.size === 0;
    this.running.add(title);
    try {
      await this.inspector.post('Profiler.enable');
      if (isFirst && intervalUs !== undefined)
        await this.inspector.post('Profiler.setSamplingInterval', { interval: intervalUs });
      await this.inspector.evaluate(`profile(${JSON.stringify(TITLE_PREFIX + title)})`);
    } catch (error) {
      this.running.delete(title);
      throw error;
    }
  }

  async end(title: string): Promise<AgentCpuProfile> {
    if (!this.running.delete(title))
      throw new RefusedError(agentErrorCode.failed, `No CPU window called "${title}" runs.`);
    const fullTitle = TITLE_PREFIX + title;
    await this.inspector.evaluate(`profileEnd(${JSON.stringify(fullTitle)})`);
    const profile = this.finished.get(fullTitle);
    this.finished.delete(fullTitle);
    if (!profile)
      throw new RefusedError(
        agentErrorCode.failed,
        'V8 has dropped the CPU window: the profiler was disabled meanwhile.',
      );
    return profile;
  }

  /** Closing the session stops what still runs. */
  dispose(): void {
    this.running.clear();
    this.finished.clear();
  }
}
