// Other flame graph tools, which tests and benches compare with: pinned, installed when missing, never a dependency.
//
//   node scripts/hosts/peers.mjs
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInto, readInstalledVersion } from './installs.mjs';
import { toolsFolder } from './paths.mjs';

const peers = { speedscope: '1.25.0', 'd3-flame-graph': '5.0.0' };

/** The folder of an installed peer's package. */
export function peerFolder(name) {
  return join(toolsFolder, 'peers', name, 'node_modules', name);
}

export function ensurePeers(say) {
  for (const [name, version] of Object.entries(peers)) {
    if (readInstalledVersion(peerFolder(name)) === version) continue;
    say(`installing ${name} ${version} to compare with`);
    installInto(join(toolsFolder, 'peers', name), [`${name}@${version}`]);
    if (!existsSync(peerFolder(name))) throw new Error(`npm installed ${name}, but ${peerFolder(name)} is not there.`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensurePeers((text) => console.log(text));
