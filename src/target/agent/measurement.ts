import { agentErrorCode } from '../../core/protocol/agentProtocol';
import type { AgentMethod, AgentRequests } from '../../core/protocol/agentProtocol';
import { undoRegistry } from '../undo';
import { CpuWindows } from './cpuWindows';
import { hasInspector, InspectorSession } from './inspectorSession';
import { LiveHeap, readSampler, stopSampler } from './liveHeap';
import { RefusedError } from './refusedError';
import { installedV8Profiler } from './v8Profiler';

type Handlers = {
  [M in Exclude<AgentMethod, 'Heatlens.hello'>]: (
    params: Record<string, unknown>,
  ) => Promise<AgentRequests[M]['result']>;
};

/** Everything that one client has started in this thread. */
export class Measurement {
  private readonly inspector: InspectorSession;
  private readonly cpu: CpuWindows;
  private readonly live: LiveHeap;

  /** What the client has changed under the name of `owner` is undone with the rest. */
  constructor(
    emit: (method: string, params: object) => void,
    private readonly owner: string | undefined,
  ) {
    this.inspector = new InspectorSession((method, params) => {
      if (!this.cpu.takeEvent(method, params)) emit(method, params);
    });
    this.cpu = new CpuWindows(this.inspector);
    this.live = new LiveHeap(this.inspector);
  }

  /** Answers one request; rejects with the text for the client. */
  async request(method: string, params: object): Promise<object> {
    if (isOurs(method, this.handlers)) return this.handlers[method](params as Record<string, unknown>);
    switch (method) {
      case 'HeapProfiler.getSamplingProfile':
        return { profile: await readSampler(this.inspector) };
      case 'HeapProfiler.stopSampling':
        return { profile: await stopSampler(this.inspector) };
    }
    switch (method.slice(0, method.indexOf('.'))) {
      case 'Debugger':
        // A pause would stop the very thread that has to answer the request to go on.
        throw new RefusedError(agentErrorCode.refused, 'The agent cannot debug the thread that it runs in.');
      case 'NodeRuntime':
        return {}; // the agent never holds up the exit, so there is nothing to wait for
      default:
        return this.inspector.post(method, params);
    }
  }

  dispose(): void {
    if (this.owner !== undefined && hasInspector()) undoRegistry()?.leave(this.owner);
    this.cpu.dispose();
    this.live.dispose();
    this.inspector.close();
  }

  private readonly handlers: Handlers = {
    'Heatlens.capabilities': () => {
      const { profiler, problem } = installedV8Profiler();
      return Promise.resolve({
        backend: profiler ? 'v8-profiler-next' : 'inspector',
        cpu: profiler !== undefined || hasInspector(),
        live: hasInspector(),
        allocated: hasInspector(),
        cheapHeapReads: hasInspector() && this.live.readsAreCheap,
        version: profiler?.version ?? process.version,
        note: problem,
      });
    },
    'Heatlens.startCpuWindow': async ({ title, intervalUs }) => {
      await this.cpu.start(asTitle(title), intervalUs === undefined ? undefined : asPositive('intervalUs', intervalUs));
      return {};
    },
    'Heatlens.endCpuWindow': async ({ title }) => ({ profile: await this.cpu.end(asTitle(title)) }),
    'Heatlens.startLive': async ({ intervalBytes }) => {
      await this.live.start(asPositive('intervalBytes', intervalBytes));
      return {};
    },
    'Heatlens.readLive': async () => ({ profile: await this.live.read() }),
    'Heatlens.stopLive': async () => ({ profile: await this.live.stop() }),
  };
}

function isOurs(method: string, handlers: Handlers): method is keyof Handlers {
  return Object.hasOwn(handlers, method);
}

function asTitle(value: unknown): string {
  if (typeof value === 'string' && value) return value;
  throw new RefusedError(agentErrorCode.refused, 'title must be a text.');
}

function asPositive(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new RefusedError(agentErrorCode.refused, `${name} must be a positive whole number.`);
}
