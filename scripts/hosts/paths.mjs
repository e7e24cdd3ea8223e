import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const toolsFolder = join(root, '.vscode-test');

/** Node versions that are measured as targets. 24 also runs the VS Code Server. */
export const NODE_VERSIONS = [20, 22, 24, 26];
export const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

export function nodeBinary(version) {
  return join(toolsFolder, 'nodes', String(version), 'node_modules', nodePackage, 'bin/node');
}

export const serverFolder = join(toolsFolder, 'server');
export const serverMain = join(serverFolder, 'node_modules/code-server/lib/vscode/out/server-main.js');

function onPath(names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not there: look on
      }
    }
  }
  return undefined;
}

/** A Chromium of the machine; HEATLENS_CHROMIUM names another one. */
export function findChromium() {
  const named = process.env.HEATLENS_CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  return onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);
}

/** The `code` command of an installed desktop VS Code. */
export function findDesktopCode() {
  return onPath(['code', 'code-insiders', 'codium']);
}

/** A MongoDB server of the machine. */
export function findMongod() {
  return onPath(['mongod']);
}

export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
