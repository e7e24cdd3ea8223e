// One task of the bench part `profiles` in a process of its own. Its first round is on cold code, as an editor's worker
// does it.
//
//   node profiles.js TASK FILE ROUNDS
import { readFileSync } from 'node:fs';
import { decodeColumns, encodeColumns } from '../../../src/core/profile/columnsCodec';
import type { ProfileColumns } from '../../../src/core/profile/profileColumns';
import { readColumns } from '../../../src/node/profiles/readColumns';
import { cpuMs, type FlameReport, type Phase } from '../flameTasks';

let phases: Phase[] = [];

async function phase<T>(name: string, step: () => T | Promise<T>): Promise<T> {
  const started = process.cpuUsage();
  const result = await step();
  phases.push({ name, cpuMs: cpuMs(started) });
  return result;
}

/** The same numbers as JSON. */
function toJson({ frames, parents, nodeFrames, measures, timeline, title, problems }: ProfileColumns): string {
  return JSON.stringify({
    title,
    problems,
    frames,
    parents: [...parents],
    nodeFrames: [...nodeFrames],
    measures: measures.map((measure) => ({ ...measure, self: [...measure.self] })),
    timeline: timeline && { ...timeline, nodes: [...timeline.nodes], startsUs: [...timeline.startsUs] },
  });
}

let columns: ProfileColumns | undefined;

async function read(file: string): Promise<ProfileColumns> {
  return (columns ??= (await readColumns(file))[0]);
}

const tasks: Readonly<Record<string, (file: string) => Promise<void>>> = {
  async parse(file) {
    await phase('JSON.parse', () => void JSON.parse(readFileSync(file, 'utf8')));
  },
  async tree(file) {
    await phase('tree', () => readColumns(file));
  },
  async codec(file) {
    const profile = await read(file);
    const data = await phase('encode', () => encodeColumns(profile));
    await phase('decode', () => decodeColumns(data));
  },
  async json(file) {
    const profile = await read(file);
    const text = await phase('stringify', () => toJson(profile));
    await phase('parse', () => void JSON.parse(text));
  },
};

async function run(): Promise<void> {
  const [name, file, count] = process.argv.slice(2);
  const rounds: Phase[][] = [];
  for (let round = 0; round < Number(count); round++) {
    phases = [];
    await tasks[name](file);
    rounds.push(phases);
  }
  const report: FlameReport = { rounds, peakMb: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(report));
}

void run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
