import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../../src/core/errors';
import { readFolded, writeFolded } from '../../../../../src/core/profile/formats/folded';
import type { ProfileColumns } from '../../../../../src/core/profile/profileColumns';
import { assertColumns, columnsOf, valuesByStack } from '../../../../support/columnsBuilder';

function read(text: string): ProfileColumns {
  const columns = readFolded(text, 'stacks.txt');
  assertColumns(columns);
  return columns;
}

function write(columns: ProfileColumns): string {
  return [...writeFolded(columns, 0)].join('');
}

describe('readFolded', () => {
  it('reads stacks as flamegraph.pl takes them', () => {
    const columns = read('main;parse file;read 12\nmain;parse file 3\r\nmain;parse file;read 1\n\nswapper 40\n');
    assert.deepEqual(valuesByStack(columns), { 'main > parse file > read': 13, 'main > parse file': 3, swapper: 40 });
    assert.deepEqual(
      columns.measures.map(({ kind, label, unit }) => [kind, label, unit]),
      [['other', 'Samples', 'count']],
    );
    assert.deepEqual(columns.problems, []);
  });

  it('shares only whole frames with the line before', () => {
    const columns = read('a;bc;d 1\na;b 2\na;bc 4\na;bc;d;e 8\na;bcd;d 16\na;bc;d 32\n;a 64\na 128\n');
    assert.deepEqual(valuesByStack(columns), {
      'a > bc > d': 33,
      'a > b': 2,
      'a > bc': 4,
      'a > bc > d > e': 8,
      'a > bcd > d': 16,
      a: 192,
    });
  });

  it('reads places as stack traces and py-spy write them', () => {
    const columns = read(
      'run (main.py:3);hot (file:///app/a%20b.js:10:5);f (unknown);std::sort(int*) (inlined);g (lib/x);h() 1\n',
    );
    const places = columns.frames
      .slice(1)
      .map(({ functionName, url, line, column }) => [functionName, url, line, column]);
    assert.deepEqual(places, [
      ['run', 'main.py', 2, -1],
      ['hot', 'file:///app/a%20b.js', 9, 4],
      ['f (unknown)', '', -1, -1],
      ['std::sort(int*) (inlined)', '', -1, -1],
      ['g', 'lib/x', -1, -1],
      ['h()', '', -1, -1],
    ]);
  });

  it('says which lines it could not read', () => {
    const columns = read('a;b\nnumber x1\na 5\na -3\na 1e400\n# comment 7\n   \na 1.5');
    assert.deepEqual(valuesByStack(columns), { a: 6.5 });
    assert.deepEqual(columns.problems, [
      '2 lines do not end with a number; they are left out.',
      '2 counts are negative or too large; their lines are left out.',
    ]);
  });

  it('reads both columns of a differential file, as difffolded.pl writes it', () => {
    const columns = read('app;load;parse 31 56\napp;load 6 2\napp;save 19 35\n');
    assert.deepEqual(valuesByStack(columns), { 'app > load > parse': 56, 'app > load': 2, 'app > save': 35 });
    assert.deepEqual(
      columns.measures.map(({ label, self }) => [label, self.reduce((sum, value) => sum + value, 0)]),
      [
        ['Samples after', 93],
        ['Samples before', 56],
      ],
    );
    // A name that ends in a number is no column.
    assert.deepEqual(valuesByStack(read('app;load 6 2\napp;save 3\n')), { 'app > load 6': 2, 'app > save': 3 });
  });

  it('refuses other texts whose lines end in numbers', () => {
    const contention = [
      '--- contention:',
      'cycles/second = 3201000000',
      'sampling period = 100',
      '  19490304       27 @ 0xaa10 0xaa20 43568',
    ];
    for (const lines of [contention, ['a;b c', 'x y', 'some; text', 'z 5']]) {
      assert.throws(
        () => readFolded(lines.join('\n'), 'x.txt'),
        (error: unknown) => isHeatlensError(error) && /its lines are no stacks/.test(error.message),
      );
    }
  });

  it('refuses a text without any stack', () => {
    for (const text of ['', '\n\n', 'hello', '{"nodes": []}', '# 1']) {
      assert.throws(
        () => readFolded(text, 'x.txt'),
        (error: unknown) => isHeatlensError(error) && error.message.startsWith('x.txt holds nothing'),
      );
    }
  });

  it('reads a stack of 20,000 frames, and many that share it', () => {
    const stack = Array.from({ length: 20_000 }, (_, i) => `f${i}`).join(';');
    const columns = read(Array.from({ length: 20 }, (_, i) => `${stack};leaf${i} 1`).join('\n'));
    assert.equal(columns.parents.length, 20_021);
  });
});

describe('writeFolded', () => {
  it('keeps every stack and place when it is read again', () => {
    const columns = columnsOf({
      '': 3,
      'main@/app/a.js:0': 10,
      'main@/app/a.js:0 > @/app/a b.js:9': 5,
      'main@/app/a.js:0 > @/app/a b.js:9 > main@/app/a.js:0': 2,
      '(garbage collector)': 7,
      'main@/app/a.js:0 > (program)': 0,
    });
    assert.deepEqual(valuesByStack(read(write(columns))), valuesByStack(columns));
  });

  it('has no frame or line too many, whatever the names are', () => {
    const columns = columnsOf({ 'a;b\n@/x;y.js:1 > c\u2028d': 5 });
    assert.equal(write(columns), 'a:b  (/x:y.js:2:1);c d 5\n');
    assert.deepEqual(Object.values(valuesByStack(read(write(columns)))), [5]);
  });

  it('rounds, and leaves out what rounds to nothing', () => {
    assert.equal(write(columnsOf({ a: 0.4, b: 1.6 })), 'b 2\n');
  });
});
