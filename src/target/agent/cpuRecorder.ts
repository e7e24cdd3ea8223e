import type { AgentCpuProfile } from '../../core/protocol/agentProtocol';

/** Takes CPU profiles under titles; windows may overlap. */
export interface CpuRecorder {
  /** `intervalUs` counts when nothing runs yet. Rejects when the title runs already. */
  start(title: string, intervalUs: number | undefined): Promise<void>;
  /** Rejects when no window has that title. */
  end(title: string): Promise<AgentCpuProfile>;
  /** Stops and forgets all windows. */
  dispose(): void;
}
