import { basename } from 'node:path';

/** A replaced binary (an upgrade under a running service) reads `/usr/bin/node (deleted)`. */
export function isNodeExecutable(executable: string): boolean {
  return /^(node|nodejs|node-?v?\d[\d.]*|iojs)(\.exe)?$/i.test(nameOf(executable));
}

/** Runtimes that take a signal for Node's as an end, and are asked for nothing. */
export function otherRuntimeOf(executable: string): 'Bun' | 'Deno' | undefined {
  const name = nameOf(executable).toLowerCase();
  if (/^bun(?:-profile)?(?:\.exe)?$/.test(name)) return 'Bun';
  return /^deno(?:\.exe)?$/.test(name) ? 'Deno' : undefined;
}

function nameOf(executable: string): string {
  return basename(executable.replaceAll('\\', '/').replace(/ \(deleted\)$/, ''));
}
