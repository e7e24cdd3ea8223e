import assert from 'node:assert/strict';
import type { ProfileColumns } from '../../../../../src/core/profile/profileColumns';
import { cpuColumnsOf, heapColumnsOf } from '../../../../../src/core/profile/v8/v8Columns';
import type { V8CpuProfile, V8HeapProfile } from '../../../../../src/core/profile/v8/v8Profile';
import { readV8Cpu, readV8Heap } from '../../../../../src/core/profile/v8/readV8';
import { cpuProfile, heapProfile } from '../../../../support/profileBuilder';
import { readFixture, readFixtureText } from '../../../../support/recordedProfiles';
import { scanProfile } from '../../../../support/scanProfile';
import { cpuProfileText, syntheticProfile } from '../../../../support/syntheticProfile';

function scanned(text: string, chunkBytes?: number): ProfileColumns {
  const file = scanProfile(text, chunkBytes);
  assert.ok('profile' in file, file.format);
  return file.format === 'cpuprofile' ? readV8Cpu(file.profile, '') : readV8Heap(file.profile, '', file.note.measure);
}

/** By way of objects. */
function parsed(text: string): ProfileColumns {
  const json = JSON.parse(text) as V8CpuProfile & V8HeapProfile;
  return json.nodes ? readV8Cpu(cpuColumnsOf(json), '') : readV8Heap(heapColumnsOf(json)!, '', 'live');
}

function assertSame(text: string, chunkBytes?: number): ProfileColumns {
  const columns = scanned(text, chunkBytes);
  assert.deepEqual(columns, parsed(text));
  return columns;
}

const main = 'main@/a.js:0';
const hot = 'hot@/a.js:5';

/** Two files that have everything, small enough to be cut everywhere. */
const cpu: V8CpuProfile = {
  ...cpuProfile([
    { stack: main, us: 100, line: 3 },
    { stack: `${main} > ${hot}`, us: 200, line: 7 },
    { stack: `${main} > h{o}t"\\\u00e9😀@/b.js:5`, us: 300 },
    { stack: main, us: 50, line: 3 },
  ]),
};
const heap = heapProfile({ [main]: 10, [`${main} > ${hot}`]: 300, '(V8 API)': 7, 'x}{@/b.js:4 > y@/b.js:5': 3 });

describe('V8 profiles, byte by byte', () => {
  for (const [what, value] of [
    ['CPU', cpu],
    ['heap', heap],
  ] as const) {
    for (const [how, text] of [
      ['as V8 writes it', JSON.stringify(value)],
      ['written by hand', JSON.stringify(value, undefined, 1)],
    ]) {
      it(`a ${what} profile ${how} is the same wherever it is cut`, () => {
        const whole = assertSame(text);
        const { length } = new TextEncoder().encode(text);
        for (let chunk = 1; chunk < length; chunk++)
          assert.deepEqual(scanned(text, chunk), whole, `chunks of ${chunk}`);
      });
    }
  }

  for (const name of [20, 22, 24, 26].flatMap((version) => [
    `node${version}.cpuprofile`,
    `node${version}.heapprofile`,
  ])) {
    it(`${name} is what its objects are`, () => {
      const text = readFixtureText(name);
      const columns = assertSame(text);
      assert.ok(columns.frames.length > 5);
      assertSame(JSON.stringify(readFixture(name), undefined, 2), 77);
    });
  }

  it('members may stand in any order', () => {
    const backwards = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(backwards);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, member]) => [key, backwards(member)])
          .reverse(),
      );
    };
    for (const value of [cpu, heap]) {
      const text = JSON.stringify(backwards(value));
      assert.notEqual(text, JSON.stringify(value));
      assert.deepEqual(assertSame(text), scanned(JSON.stringify(value)));
    }
  });

  it('of a member that occurs twice the last one counts', () => {
    const node =
      '{"id":2,"id":1,"callFrame":{"url":"/x","functionName":"x"},"callFrame":{"functionName":"a","functionName":"b"},"children":[5],"children":[3],"hitCount":9,"hitCount":1}';
    const child =
      '{"id":3,"callFrame":{"functionName":"c"},"hitCount":2,"parent":7,"parent":1,"positionTicks":[{"line":1,"ticks":1}],"positionTicks":[]}';
    assertSame(
      `{"nodes":[1,2],"nodes":[${node},${child}],"samples":[9,9],"samples":[1,3],"timeDeltas":[1],"timeDeltas":[5,6],"startTime":"x","startTime":3,"endTime":20}`,
    );
    assertSame(`{"nodes":[${node},${child}],"samples":[1],"samples":"none","timeDeltas":[1]}`);
    assertSame(
      `{"head":{"children":[{"selfSize":9,"children":[]}],"selfSize":7,"children":[{"selfSize":1,"selfSize":2},{"children":[{"selfSize":4}],"children":[]}]}}`,
    );
    assertSame('{"head":5,"head":{"children":7,"children":[{"selfSize":4}]}}');
  });

  it('odd values are as good as missing', () => {
    const nodes =
      '[null,7,"node",[],{},{"id":"3"},{"id":1,"callFrame":null,"children":{"a":1},"hitCount":"x"},{"id":2,"callFrame":[1],"children":[1,"2",null,[3],{}],"parent":[]},{"id":4.5,"callFrame":{"functionName":4,"url":[],"lineNumber":"1","columnNumber":1e999,"scriptId":12}},{"id":-7,"positionTicks":[null,3,{},{"line":0,"ticks":1},{"line":2,"ticks":0.5}]}]';
    assertSame(
      `{"nodes":${nodes},"samples":[1,2,4.5,-7,99,null,"a",[2],{"b":1},1e999,-0],"timeDeltas":[1,"2",null,-3,4.5,1e999,[1]],"startTime":-0,"endTime":1e300}`,
    );
    assertSame(`{"nodes":${nodes},"samples":[],"timeDeltas":[]}`);
    assertSame(
      '{"head":{"children":[null,7,"x",[],[[1]],{"selfSize":"5"},{"selfSize":-1},{"selfSize":1e999,"children":{"a":[]}},{"callFrame":7,"selfSize":3}]}}',
    );
  });

  it('names may be anything', () => {
    const names = [
      '',
      'a b',
      '(root)',
      '__proto__',
      'constructor',
      '\0',
      '\ud800',
      '\u202e',
      '</script>',
      '"}]',
      '\\',
      'a\nb',
      'x'.repeat(10_000),
      '{"id":1}',
    ];
    const profile = cpuProfile(names.map((name, n) => ({ stack: `${name}@${name}:${n}`, us: 10 })));
    assert.equal(assertSame(JSON.stringify(profile), 5_000).frames.length, names.length + 1);
    const escaped = JSON.stringify(profile).replace(
      /[a-zA-Z]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    assertSame(escaped.replace(/\\\\u/g, '\\\\\\u'));
  });

  it('stacks may be 10,000 deep', () => {
    const stack = Array.from({ length: 10_000 }, (_, i) => `f${i}@/a.js:${i}`).join(' > ');
    assert.equal(assertSame(JSON.stringify(cpuProfile([{ stack, us: 100 }]))).parents.length, 10_001);
    // Such objects are too deep for JSON.stringify. The head is one more node.
    const open = Array.from(
      { length: 10_000 },
      (_, i) => `{"callFrame":{"functionName":"f${i}"},"selfSize":1,"children":[`,
    ).join('');
    const { parents, measures } = scanned(`{"head":{"children":[${open}${']}'.repeat(10_000)}]}}`, 1_000);
    assert.deepEqual(
      [parents.length, parents.at(-1), measures[0].self.reduce((a, b) => a + b)],
      [10_002, 10_000, 10_000],
    );
  });

  it('nodes may be in a circle, in any order, and without their parents', () => {
    const profile = cpuProfile([
      { stack: `${main} > ${hot}`, us: 100 },
      { stack: main, us: 100 },
    ]);
    profile.nodes.reverse();
    assertSame(JSON.stringify(profile));
    profile.nodes[0].children = [2];
    profile.nodes.push({ id: 9, callFrame: profile.nodes[0].callFrame, children: [9] });
    assert.deepEqual(assertSame(JSON.stringify(profile)).problems, ['2 circles of nodes are their own ancestors']);
    assertSame(JSON.stringify({ ...profile, nodes: profile.nodes.slice(2) }));
  });

  it('larger ones are the same, too', () => {
    const text = [...cpuProfileText(syntheticProfile(3_000))].join('');
    const columns = assertSame(text, 100_000);
    assert.deepEqual([columns.timeline!.nodes.length, columns.problems], [3_000, []]);
  });
});
