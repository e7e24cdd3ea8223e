import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './paths.mjs';

/** Removes compiled files whose source has gone, so that no deleted test runs on. */
export function pruneOutput() {
  const out = join(root, 'out');
  if (!existsSync(out)) return;
  for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.js(\.map)?$/.test(entry.name)) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const source = join(root, relative(out, file)).replace(/\.js(\.map)?$/, '.ts');
    if (!existsSync(source)) rmSync(file);
  }
}
