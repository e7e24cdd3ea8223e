import assert from 'node:assert/strict';
import { MeasuredThread } from '../../../../src/node/recording/measuredThread';
import { createColumnsReader } from '../../../../src/node/recording/recordedColumns';
import { framesOfMethod } from '../../../../src/editor/flame/methodFrames';
import { sendSources } from '../../../../src/editor/flame/sendSources';
import type { ShownProfile } from '../../../../src/editor/flame/flameContent';
import type { MethodResolver } from '../../../../src/core/heat/methodResolver';
import type { FrameSources } from '../../../../src/core/flame/frameSources';
import { lineResolver } from '../../../support/lineResolver';
import { cpuProfile } from '../../../support/profileBuilder';
import { cpuColumnsOf } from '../../../../src/core/profile/v8/v8Columns';

function profileOf(samples: { stack: string; us: number }[], resolver: MethodResolver): ShownProfile {
  const thread = new MeasuredThread('1', 'app.js (1)', { pid: 1 }, resolver, () => undefined);
  thread.addCpuColumns(cpuColumnsOf(cpuProfile(samples)));
  const { columns } = createColumnsReader(
    () => [{ thread, kind: 'ordinary' }],
    () => 'cumulative',
  ).read()!;
  return { columns, data: new ArrayBuffer(0), live: false, titles: [], active: 0, resolverOf: () => resolver };
}

const resolver: MethodResolver = {
  ...lineResolver({
    '/src/cart.ts': [
      { name: 'total', lines: [0, 1] },
      { name: 'add', lines: [3, 4] },
    ],
  }),
  // Two builds of one method.
  resolveFrame: ({ functionName }) =>
    functionName === 'total' ? { method: 0 } : functionName === 'add' ? { method: 1 } : { reason: 'no-file' },
};

describe('frames of a method', () => {
  it('are all of its positions, the one with most of the total first', () => {
    const profile = profileOf(
      [
        { stack: 'main@/b.js:0 > total@/a.js:5', us: 10 },
        { stack: 'main@/b.js:0 > total@/b.js:9 > add@/b.js:1', us: 500 },
        { stack: 'main@/b.js:0 > (idle)', us: 900 },
      ],
      resolver,
    );
    assert.deepEqual(
      framesOfMethod(profile, '/src/cart.ts', 0).map(({ url, line }) => `${url}:${line}`),
      ['/b.js:9', '/a.js:5'],
    );
    assert.deepEqual(
      framesOfMethod(profile, '/src/cart.ts', 1).map(({ functionName }) => functionName),
      ['add'],
    );
  });

  it('are none where V8 inlined it everywhere, or of another file', () => {
    const profile = profileOf([{ stack: 'main@/b.js:0', us: 10 }], resolver);
    assert.deepEqual(framesOfMethod(profile, '/src/cart.ts', 0), []);
    assert.deepEqual(framesOfMethod(profile, '/src/other.ts', 0), []);
  });
});

describe('sources for a page', () => {
  const many = Array.from({ length: 4_500 }, (_, i) => ({ stack: `f${i}@/a.js:${i}`, us: 1 }));

  it('come in parts that cover all frames, each prepared before', async () => {
    const prepared = new Set<string>();
    const counting: MethodResolver = {
      ...resolver,
      prepare: (frames) => {
        for (const { functionName } of frames) prepared.add(functionName);
        return Promise.resolve();
      },
      resolveFrame: ({ functionName }) => {
        assert.ok(prepared.has(functionName), functionName);
        return { method: 0 };
      },
    };
    const profile = profileOf(many, counting);
    const parts: FrameSources[] = [];
    await sendSources(
      profile,
      () => [],
      (sources) => parts.push(sources) > 0,
    );
    assert.equal(
      parts.reduce((sum, { file }) => sum + file.length, 0),
      profile.columns.frames.length,
    );
    assert.deepEqual(
      parts.map(({ first }) => first),
      [0, 2_000, 4_000],
    );
    assert.ok(!prepared.has('(root)'), 'V8’s own frames have no source');
  });

  it('end when the page is gone or shows something else', async () => {
    let sent = 0;
    await sendSources(
      profileOf(many, resolver),
      () => [],
      () => ++sent < 2,
    );
    assert.equal(sent, 2);
  });
});
