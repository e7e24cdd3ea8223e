import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../support/nodeVersions';
import type { Row } from './rows';

interface Hosts {
  runHostSuite(options: {
    folder: string;
    tests: string;
    minutes: number;
  }): Promise<{ failures: { title: string; error: string }[] }>;
}

/** The rows that `test/bench/host/NAME` measures inside the real extension host. Rejects with what failed there. */
export async function measureInHost(name: string, minutes: number): Promise<Row[]> {
  const results = join(repositoryRoot, `test-output/bench-host-${name}.json`);
  process.env.HEATLENS_BENCH_RESULTS = results;
  const suites = pathToFileURL(join(repositoryRoot, 'scripts/hosts/suites.mjs')).href;
  // Compiled to `import()` by the bundler, which must not follow it: the module starts processes relative to itself.
  const hosts = (await import(suites)) as Hosts;
  const { failures } = await hosts.runHostSuite({
    folder: join(repositoryRoot, 'test/fixtures/workspaces/shop'),
    tests: join(repositoryRoot, `out/test/bench/host/${name}.js`),
    minutes,
  });
  if (failures.length) throw new Error(failures.map(({ title, error }) => `${title}: ${error}`).join('\n'));
  return JSON.parse(await readFile(results, 'utf8')) as Row[];
}
