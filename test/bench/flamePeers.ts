import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RawCpuProfile } from '../../src/core/profile/rawProfile';
import { repositoryRoot } from '../support/nodeVersions';
import { loadSpeedscope } from '../support/speedscopePeer';
import type { PhaseRunner } from './flameTasks';

/** What speedscope's flame charts are built by. */
interface CallWalk {
  forEachCall(open: () => void, close: () => void): void;
  forEachCallGrouped(open: () => void, close: () => void): void;
}

/** The part of d3-hierarchy that d3-flame-graph lays out with. */
interface Hierarchy {
  hierarchy(data: Stack): HierarchyNode;
  partition(): (root: HierarchyNode) => HierarchyNode;
}

interface HierarchyNode {
  readonly value?: number;
  sum(value: (data: Stack) => number): HierarchyNode;
  sort(compare: (a: HierarchyNode, b: HierarchyNode) => number): HierarchyNode;
}

interface Stack {
  readonly name: string;
  value: number;
  readonly children: Stack[];
}

const d3 = join(repositoryRoot, '.vscode-test/peers/d3-flame-graph/node_modules/d3-hierarchy/src/index.js');

/** The same work by other tools, as far as it can be done without a page: boxes and drawing come on top of it. */
export function peerTasks(phase: PhaseRunner): Readonly<Record<string, (file: string) => Promise<void>>> {
  return {
    async speedscope(file) {
      const importer = loadSpeedscope();
      const group = await phase('import', () => importer.importProfileGroupFromText('bench.cpuprofile', readFileSync(file, 'utf8')));
      const profile = group?.profiles[0] as unknown as CallWalk;
      let calls = 0;
      const open = (): void => void calls++;
      const close = (): void => undefined;
      await phase('walk, time order', () => profile.forEachCall(open, close));
      await phase('walk, left heavy', () => profile.forEachCallGrouped(open, close));
      if (!calls) throw new Error('speedscope found no calls.');
    },
    async d3(file) {
      const { hierarchy, partition } = (await import(pathToFileURL(d3).href)) as Hierarchy;
      const data = await phase('nested', () => nestedStacks(JSON.parse(readFileSync(file, 'utf8')) as RawCpuProfile));
      const root = await phase('hierarchy', () => hierarchy(data).sum(({ value }) => value).sort((a, b) => (b.value ?? 0) - (a.value ?? 0)));
      await phase('partition', () => partition()(root));
    },
  };
}

/** What d3-flame-graph reads. */
function nestedStacks({ nodes, samples, timeDeltas }: RawCpuProfile): Stack {
  const byId = new Map(nodes.map(({ id, callFrame }) => [id, { name: callFrame.functionName, value: 0, children: [] as Stack[] }]));
  for (const { id, children } of nodes) for (const child of children ?? []) byId.get(id)!.children.push(byId.get(child)!);
  samples!.forEach((id, i) => (byId.get(id)!.value += timeDeltas![i + 1] ?? 0));
  return byId.get(nodes[0].id)!;
}
