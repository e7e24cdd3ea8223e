// One task of the bench part `flame` in a process of its own. Its first round is on cold code, as an editor's worker does it.
//
//   node flame.js TASK FILE ROUNDS
import { readFileSync } from 'node:fs';
import { compareProfiles, comparedViews } from '../../../src/core/flame/comparison/compareProfiles';
import { createView } from '../../../src/core/flame/view/createView';
import { createHeatMap } from '../../../src/core/flame/heatMap';
import { layoutDifference } from '../../../src/core/flame/layouts/layoutDifference';
import { layoutInverted } from '../../../src/core/flame/layouts/layoutInverted';
import { layoutLeftHeavy } from '../../../src/core/flame/layouts/layoutLeftHeavy';
import { layoutSandwich } from '../../../src/core/flame/layouts/layoutSandwich';
import { layoutTimeOrder } from '../../../src/core/flame/layouts/layoutTimeOrder';
import type { ProfileView } from '../../../src/core/flame/view/profileView';
import { searchFrames } from '../../../src/core/flame/search/searchFrames';
import { defaultViewOptions as options } from '../../../src/core/flame/view/viewOptions';
import { decodeColumns, encodeColumns } from '../../../src/core/profile/columnsCodec';
import type { ProfileColumns } from '../../../src/core/profile/profileColumns';
import { readColumns } from '../../../src/node/profiles/readColumns';
import { peerTasks } from '../flamePeers';
import { cpuMs, type FlameReport, type Phase } from '../flameTasks';

type Task = (file: string) => Promise<void>;

let phases: Phase[] = [];

/** Notes the CPU time of a step, all threads of the process included: compilers and collectors work for it. */
async function phase<T>(name: string, step: () => T | Promise<T>): Promise<T> {
  const started = process.cpuUsage();
  const result = await step();
  phases.push({ name, cpuMs: cpuMs(started) });
  return result;
}

async function tree(file: string): Promise<ProfileColumns> {
  return (await phase('tree', () => readColumns(file)))[0];
}

async function view(file: string): Promise<ProfileView> {
  const profile = await tree(file);
  return phase('view', () => createView(profile, options));
}

const tasks: Readonly<Record<string, Task>> = {
  async parse(file) {
    await phase('JSON.parse', () => void JSON.parse(readFileSync(file, 'utf8')));
  },
  async tree(file) {
    await tree(file);
  },
  async timeOrder(file) {
    const shown = await view(file);
    await phase('layout', () => layoutTimeOrder(shown));
  },
  async leftHeavy(file) {
    const shown = await view(file);
    await phase('layout', () => layoutLeftHeavy(shown, shown.frames));
  },
  async all(file) {
    const profile = await tree(file);
    const shown = createView(profile, options);
    const { startsUs, endUs } = shown.timeline!;
    const half = createView(profile, { ...options, range: { startUs: startsUs[0], endUs: (startsUs[0] + endUs) / 2 } });
    const hottest = shown.frameSelfs.indexOf(Math.max(...shown.frameSelfs.subarray(1)));
    await phase('inverted', () => layoutInverted(shown));
    await phase('sandwich', () => layoutSandwich(shown, hottest));
    await phase('difference', () => layoutDifference(half, shown, true));
    await phase('heat map', () => createHeatMap(profile, options.measure, 200, 50));
    await phase('all options', () =>
      createView(profile, { ...options, mergeRecursion: true, foldPackages: true, hideInternals: true }),
    );
    await phase('compare files', () => comparedViews(compareProfiles(profile, profile), options));
    await phase('search, plain', () => searchFrames(shown, { query: 'order', isRegExp: false, matchCase: false }));
    await phase('search, expression', () =>
      searchFrames(shown, { query: '(handle|load).*Order\\d+$', isRegExp: true, matchCase: false }),
    );
    const data = await phase('encode', () => encodeColumns(profile));
    await phase('decode', () => decodeColumns(data));
    const text = readFileSync(file, 'utf8');
    const raw: unknown = await phase('from JSON', () => JSON.parse(text));
    await phase('to JSON', () => JSON.stringify(raw));
  },
  ...peerTasks(phase),
};

async function run(): Promise<void> {
  const [name, file, count] = process.argv.slice(2);
  const rounds: Phase[][] = [];
  let peakMb = 0;
  for (let round = 0; round < Number(count); round++) {
    phases = [];
    await tasks[name](file);
    rounds.push(phases);
    peakMb ||= process.resourceUsage().maxRSS / 1024;
  }
  const report: FlameReport = { rounds, peakMb };
  process.stdout.write(JSON.stringify(report));
}

void run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
