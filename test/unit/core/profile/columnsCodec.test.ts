import assert from 'node:assert/strict';
import { decodeColumns, encodeColumns } from '../../../../src/core/profile/columnsCodec';
import type { ProfileColumns } from '../../../../src/core/profile/profileColumns';
import { cpuColumnsOf } from '../../../../src/core/profile/v8/v8Columns';
import type { V8CpuProfile } from '../../../../src/core/profile/v8/v8Profile';
import { readV8Cpu } from '../../../../src/core/profile/v8/readV8';
import { randomNumbers } from '../../../support/mutate';
import { cpuProfile } from '../../../support/profileBuilder';

const names = [
  '',
  '(root)',
  '__proto__',
  '</script>',
  '"\'`\\',
  'a\nb',
  '\0',
  '\ud800',
  '\u202eabc',
  'ünï—✓😀',
  'x'.repeat(10_000),
];

function sample(): ProfileColumns {
  const stacks = names.map((name, n) => ({
    stack: `main@/a.js:${n} > ${name.replace(' > ', '')}@/b.js:3`,
    us: 10 + n,
  }));
  const columns = readV8Cpu(cpuColumnsOf(cpuProfile(stacks, 5_000)), 'a "title"\u2028');
  const live = columns.measures[0].self.map((us) => us / 3);
  return {
    ...columns,
    measures: [...columns.measures, { kind: 'other', label: 'Grüße', unit: 'count', self: live }],
    problems: ['one', ''],
  };
}

describe('encoded columns', () => {
  it('are decoded as they were, with views on the buffer', () => {
    const columns = sample();
    const data = encodeColumns(columns);
    const decoded = decodeColumns(data);
    assert.deepEqual(decoded, columns);
    for (const view of [
      decoded.parents,
      decoded.nodeFrames,
      decoded.measures[0].self,
      decoded.timeline!.nodes,
      decoded.timeline!.startsUs,
    ]) {
      assert.equal(view.buffer, data);
    }
    assert.deepEqual(encodeColumns(decoded), data);
  });

  it('need neither samples nor a second node', () => {
    const none = new Float64Array(1);
    const columns: ProfileColumns = {
      title: '',
      frames: [{ functionName: '(root)', url: '', line: -1, column: -1, scriptId: '' }],
      parents: Int32Array.of(-1),
      nodeFrames: Int32Array.of(0),
      measures: [{ kind: 'live', label: 'Live bytes', unit: 'bytes', self: none }],
      problems: [],
    };
    assert.deepEqual(decodeColumns(encodeColumns(columns)), columns);
    const timed: ProfileColumns = {
      ...columns,
      timeline: { measure: 0, nodes: new Int32Array(0), startsUs: new Float64Array(0), endUs: 0 },
    };
    assert.deepEqual(decodeColumns(encodeColumns(timed)), timed);
  });

  it('keep ticks, and counts of samples that have no time', () => {
    const profile: V8CpuProfile = cpuProfile([
      { stack: 'main@/a.js:0', us: 10, line: 4 },
      { stack: 'main@/a.js:0 > hot@/a.js:9', us: 20, line: 12 },
    ]);
    const ticked = readV8Cpu(cpuColumnsOf(profile), '', true);
    assert.deepEqual(
      [ticked.ticks?.nodes, ticked.ticks?.lines, ticked.ticks?.counts],
      [Int32Array.of(1, 2), Int32Array.of(4, 12), Float64Array.of(1, 1)],
    );
    assert.deepEqual(decodeColumns(encodeColumns(ticked)), ticked);
    delete profile.samples;
    const counted = readV8Cpu(cpuColumnsOf(profile), '', true);
    assert.deepEqual(counted.counted?.hits, Float64Array.of(0, 1, 1));
    assert.deepEqual(decodeColumns(encodeColumns(counted)), counted);
  });

  it('of V8 hold lines and columns that are no whole numbers', () => {
    const columns = sample();
    const odd = { ...columns, frames: columns.frames.map((frame) => ({ ...frame, line: 1.5, column: 2 ** 40 })) };
    assert.deepEqual(decodeColumns(encodeColumns(odd)), odd);
  });

  const message = /^Error: This is no profile in columns: /;

  it('are refused when they are something else', () => {
    for (const data of [
      new ArrayBuffer(0),
      new ArrayBuffer(8),
      new ArrayBuffer(4_096),
      new TextEncoder().encode('{"nodes":[],"samples":[]}').buffer,
    ]) {
      assert.throws(() => decodeColumns(data), message);
    }
  });

  it('are refused when they are cut or padded', () => {
    const data = encodeColumns(sample());
    for (let length = 0; length < data.byteLength; length += 1 + Math.floor(length / 9))
      assert.throws(() => decodeColumns(data.slice(0, length)), message);
    const padded = new Uint8Array(data.byteLength + 8);
    padded.set(new Uint8Array(data));
    assert.throws(() => decodeColumns(padded.buffer), message);
  });

  it('are refused when a number is impossible', () => {
    const columns = sample();
    const timeline = columns.timeline!;
    const nodes = columns.parents.length;
    const wrong: ProfileColumns[] = [
      { ...columns, parents: columns.parents.map((parent, node) => (node === 5 ? 5 : parent)) },
      { ...columns, parents: columns.parents.map((parent, node) => (node === 5 ? -1 : parent)) },
      { ...columns, parents: columns.parents.map(() => 0) },
      { ...columns, nodeFrames: columns.nodeFrames.map(() => columns.frames.length) },
      { ...columns, measures: [{ ...columns.measures[0], self: columns.measures[0].self.map(() => NaN) }] },
      { ...columns, measures: [{ ...columns.measures[0], self: columns.measures[0].self.map(() => -1) }] },
      { ...columns, measures: [{ ...columns.measures[0], self: columns.measures[0].self.map(() => Infinity) }] },
      { ...columns, timeline: { ...timeline, nodes: timeline.nodes.map(() => nodes) } },
      { ...columns, timeline: { ...timeline, startsUs: timeline.startsUs.toReversed() } },
      { ...columns, timeline: { ...timeline, startsUs: timeline.startsUs.map(() => NaN) } },
      { ...columns, timeline: { ...timeline, endUs: 0 } },
      { ...columns, timeline: { ...timeline, endUs: NaN } },
      { ...columns, timeline: { ...timeline, measure: 2 } },
      { ...columns, measures: [], timeline: undefined },
      { ...columns, ticks: { nodes: Int32Array.of(nodes), lines: Int32Array.of(0), counts: Float64Array.of(1) } },
      { ...columns, ticks: { nodes: Int32Array.of(1), lines: Int32Array.of(-1), counts: Float64Array.of(1) } },
      { ...columns, ticks: { nodes: Int32Array.of(1), lines: Int32Array.of(0), counts: Float64Array.of(NaN) } },
      { ...columns, counted: { hits: new Float64Array(nodes).fill(-1), startUs: 0, perHitUs: 1 } },
      { ...columns, counted: { hits: new Float64Array(nodes), startUs: NaN, perHitUs: 1 } },
    ];
    for (const [n, columnsOf] of wrong.entries())
      assert.throws(() => decodeColumns(encodeColumns(columnsOf)), message, `case ${n}`);
  });

  it('whose bytes were changed are refused, or are columns that can be walked', () => {
    const random = randomNumbers(5);
    const data = encodeColumns(sample());
    let refused = 0;
    for (let mutant = 0; mutant < 2_000; mutant++) {
      const bytes = new Uint8Array(data.slice(0));
      // Most of the small sample is its header; numbers get their share of the changes.
      const from = random() < 0.5 ? 0 : bytes.length - 1_000;
      for (let n = 0; n < 3; n++)
        bytes[from + Math.floor(random() * (bytes.length - from))] = Math.floor(random() * 256);
      let decoded: ProfileColumns;
      try {
        decoded = decodeColumns(bytes.buffer);
      } catch (error) {
        assert.match(String(error), message);
        refused++;
        continue;
      }
      const { parents, nodeFrames, frames, measures, timeline } = decoded;
      for (let node = 0; node < parents.length; node++) {
        for (let up = node, steps = 0; up > 0; up = parents[up]) assert.ok(steps++ < parents.length);
        assert.equal(typeof frames[nodeFrames[node]].functionName, 'string');
        for (const { self } of measures) assert.ok(self[node] >= 0 && self[node] < Infinity);
      }
      timeline?.nodes.forEach((node, n) => assert.ok(node in parents && timeline.startsUs[n] <= timeline.endUs));
    }
    assert.ok(refused > 500 && refused < 2_000, `${refused} refused`);
  });
});
