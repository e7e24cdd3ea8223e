import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { repositoryRoot } from '../support/nodeVersions';
import type { Row } from './rows';
import { median } from './statistics';

interface Import {
  readonly path: string;
  readonly kind: string;
  readonly external?: boolean;
}

interface Metafile {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly Import[] }>>;
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string;
        readonly imports: readonly Import[];
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
      }
    >
  >;
}

const ENTRY = 'src/extension.ts';
const BYTES = 10_000;
const COMPILE_MS = 0.5;

/** What of the code for MongoDB comes with the activation of the extension; the rest comes by `import()` when it is used. */
export async function measureActivationCode(): Promise<Row[]> {
  const { build, transform } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: repositoryRoot,
    entryPoints: [ENTRY],
    outdir: 'out/bench/extension',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: ['vscode', 'mongodb', 'bson', 'bufferutil', 'utf-8-validate'],
    logLevel: 'error',
  });
  const own = [...loadedAtOnce(metafile)].filter(([file]) => /mongo/i.test(file));
  const scripts = await Promise.all(
    own.map(
      async ([file]) =>
        (
          await transform(readFileSync(join(repositoryRoot, file), 'utf8'), {
            loader: 'ts',
            format: 'cjs',
            minify: true,
          })
        ).code,
    ),
  );
  const times = Array.from({ length: 50 }, (_, round) => {
    const started = performance.now();
    // What differs keeps a compiled one from being taken from the cache.
    for (const script of scripts) new Script(`(()=>{${script}})//${round}`);
    return performance.now() - started;
  });
  const part = 'mongo, activation';
  return [
    {
      part,
      what: 'bytes of its code that activation loads',
      value: own.reduce((sum, [, bytes]) => sum + bytes, 0),
      unit: 'count',
      limit: BYTES,
      note: own.map(([file]) => file.replace(/^src\//, '')).join(', '),
    },
    { part, what: 'compiling them', value: median(times), unit: 'ms', limit: COMPILE_MS },
  ];
}

/** Files of the entry and of what it imports without `import()`, with the bytes that are left of each. */
function loadedAtOnce({ inputs, outputs }: Metafile): Map<string, number> {
  const files = new Set([ENTRY]);
  for (const file of files)
    for (const one of inputs[file]?.imports ?? [])
      if (one.kind !== 'dynamic-import' && !one.external) files.add(one.path);
  const entry = Object.keys(outputs).find((output) => outputs[output].entryPoint === ENTRY);
  const chunks = new Set(entry === undefined ? [] : [entry]);
  const found = new Map<string, number>();
  for (const chunk of chunks) {
    for (const one of outputs[chunk].imports) if (one.kind !== 'dynamic-import' && !one.external) chunks.add(one.path);
    for (const [file, { bytesInOutput }] of Object.entries(outputs[chunk].inputs))
      if (files.has(file) && bytesInOutput) found.set(file, bytesInOutput);
  }
  return found;
}
