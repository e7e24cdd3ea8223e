import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { runCli } from '../../../support/cli';
import { repositoryRoot } from '../../../support/nodeVersions';

const golden = join(repositoryRoot, 'test/fixtures/mongo/demoStatements.golden');

interface Reported {
  readonly file: string;
  readonly line: number;
  readonly api: string;
  readonly collection: string | null;
  readonly command: string;
  readonly text: string;
  readonly holes: readonly { readonly name: string; readonly type: string; readonly path: string }[];
}

function sources(folder: string, extension: string): string[] {
  return readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name).replaceAll(sep, '/'))
    .sort();
}

describe('heatlens statements over the demo', function () {
  this.timeout(60_000);
  let found: Reported[];

  before(async () => {
    const files = [...sources('demo/service/src', '.ts'), ...sources('demo/python', '.py')];
    const { code, stdout, errors } = await runCli(['statements', ...files, '--json']);
    assert.equal(code, 0, errors.join('\n'));
    found = JSON.parse(stdout) as Reported[];
  });

  it('finds every call with its collection, command and holes', () => {
    // HEATLENS_UPDATE_GOLDENS=1 writes it anew; look at the difference before it is committed.
    const actual =
      found
        .map(({ file, api, collection, command, text, holes }) =>
          [
            `${file} ${api} ${command} ${collection ?? '?'}`,
            text,
            ...holes.map(({ name, type, path }) => `  <${name}> ${type} ${path}`),
          ].join('\n'),
        )
        .join('\n\n') + '\n';
    if (process.env.HEATLENS_UPDATE_GOLDENS === '1') writeFileSync(golden, actual);
    assert.ok(existsSync(golden), `${golden} is missing`);
    assert.equal(actual, readFileSync(golden, 'utf8'));
  });

  it('finds nothing else, and misses nothing', () => {
    const calls =
      /\.(?:find|findOne|find_one|aggregate(?:<.*>)?|countDocuments|estimatedDocumentCount|insertOne|updateOne|insertMany|replaceOne)\(/;
    const written = new Map<string, number>();
    for (const file of [...sources('demo/service/src', '.ts'), ...sources('demo/python', '.py')]) {
      const lines = readFileSync(join(repositoryRoot, file), 'utf8')
        .split('\n')
        .filter((line) => calls.test(line));
      if (lines.length > 0) written.set(file, lines.length);
    }
    // The search of the catalog in memory is called find, too.
    written.delete('demo/service/src/server.ts');
    const counted = new Map<string, number>();
    for (const { file } of found) counted.set(file, (counted.get(file) ?? 0) + 1);
    assert.deepEqual(Object.fromEntries([...counted].sort()), Object.fromEntries([...written].sort()));
  });
});
