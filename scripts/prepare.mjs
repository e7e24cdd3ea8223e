// Run by npm after `npm install` and `npm ci`: leaves a working `npx heatlens` in a fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function find(specifier) {
  try {
    return createRequire(join(root, 'package.json')).resolve(specifier);
  } catch {
    return undefined;
  }
}

const webpack = find('webpack/bin/webpack.js');
if (!existsSync(join(root, 'src')) || !webpack || !find('webpack-cli') || !find('ts-loader')) {
  // `npm ci --omit=dev`, or installed from a package that carries dist/ already.
  if (!existsSync(join(root, 'dist/cli.js'))) {
    console.error(
      'heatlens: not built, because the build tools are not installed. Run `npm install` without --omit=dev.',
    );
  }
} else {
  const { status } = spawnSync(process.execPath, [webpack, '--mode', 'production'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error('heatlens: the build failed, see above. Fix the cause, then run `npm run build`.');
    process.exitCode = 1;
  }
}
