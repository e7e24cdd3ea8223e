import { basename } from 'node:path';

/** A replaced binary (an upgrade under a running service) reads `/usr/bin/node (deleted)`. */
export function isNodeExecutable(executable: string): boolean {
  const name = basename(executable.replaceAll('\\', '/').replace(/ \(deleted\)$/, ''));
  return /^(node|nodejs|node-?v?\d[\d.]*|iojs)(\.exe)?$/i.test(name);
}
