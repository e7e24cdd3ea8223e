import { hierarchy, partition } from 'd3';
import { readFileSync } from 'node:fs';
import type { V8CpuProfile } from '../../src/core/profile/v8/v8Profile';
import { loadSpeedscope } from '../support/speedscopePeer';
import type { PhaseRunner } from './flameTasks';

/** What speedscope's flame charts are built by. */
interface CallWalk {
  forEachCall(open: () => void, close: () => void): void;
  forEachCallGrouped(open: () => void, close: () => void): void;
}

interface Stack {
  readonly name: string;
  value: number;
  readonly children: Stack[];
}

/**
 * The same work by other tools, as far as it can be done without a page: boxes and drawing come on top of it.
 * d3-flame-graph lays out by d3's hierarchy and partition.
 */
export function peerTasks(phase: PhaseRunner): Readonly<Record<string, (file: string) => Promise<void>>> {
  return {
    async speedscope(file) {
      const importer = loadSpeedscope();
      const group = await phase('import', () =>
        importer.importProfileGroupFromText('bench.cpuprofile', readFileSync(file, 'utf8')),
      );
      const profile = group?.profiles[0] as unknown as CallWalk;
      let calls = 0;
      const open = (): void => void calls++;
      const close = (): void => undefined;
      await phase('walk, time order', () => profile.forEachCall(open, close));
      await phase('walk, left heavy', () => profile.forEachCallGrouped(open, close));
      if (!calls) throw new Error('speedscope found no calls.');
    },
    async d3(file) {
      const data = await phase('nested', () => nestedStacks(JSON.parse(readFileSync(file, 'utf8')) as V8CpuProfile));
      const root = await phase('hierarchy', () =>
        hierarchy(data)
          .sum(({ value }) => value)
          .sort((a, b) => (b.value ?? 0) - (a.value ?? 0)),
      );
      await phase('partition', () => partition<Stack>()(root));
    },
  };
}

/** What d3-flame-graph reads. */
function nestedStacks({ nodes, samples, timeDeltas }: V8CpuProfile): Stack {
  const byId = new Map(
    nodes.map(({ id, callFrame }) => [id, { name: callFrame.functionName, value: 0, children: [] as Stack[] }]),
  );
  for (const { id, children } of nodes)
    for (const child of children ?? []) byId.get(id)!.children.push(byId.get(child)!);
  samples!.forEach((id, i) => (byId.get(id)!.value += timeDeltas![i + 1] ?? 0));
  return byId.get(nodes[0].id)!;
}
