import { isAgentCapabilities, isCpuReply, isHeapReply } from '../../core/protocol/targetGuards';
import type { V8HeapProfile } from '../../core/profile/v8/v8Profile';
import type { Channel } from '../channel';
import { PATIENT_MS, type HeapMeasure, type SamplingBackend } from './samplingBackend';

/** The profilers behind the in-process agent; durations are round trips, which include the socket. */
export async function agentBackend(channel: Channel): Promise<SamplingBackend> {
  const capabilities = await channel.send('Heatlens.capabilities', {}, { answer: isAgentCapabilities });
  const patient = { timeoutMs: PATIENT_MS };
  let intervalUs: number | undefined;
  let running: HeapMeasure | undefined;

  const stopHeap = async (): Promise<V8HeapProfile> => {
    const method = running === 'live' ? 'Heatlens.stopLive' : 'HeapProfiler.stopSampling';
    running = undefined;
    return (await channel.send(method, {}, { ...patient, answer: isHeapReply })).profile;
  };

  return {
    cheapLiveReads: capabilities.cheapHeapReads,
    measures: { live: capabilities.live, allocated: capabilities.allocated },
    setCpuInterval: async (interval) => {
      intervalUs = interval;
    },
    async changeCpuWindow({ next, previous }) {
      const start = performance.now();
      if (next) await channel.send('Heatlens.startCpuWindow', { title: next, intervalUs }, patient);
      const ended = previous
        ? await channel.send('Heatlens.endCpuWindow', { title: previous }, { ...patient, answer: isCpuReply })
        : undefined;
      return { profile: ended?.profile, targetMs: performance.now() - start };
    },
    async startHeap(measure, intervalBytes) {
      if (measure === 'live') await channel.send('Heatlens.startLive', { intervalBytes });
      else {
        await channel.send('HeapProfiler.startSampling', {
          samplingInterval: intervalBytes,
          includeObjectsCollectedByMajorGC: true,
          includeObjectsCollectedByMinorGC: true,
        });
      }
      running = measure;
    },
    readLive: async () => (await channel.send('Heatlens.readLive', {}, { ...patient, answer: isHeapReply })).profile,
    stopHeap,
    async dispose() {
      // Everything else ends with the socket: the agent drops its session then.
      if (running) await stopHeap();
    },
  };
}
