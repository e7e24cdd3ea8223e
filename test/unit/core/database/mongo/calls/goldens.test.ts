import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Statement } from '../../../../../../src/core/database/statement';
import { openHoles } from '../../../../../../src/core/database/mongo/calls/fillHoles';
import { shellText } from '../../../../../../src/core/database/mongo/shell/shellText';
import { createImportedFiles } from '../../../../../../src/node/database/mongo/importedFiles';
import { repositoryRoot } from '../../../../../support/nodeVersions';
import { findStatements } from '../../../../../support/findStatements';

const folder = join(repositoryRoot, 'test/fixtures/mongo/statements');
const sources = readdirSync(folder).filter((name) => /\.(js|ts|py)$/.test(name));

function describeStatement(statement: Statement): string {
  const { span, api, database, collection, command, related, problems } = statement;
  const { text, holes } = shellText(statement);
  for (const { from, to, hole } of holes) assert.equal(text.slice(from, to), `<${hole.name}>`);
  const lines = [...new Set(related.map(({ start }) => start.line + 1))];
  return [
    `${span.start.line + 1}:${span.start.column + 1}-${span.end.line + 1}:${span.end.column + 1} ${api} ${command.kind} ${database ?? '-'} ${collection ?? '?'}`,
    text,
    ...statement.holes.map(({ name, type, path }) => `  <${name}> ${type} ${path}`),
    ...(lines.length ? [`  lines ${lines.join(', ')}`] : []),
    ...problems.map((problem) => `  ! ${problem}`),
  ].join('\n');
}

describe('statements of real-looking code', () => {
  for (const name of sources) {
    // HEATLENS_UPDATE_GOLDENS=1 writes them anew; look at the difference before it is committed.
    it(`finds those of ${name}`, () => {
      const path = join(folder, name);
      const found = findStatements(readFileSync(path, 'utf8'), path, createImportedFiles());
      const actual = found.map(describeStatement).join('\n\n') + '\n';
      const golden = `${path}.golden`;
      if (process.env.HEATLENS_UPDATE_GOLDENS === '1') writeFileSync(golden, actual);
      assert.ok(existsSync(golden), `${golden} is missing`);
      assert.equal(actual, readFileSync(golden, 'utf8'));
      for (const statement of found) assert.ok(openHoles(statement).every((hole) => statement.holes.includes(hole)));
    });
  }
});

describe('syntax errors', () => {
  for (const name of sources) {
    it(`are no obstacle anywhere in ${name}`, function () {
      this.timeout(60_000);
      const text = readFileSync(join(folder, name), 'utf8');
      const step = Math.max(1, Math.floor(text.length / 200));
      let most = 0;
      for (let end = 0; end <= text.length; end += step) {
        const found = findStatements(text.slice(0, end), name);
        for (const statement of found) shellText(statement);
        most = Math.max(most, found.length);
      }
      assert.equal(most > 0, !name.startsWith('not') && !name.startsWith('catalog'));
    });
  }
});
