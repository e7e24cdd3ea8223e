// `npm run bench`: what measuring costs, against its limits. Run `npm test` once before: it installs the targets.
//
//   node scripts/bench.mjs [--quick] [--only=PART,…] [--nodes=VERSION,…]
import { build } from 'esbuild';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './hosts/paths.mjs';
import { stopAllGroups } from './hosts/processGroups.mjs';

// Bundled as the extension is, so that what is timed is what is shipped; compiled afresh, so that it is what is here.
const outdir = join(root, 'out/bench');
await build({
  absWorkingDir: root,
  // What starts cold is measured in processes of its own.
  entryPoints: {
    main: 'test/bench/main.ts',
    flame: 'test/bench/programs/flame.ts',
    profiles: 'test/bench/programs/profiles.ts',
    mongo: 'test/bench/programs/mongo.ts',
    cli: 'src/cli/main.ts',
  },
  outdir,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'linked',
  external: ['vscode', 'playwright-core', 'esbuild', 'mongodb', 'bufferutil', 'utf-8-validate'],
  logLevel: 'warning',
});

const { runBench } = createRequire(import.meta.url)(join(outdir, 'main.js'));
let code = 2;
try {
  code = await runBench(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
} finally {
  await stopAllGroups();
}
process.exit(code);
