// One task of the bench part `profiles` in a process of its own, on cold code, as an editor's worker does it.
//
//   node profiles.js TASK FILE
import { readFileSync } from 'node:fs';
import { decodeColumns, encodeColumns } from '../../../src/core/profile/columnsCodec';
import type { ProfileColumns } from '../../../src/core/profile/profileColumns';
import { readColumns } from '../../../src/node/profiles/readColumns';
import { cpuMs, type FlameReport, type Phase } from '../flameTasks';

const phases: Phase[] = [];

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

const tasks: Readonly<Record<string, (file: string) => Promise<void>>> = {
  async parse(file) {
    await phase('JSON.parse', () => void JSON.parse(readFileSync(file, 'utf8')));
  },
  async tree(file) {
    await phase('tree', () => readColumns(file));
  },
  async codec(file) {
    const [profile] = await readColumns(file);
    const data = await phase('encode', () => encodeColumns(profile));
    await phase('decode', () => decodeColumns(data));
    phases.push({ name: 'bytes', cpuMs: data.byteLength });
    const text = await phase('stringify', () => toJson(profile));
    await phase('parse', () => void JSON.parse(text));
  },
};

async function run(): Promise<void> {
  const [name, file] = process.argv.slice(2);
  await tasks[name](file);
  const report: FlameReport = { rounds: [phases], peakMb: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(report));
}

void run().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
