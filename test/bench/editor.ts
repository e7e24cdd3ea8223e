import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../support/nodeVersions';
import type { BenchOptions } from './options';
import type { Row } from './rows';

interface Hosts {
  runHostSuite(options: {
    folder: string;
    tests: string;
    minutes: number;
  }): Promise<{ failures: { title: string; error: string }[] }>;
}

/** Measured inside the real extension host (see host/), and the size of the package. */
export async function measureEditor({ quick }: BenchOptions): Promise<Row[]> {
  const results = join(repositoryRoot, 'test-output/bench-editor.json');
  process.env.HEATLENS_BENCH_RESULTS = results;
  process.env.HEATLENS_BENCH_MINUTES = quick ? '1' : '5';
  const suites = pathToFileURL(join(repositoryRoot, 'scripts/hosts/suites.mjs')).href;
  // Compiled to `import()` by the bundler, which must not follow it: the module starts processes relative to itself.
  const hosts = (await import(suites)) as Hosts;
  const { failures } = await hosts.runHostSuite({
    folder: join(repositoryRoot, 'test/fixtures/workspaces/shop'),
    tests: join(repositoryRoot, 'out/test/bench/host/index.js'),
    minutes: 15,
  });
  if (failures.length) throw new Error(failures.map(({ title, error }) => `${title}: ${error}`).join('\n'));
  const rows = JSON.parse(await readFile(results, 'utf8')) as Row[];
  const vsix = statSync(join(repositoryRoot, 'test-output/heatlens.vsix')).size / 1e6;
  return [...rows, { part: 'package', what: 'VSIX', value: vsix, unit: 'MB', limit: 3 }];
}
