import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { repositoryRoot } from '../support/nodeVersions';

/** Called by the extension host that was started with `extensionTestsPath`; rejects when a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 30_000,
    slow: 5_000,
    // As in the other hosts, see .mocharc.json and scripts/hosts/suites.mjs.
    forbidOnly: true,
    retries: 1,
    reporter: join(repositoryRoot, 'scripts/hosts/reporter.cjs'),
    ...(process.env.HEATLENS_TEST_GREP ? { grep: new RegExp(process.env.HEATLENS_TEST_GREP) } : {}),
  });
  for (const file of readdirSync(__dirname).sort()) if (file.endsWith('.test.js')) mocha.addFile(join(__dirname, file));
  const failures = await new Promise<number>((resolve) => void mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} host tests failed`);
}
