import { buildSync } from 'esbuild';
import { copyFileSync, cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../nodeVersions';

/** A program of test/fixtures/truth that takes the time of its own methods. */
export interface TruthProgram {
  readonly name: string;
  readonly args: readonly string[];
  /** Whether its clock takes a method's time with all below it, and not without. */
  readonly takes: 'self' | 'total';
  /** How many times as long as others it is measured: where lines tell nothing, the number of interrupt samples alone is the error. */
  readonly timesAsLong: number;
  /** Also when the whole of `npm test` runs, which has little time. */
  readonly isShort: boolean;
}

const fixtures = join(repositoryRoot, 'test/fixtures/truth');

export function truthFixture(name: string): string {
  return join(fixtures, name);
}

/** `bundle` is what `buildBundle` made. */
export function truthPrograms(bundle: string): readonly TruthProgram[] {
  const program = (name: string, args: readonly string[], of: Partial<TruthProgram> = {}): TruthProgram => ({
    name,
    args,
    takes: 'self',
    isShort: true,
    timesAsLong: 1,
    ...of,
  });
  return [
    program('integers', [truthFixture('integers.js')], { isShort: false }),
    program('floats', [truthFixture('floats.js')], { isShort: false }),
    program('both mixed', [truthFixture('mixed.js')]),
    program('straight functions', [truthFixture('straight.js')]),
    program('setImmediate', [truthFixture('timers.js'), 'immediates']),
    program('setTimeout', [truthFixture('timers.js'), 'timeouts'], { isShort: false }),
    program('setInterval', [truthFixture('timers.js'), 'intervals'], { isShort: false }),
    program('service', [truthFixture('service.js')], { takes: 'total' }),
    program('boxes', [truthFixture('boxing.js')], { takes: 'total' }),
    program('one-line bundle', [bundle], { timesAsLong: 5 }),
  ];
}

/**
 * Bundles the fixture as a build does: into one line, with a map, beside a module that stays out of it. So many functions
 * that nothing about a name or a line is unique. Resolves to the folder, which the caller removes, and the script.
 */
export function buildBundle(): { readonly folder: string; readonly script: string } {
  const folder = mkdtempSync(join(tmpdir(), 'heatlens-truth-'));
  const source = join(folder, 'src');
  cpSync(truthFixture('bundle'), source, { recursive: true });
  copyFileSync(truthFixture('clock.js'), join(source, 'clock.js'));
  copyFileSync(join(source, 'cache.js'), join(folder, 'cache.js'));
  writeFileSync(join(source, 'others.mjs'), otherFunctions());
  const script = join(folder, 'out/app.mjs');
  buildSync({
    entryPoints: [join(source, 'app.mjs')],
    outfile: script,
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    // What esbuild puts around CommonJS modules asks for `require` where it has one.
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
  });
  return { folder, script };
}

function otherFunctions(): string {
  const functions = Array.from(
    { length: 400 },
    (_, i) =>
      `function other${i}(a, b) {\n  const list = b.map((x) => x * ${i} + a);\n  return list.length > ${i} ? list[0] : other${Math.max(0, i - 1)}(a + 1, list);\n}\n`,
  );
  return `${functions.join('\n')}\nexport const others = { other399 };\n`;
}
