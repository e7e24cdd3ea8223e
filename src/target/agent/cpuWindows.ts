import type { AgentCpuProfile } from '../../core/protocol/agentProtocol';
import { InspectorCpu } from './inspectorCpu';
import type { CpuRecorder } from './cpuRecorder';
import type { InspectorSession } from './inspectorSession';
import { renameInCpuProfile } from './ownFrames';
import { installedV8Profiler } from './v8Profiler';
import { V8ProfilerCpu } from './v8ProfilerCpu';

/** CPU windows by v8-profiler-next where the application has it, else (or when it fails to start) by the inspector. */
export class CpuWindows {
  private readonly inspector: InspectorCpu;
  private preferred: CpuRecorder | undefined;
  private readonly recorderOf = new Map<string, CpuRecorder>();

  constructor(session: InspectorSession) {
    this.inspector = new InspectorCpu(session);
  }

  takeEvent(method: string, params: object): boolean {
    return this.inspector.takeEvent(method, params);
  }

  async start(title: string, intervalUs: number | undefined): Promise<void> {
    const recorder = this.recorder();
    try {
      await recorder.start(title, intervalUs);
      this.recorderOf.set(title, recorder);
    } catch (error) {
      if (recorder === this.inspector || this.recorderOf.has(title)) throw error;
      this.preferred = this.inspector;
      await this.inspector.start(title, intervalUs);
      this.recorderOf.set(title, this.inspector);
    }
  }

  async end(title: string): Promise<AgentCpuProfile> {
    const recorder = this.recorderOf.get(title) ?? this.recorder();
    this.recorderOf.delete(title);
    return renameInCpuProfile(await recorder.end(title));
  }

  dispose(): void {
    this.preferred?.dispose();
    this.inspector.dispose();
    this.recorderOf.clear();
  }

  private recorder(): CpuRecorder {
    if (!this.preferred) {
      const { profiler } = installedV8Profiler();
      this.preferred = profiler ? new V8ProfilerCpu(profiler.module) : this.inspector;
    }
    return this.preferred;
  }
}
