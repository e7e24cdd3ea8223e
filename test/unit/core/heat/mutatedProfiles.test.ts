import assert from 'node:assert/strict';
import { decodeColumns, encodeColumns } from '../../../../src/core/profile/columnsCodec';
import { forEachTick } from '../../../../src/core/measurement/cpuSlice';
import { cpuColumnsOf, heapColumnsOf } from '../../../../src/core/profile/v8/v8Columns';
import type { ProfileColumns } from '../../../../src/core/profile/profileColumns';
import type { V8CpuProfile, V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import { JsonError } from '../../../../src/core/profile/scan/jsonSink';
import type { ScannedProfile } from '../../../../src/core/profile/scan/v8Sink';
import { readV8Cpu, readV8Heap } from '../../../../src/core/profile/v8/readV8';
import { measuredBytes, measuredCpu } from '../../../../src/core/measurement/measuredColumns';
import { writeCpuProfile, writeHeapProfile } from '../../../../src/core/profile/formats/writeV8';
import { Measurement } from '../../../../src/core/measurement/measurement';
import { measured, partOf, snapshotOf } from '../../../support/heatOf';
import { lineResolver } from '../../../support/lineResolver';
import { mutateText, mutateValue, randomNumbers } from '../../../support/mutate';
import { readFixture, readFixtureText } from '../../../support/recordedProfiles';
import { scanProfile } from '../../../support/scanProfile';
import { assertCpuProfile, assertHeapProfile } from '../../../support/v8Formats';

const BYTE_MUTANTS_EACH = 900;
const VALUE_MUTANTS_EACH = 250;
/** ms for one mutant; a hang would be forever, a slow machine is not. */
const MUTANT_MS = 10_000;

const resolver = lineResolver({
  'file:///app/record.cjs': [
    '(anonymous)',
    'fibonacci',
    'even',
    'odd',
    'add',
    'get total',
    'garbage',
    'work',
    'main',
  ].map((name, i) => ({
    name,
    lines: [i * 7, i * 7 + 6] as const,
    uses: ['fibonacci', 'even', 'odd', 'add', 'garbage'],
  })),
});

type V8Profile = Extract<ScannedProfile, { readonly profile: unknown }>;

/** Everything that happens to a file; returns whether it was accepted. */
function useText(text: string, chunkBytes: number): boolean {
  const bytes = new TextEncoder().encode(text);
  let json: unknown;
  let scanned: ScannedProfile | undefined;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    json = undefined;
  }
  try {
    scanned = scanProfile(bytes, chunkBytes);
  } catch (error) {
    assert.ok(error instanceof JsonError, `not one of ours: ${String(error)}`);
  }
  assert.equal(scanned !== undefined, json !== undefined, 'JSON.parse and the scanner agree on what is JSON');
  if (!scanned) return false;
  const format = formatOf(json);
  assert.equal(scanned.format, format);
  if (!('profile' in scanned)) return false;
  assert.deepEqual(columnsOf(scanned), columnsOf(objectsOf(json, format)), 'both ways of reading agree');
  useProfile(scanned);
  return true;
}

/** What a file is, told from its objects. */
function formatOf(json: unknown): ScannedProfile['format'] {
  const { nodes, head, $schema: schema, shared, profiles } = (json ?? {}) as Record<string, unknown>;
  const hasId = (node: unknown): boolean => typeof (node as { id?: unknown } | null)?.id === 'number';
  if (Array.isArray(nodes) && (nodes.length === 0 || nodes.some(hasId))) return 'cpuprofile';
  if (Array.isArray((head as V8HeapProfile['head'] | null | undefined)?.children)) return 'heapprofile';
  const isObject = typeof shared === 'object' && shared !== null && !Array.isArray(shared);
  return (typeof schema === 'string' && schema.includes('speedscope')) || (isObject && Array.isArray(profiles))
    ? 'speedscope'
    : 'unknown';
}

function objectsOf(json: unknown, format: ScannedProfile['format']): V8Profile {
  const note = { accuracy: 'approximate', measure: 'live', windowMs: 0 } as const;
  if (format === 'cpuprofile') return { format, note, profile: cpuColumnsOf(json as V8CpuProfile) };
  return { format: 'heapprofile', note, profile: heapColumnsOf(json as V8HeapProfile)! };
}

function columnsOf(file: V8Profile): ProfileColumns {
  return file.format === 'cpuprofile' ? readV8Cpu(file.profile, 'x') : readV8Heap(file.profile, 'x', 'live');
}

function writtenCpu(measurement: Measurement): V8CpuProfile {
  const { slice } = measurement.cpu('cumulative', 0)!;
  const columns = measuredCpu(measurement.cpuTree, slice, measurement.samples, 'x');
  return JSON.parse([...writeCpuProfile(columns, 0)].join('')) as V8CpuProfile;
}

function writtenHeap({ heapTree, live }: Measurement): V8HeapProfile {
  const columns = measuredBytes(heapTree, live!.slice, 'live', 'x');
  return JSON.parse([...writeHeapProfile(columns, 0)].join('')) as V8HeapProfile;
}

function useProfile(file: V8Profile): boolean {
  const columns = columnsOf(file);
  assert.deepEqual(decodeColumns(encodeColumns(columns)), columns);
  if (file.format === 'cpuprofile') {
    const counted = readV8Cpu(file.profile, 'x', true);
    assert.deepEqual(decodeColumns(encodeColumns(counted)), counted);
  }
  const measurement = new Measurement();
  if (file.format === 'cpuprofile') measurement.addCpuColumns(file.profile);
  else measurement.addHeapColumns(file.profile, 'live', { startMs: 0, endMs: 0 });
  snapshotOf([partOf(measurement, resolver, true)]);
  const cpu = measurement.cpu('cumulative', 0);
  if (cpu) {
    forEachTick(cpu.slice, (node, line, ticks) =>
      assert.ok(node < measurement.cpuTree.nodeCount && Number.isInteger(line) && line >= 0 && ticks > 0),
    );
    const written = writtenCpu(measurement);
    // Foreign lines and fractions are written as they were; what we compute ourselves has to be valid.
    assert.ok(
      Number.isFinite(written.startTime) && Number.isFinite(written.endTime) && written.startTime <= written.endTime,
    );
    assert.ok(written.timeDeltas!.every((delta) => Number.isFinite(delta) && delta >= 0));
    assert.equal(written.samples!.length, written.timeDeltas!.length);
    snapshotOf([partOf(measured({ cpu: written }), resolver, true)]);
  }
  const bytes = measurement.live;
  if (bytes) snapshotOf([partOf(measured({ live: writtenHeap(measurement) }), resolver)]);
  return true;
}

function timed(what: string, task: () => boolean): boolean {
  const start = performance.now();
  try {
    return task();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).stack}`, { cause: error });
  } finally {
    const ms = performance.now() - start;
    assert.ok(ms < MUTANT_MS, `${what} took ${ms} ms`);
  }
}

describe('mutated profiles', function () {
  this.timeout(120_000);

  for (const [i, name] of [
    'node20.cpuprofile',
    'node22.cpuprofile',
    'node24.cpuprofile',
    'node26.cpuprofile',
    'node22.heapprofile',
    'node26.heapprofile',
  ].entries()) {
    it(`${name}: ${BYTE_MUTANTS_EACH} with other bytes and ${VALUE_MUTANTS_EACH} with other values give heat or one message`, () => {
      const text = readFixtureText(name);
      const random = randomNumbers(1_000 + i);
      const chunkBytes = (): number => 1 + Math.floor(random() ** 3 * text.length);
      assert.ok(useText(text, Infinity));
      let accepted = 0;
      for (let mutant = 0; mutant < BYTE_MUTANTS_EACH; mutant++) {
        const mutated = mutateText(text, random);
        accepted += Number(timed(`byte mutant ${mutant} of ${name}`, () => useText(mutated, chunkBytes())));
      }
      assert.ok(accepted > BYTE_MUTANTS_EACH / 20, `only ${accepted} mutants reached the code behind the parser`);
      const value = readFixture(name);
      const format = formatOf(value);
      for (let mutant = 0; mutant < VALUE_MUTANTS_EACH; mutant++) {
        const mutated = mutateValue(value, random);
        timed(`value mutant ${mutant} of ${name}`, () => useText(JSON.stringify(mutated), chunkBytes()));
        // JSON cannot hold NaN and Infinity: once more without a text in between.
        if (format === 'heapprofile' && !heapColumnsOf(mutated as V8HeapProfile)) continue;
        timed(`value mutant ${mutant} of ${name}, handed over`, () => useProfile(objectsOf(mutated, format)));
      }
    });
  }

  it('recorded ones are written as valid V8 profiles', () => {
    for (const version of [20, 22, 24, 26]) {
      const cpu = readFixture(`node${version}.cpuprofile`) as V8CpuProfile;
      const live = readFixture(`node${version}.heapprofile`) as V8HeapProfile;
      const measurement = measured({ cpu, live });
      assertCpuProfile(writtenCpu(measurement));
      assertHeapProfile(writtenHeap(measurement));
    }
  });
});
