// What the bench part `mongo` times, in a process of its own: `cold` is the first statement search of the process, `warm` has
// searched other files before, as an editor that is running; `explain` is from an answer to its findings.
//
//   node mongo.js cold|warm|explain FILE ROUNDS
import { parser as pythonParser } from '@lezer/python';
import { readFileSync } from 'node:fs';
import { parseableText, parseSource, parseWith } from '../../../src/core/method/parseSource';
import { findIn } from '../../../src/core/database/mongo/findings/findIn';
import { readPlan } from '../../../src/core/database/mongo/plan/readPlan';
import { createStatementFinder } from '../../../src/core/database/mongo/calls/findStatements';
import { suggestIndexes } from '../../../src/core/database/mongo/indexes/suggestIndexes';
import { mongoSource, ordinarySource, type SourceStyle } from '../../support/mongoSource';

export interface MongoReport {
  readonly [step: string]: readonly number[];
}

const steps: Record<string, number[]> = {};

function timed<T>(step: string, action: () => T): T {
  const started = performance.now();
  const result = action();
  (steps[step] ??= []).push(performance.now() - started);
  return result;
}

function parseAlone(text: string, fileName: string): void {
  if (fileName.endsWith('.py')) parseWith(pythonParser, text);
  else parseSource(parseableText(text), fileName);
}

/** Of the middle of the file: what is typed there, letter by letter. */
function edits(text: string, fileName: string): string[] {
  const inside = text.indexOf(fileName.endsWith('.py') ? 'total += value' : 'sum += value', text.length >> 1);
  const line = text.lastIndexOf('\n', inside) + 1;
  const mark = fileName.endsWith('.py') ? '# ' : '// ';
  return [...'checked twice'].map(
    (_, at, letters) => `${text.slice(0, line)}${mark}${letters.slice(0, at + 1).join('')}\n${text.slice(line)}`,
  );
}

async function search(style: SourceStyle | 'ordinary', rounds: number): Promise<void> {
  const fileName = style === 'python' ? 'store.py' : 'store.ts';
  const source = style === 'ordinary' ? ordinarySource(100) : mongoSource(500, style);
  for (let round = 0; round < rounds; round++) {
    // No two rounds have the same text: nothing that one knows helps the next.
    const text = `${style === 'python' ? '#' : '//'} ${round}\n${source}`;
    const finder = createStatementFinder(fileName);
    const found = timed('statements', () => finder.find(text));
    if (found.length !== (style === 'ordinary' ? 100 : 500)) throw new Error(`${found.length} statements found`);
    timed('parse', () => parseAlone(text, fileName));
    const ahead = createStatementFinder(fileName);
    await ahead.prepare(text, () => Promise.resolve());
    timed('prepared', () => ahead.find(text));
    for (const edited of edits(text, fileName)) timed('edit', () => finder.find(edited));
  }
}

function print(): void {
  process.stdout.write(JSON.stringify(steps satisfies MongoReport));
}

function explain(file: string, rounds: number): void {
  const text = readFileSync(file, 'utf8');
  const facts = new Map();
  for (let round = 0; round < rounds; round++) {
    const answer = timed('JSON.parse', () => JSON.parse(text) as unknown);
    const plan = timed('normalise', () => readPlan(answer));
    timed('find', () => findIn(plan, facts));
    timed('suggest', () => suggestIndexes(plan, facts));
  }
}

const [task, argument, rounds] = process.argv.slice(2);
if (task === 'explain') {
  explain(argument, Number(rounds));
  print();
} else {
  if (task === 'warm') {
    for (let i = 0; i < 6; i++)
      for (const style of ['functions', 'python', 'classes'] as const)
        createStatementFinder(style === 'python' ? 'a.py' : 'a.ts').find(mongoSource(100 + i, style));
  }
  void search(argument as SourceStyle | 'ordinary', Number(rounds)).then(print);
}
