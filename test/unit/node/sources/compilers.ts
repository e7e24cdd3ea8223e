import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import ts from 'typescript';
import webpack from 'webpack';
import { repositoryRoot } from '../../../support/nodeVersions';

const fixtures = join(repositoryRoot, 'test/fixtures/sources');

/** A project in a folder of its own: the fixtures under `src`, what the compilers make of them under `dist`. */
export interface Project {
  readonly root: string;
  path(...parts: string[]): string;
  read(...parts: string[]): string;
  write(text: string, ...parts: string[]): void;
  dispose(): void;
}

export function createProject(): Project {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'heatlens-sources-')));
  cpSync(join(fixtures, 'bundle'), join(root, 'src'), { recursive: true });
  cpSync(join(fixtures, 'commonjs/service.ts'), join(root, 'src/service.ts'));
  const path = (...parts: string[]): string => join(root, ...parts);
  return {
    root,
    path,
    read: (...parts) => readFileSync(path(...parts), 'utf8'),
    write: (text, ...parts) => {
      mkdirSync(path(...parts, '..'), { recursive: true });
      writeFileSync(path(...parts), text);
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Compiles `src/service.ts` to `dist/service.js` with the TypeScript compiler itself. */
export function compileWithTypeScript(project: Project, options: ts.CompilerOptions): void {
  const program = ts.createProgram([project.path('src/service.ts')], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    experimentalDecorators: true,
    noCheck: true,
    types: [],
    rootDir: project.path('src'),
    outDir: project.path('dist'),
    ...options,
  });
  const { emitSkipped } = program.emit();
  if (emitSkipped) throw new Error('the TypeScript compiler emitted nothing');
}

export async function bundleWithEsbuild(project: Project, options: esbuild.BuildOptions): Promise<void> {
  await esbuild.build({
    entryPoints: [project.path('src/main.ts')],
    outfile: project.path('dist/main.js'),
    bundle: true,
    platform: 'node',
    sourcemap: true,
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    absWorkingDir: project.root,
    ...options,
  });
}

export async function bundleWithWebpack(project: Project, options: webpack.Configuration): Promise<void> {
  const require = createRequire(join(repositoryRoot, 'package.json'));
  project.write(
    JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        experimentalDecorators: true,
        sourceMap: true,
      },
    }),
    'tsconfig.json',
  );
  const compiler = webpack({
    context: project.root,
    target: 'node',
    entry: './src/main.ts',
    output: { path: project.path('dist'), filename: 'main.js' },
    resolve: { extensions: ['.ts', '.js'] },
    module: {
      rules: [
        {
          test: /\.ts$/,
          use: {
            loader: require.resolve('ts-loader'),
            options: {
              transpileOnly: true,
              silent: true,
              configFile: project.path('tsconfig.json'),
              compiler: require.resolve('typescript'),
            },
          },
        },
      ],
    },
    ...options,
  });
  await new Promise<void>((resolve, reject) =>
    compiler.run((error, stats) => {
      const problem = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : undefined);
      compiler.close(() => (problem ? reject(problem) : resolve()));
    }),
  );
}
