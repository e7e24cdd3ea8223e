import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../../src/core/errors';
import { readFolded, writeFolded } from '../../../../../src/core/profile/formats/folded';
import { readPprof } from '../../../../../src/core/profile/formats/readPprof';
import { readSpeedscope } from '../../../../../src/core/profile/formats/readSpeedscope';
import { writePprof } from '../../../../../src/core/profile/formats/writePprof';
import { writeSpeedscope } from '../../../../../src/core/profile/formats/writeSpeedscope';
import type { ProfileColumns } from '../../../../../src/core/profile/profileColumns';
import { assertColumns, columnsOf } from '../../../../support/columnsBuilder';
import { mutateBytes, mutateText, mutateValue, randomNumbers } from '../../../../support/mutate';

/** ms for one mutant; a hang would be forever, a slow machine is not. */
const MUTANT_MS = 5_000;

const random = randomNumbers(20);
const stacks = Array.from({ length: 60 }, () =>
  Array.from(
    { length: 1 + Math.floor(random() * 9) },
    () => `f${Math.floor(random() * 12)}@/app/m${Math.floor(random() * 3)}.js:${Math.floor(random() * 50)}`,
  ).join(' > '),
);
const summed = columnsOf(
  Object.fromEntries(stacks.map((stack) => [stack, [Math.floor(random() * 5000), Math.floor(random() * 1e6)]])),
  {
    measures: [
      { kind: 'cpu', label: 'CPU time', unit: 'µs' },
      { kind: 'live', label: 'Live bytes', unit: 'bytes' },
    ],
  },
);
const timed = columnsOf({}, { timeline: stacks.map((stack) => [stack, 1 + Math.floor(random() * 100)] as const) });

/** What happens to a mutant: columns that keep every promise and can be written again, or one message. */
function use(read: () => readonly ProfileColumns[], what: string): boolean {
  const start = performance.now();
  try {
    for (const columns of read()) {
      assertColumns(columns);
      readPprof(writePprof(columns), columns.title);
      if (columns.measures[0].self.some((value) => value > 0))
        readSpeedscope(JSON.parse([...writeSpeedscope(columns)].join('')), columns.title);
      [...writeFolded(columns, 0)].join('');
    }
    return true;
  } catch (error) {
    assert.ok(isHeatlensError(error) && !error.oneLine.includes('\n'), `${what}: ${(error as Error).stack}`);
    return false;
  } finally {
    const ms = performance.now() - start;
    assert.ok(ms < MUTANT_MS, `${what} took ${ms} ms`);
  }
}

interface MutationCase {
  readonly name: string;
  readonly mutants: number;
  readonly read: (random: () => number) => readonly ProfileColumns[];
}

const pprof = writePprof(summed);
const speedscope = [summed, timed].map((columns) => [...writeSpeedscope(columns)].join(''));
const folded = [...writeFolded(summed, 0)].join('');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const cases: readonly MutationCase[] = [
  { name: 'bytes of pprof', mutants: 3_000, read: (next) => [readPprof(mutateBytes(pprof, next), 'mutant')] },
  {
    name: 'text of speedscope',
    mutants: 800,
    read: (next) => readSpeedscope(parsed(mutateText(speedscope[Math.floor(next() * 2)], next)), 'mutant'),
  },
  {
    name: 'values of speedscope',
    mutants: 1_200,
    read: (next) => readSpeedscope(mutateValue(JSON.parse(speedscope[Math.floor(next() * 2)]), next), 'mutant'),
  },
  { name: 'text of folded stacks', mutants: 1_200, read: (next) => [readFolded(mutateText(folded, next), 'mutant')] },
];

describe('mutated pprof, speedscope and folded files', function () {
  this.timeout(120_000);

  for (const [index, { name, mutants, read }] of cases.entries()) {
    it(`${mutants} with other ${name} give a profile or one message`, () => {
      const next = randomNumbers(index + 1);
      let accepted = 0;
      for (let i = 0; i < mutants; i++) accepted += Number(use(() => read(next), `mutant ${i} of ${name}`));
      // Neither is all refused (the mutants would test the first check only), nor all accepted.
      assert.ok(
        accepted > mutants / 20 && (accepted < mutants || name.includes('folded')),
        `${accepted} of ${mutants} were accepted`,
      );
    });
  }
});
