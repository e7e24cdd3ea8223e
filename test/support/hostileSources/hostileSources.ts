import { broken } from './broken';
import { circles } from './circles';
import { deep } from './deep';
import { doubling } from './doubling';
import { long } from './long';
import type { HostileSource } from './source';

/** All of them, each under a name of its own. */
export function hostileSources(): readonly HostileSource[] {
  const named = (folder: string, sources: readonly HostileSource[]): HostileSource[] =>
    sources.map((source) => ({ ...source, name: `${folder}-${source.name}` }));
  return [
    ...named('doubling', doubling()),
    ...named('long', long()),
    ...named('deep', deep()),
    ...named('circles', circles()),
    ...named('broken', broken()),
  ];
}
