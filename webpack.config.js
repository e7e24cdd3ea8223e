'use strict';

const { chmodSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const webpack = require('webpack');

const dist = join(__dirname, 'dist');

const OPTIONAL_OF_MONGODB = [
  '@aws-sdk/credential-providers',
  '@mongodb-js/zstd',
  'aws4',
  'gcp-metadata',
  'kerberos',
  'mongodb-client-encryption',
  'snappy',
  'socks',
];

/** Types are checked by `npm run types`; here they are only removed, which makes a build take seconds. */
const typescript = {
  test: /\.ts$/,
  exclude: /node_modules/,
  use: {
    loader: 'ts-loader',
    options: {
      transpileOnly: true,
      configFile: join(__dirname, 'tsconfig.json'),
      // ES modules let webpack drop unused exports and keep `import()` as lazy chunks.
      compilerOptions: { module: 'esnext', moduleResolution: 'bundler', sourceMap: false },
    },
  },
};

/** npm links a `bin` without making it executable when the package itself is the folder that is worked in. */
class ExecutableBit {
  constructor(file) {
    this.file = file;
  }

  apply(compiler) {
    compiler.hooks.afterEmit.tap('ExecutableBit', () => chmodSync(join(dist, this.file), 0o755));
  }
}

/** A page's style sheet goes beside its script: its parts in their order, as they are written; first those of all pages. */
class StyleSheet {
  constructor(page, parts) {
    this.file = `${page}.css`;
    const common = ['theme', 'controls', 'notices', 'help', 'contrast'].map((part) => ['common', part]);
    const own = parts.map((part) => [page, part]);
    this.sources = [...common, ...own].map(([folder, part]) =>
      join(__dirname, 'webview-ui', folder, 'styles', `${part}.css`),
    );
  }

  apply(compiler) {
    compiler.hooks.thisCompilation.tap('StyleSheet', (compilation) => {
      for (const source of this.sources) compilation.fileDependencies.add(source);
      compilation.hooks.processAssets.tap('StyleSheet', () => {
        const text = this.sources.map((source) => readFileSync(source, 'utf8')).join('\n');
        compilation.emitAsset(this.file, new webpack.sources.RawSource(text));
      });
    });
  }
}

/**
 * The licences of the packages that are bundled, beside the bundles. Each build writes those of its own modules into a file of
 * its own, since builds do not know of each other.
 */
class Licences {
  constructor(file) {
    this.file = file;
  }

  apply(compiler) {
    compiler.hooks.thisCompilation.tap('Licences', (compilation) => {
      compilation.hooks.processAssets.tap('Licences', () => {
        const folders = new Set();
        for (const module of compilation.modules) {
          for (const { resource } of [module, ...(module.modules ?? [])]) {
            const [folder] = /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(resource ?? '') ?? [];
            if (folder) folders.add(folder);
          }
        }
        const texts = [...folders].map(licenceOf).sort();
        if (texts.length)
          compilation.emitAsset(this.file, new webpack.sources.RawSource(texts.join(`\n${'-'.repeat(100)}\n\n`)));
      });
    });
  }
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version}, ${license}\n${file ? `\n${readFileSync(join(folder, file), 'utf8').trim()}\n` : ''}`;
}

function shared(name, mode) {
  return {
    name,
    mode,
    context: __dirname,
    devtool: mode === 'production' ? false : 'source-map',
    resolve: { extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } },
    // `createRequire` finds modules of the measured application at run time: nothing of it is to be bundled.
    module: { rules: [typescript], parser: { javascript: { createRequire: false } } },
    performance: { hints: false },
    stats: 'errors-warnings',
    // Function names are kept: they are all that a stack in a user's report has.
    optimization: { minimizeOptions: { javascript: { keep_fnames: true, keep_classnames: true } } },
  };
}

module.exports = (_env, argv) => {
  const mode = argv.mode ?? 'production';
  const entries = {
    extension: './src/extension.ts',
    cli: './src/cli/main.ts',
    profileWorker: './src/node/profiles/profileWorker.ts',
    statementWorker: './src/node/database/mongo/statementWorker.ts',
    mapWorker: './src/node/sources/mapWorker.ts',
  };
  return [
    {
      ...shared('editor and command line', mode),
      // The oldest VS Code in package.json `engines` runs extensions on Node 20.
      target: 'node20',
      entry: entries,
      output: {
        path: dist,
        filename: '[name].js',
        chunkFilename: 'chunks/[name].[contenthash:8].js',
        library: { type: 'commonjs2' },
        clean: { keep: /^(agent\.js|target\.js|webview\/)/ },
      },
      externals: {
        vscode: 'commonjs vscode',
        // Optional accelerators of `ws`; it works without them.
        bufferutil: 'commonjs bufferutil',
        'utf-8-validate': 'commonjs utf-8-validate',
        // Optional parts of the MongoDB driver, native or large; it says which one a connection string would need.
        ...Object.fromEntries(OPTIONAL_OF_MONGODB.map((name) => [name, `commonjs ${name}`])),
      },
      plugins: [
        new Licences('licences.txt'),
        new webpack.BannerPlugin({ banner: '#!/usr/bin/env node', raw: true, entryOnly: true, include: /^cli\.js$/ }),
        new ExecutableBit('cli.js'),
      ],
    },
    {
      ...shared('agent', mode),
      target: 'node20',
      entry: { agent: './src/target/agent/agent.ts' },
      output: { path: dist, filename: '[name].js', library: { type: 'commonjs2' } },
    },
    {
      // What webpack puts around modules that it does not join needs globals of the program that the text is sent to.
      ...shared('target functions', 'production'),
      target: 'es2022',
      entry: { target: './src/target/functions/functions.ts' },
      output: { path: dist, filename: '[name].js', chunkFormat: false },
      devtool: false,
    },
    {
      ...shared('flame graph page', mode),
      target: ['web', 'es2022'],
      // The page and its worker are one script: the page starts the worker from its own text.
      entry: { flame: './webview-ui/flame/main.ts' },
      output: { path: join(dist, 'webview'), filename: '[name].js', publicPath: '' },
      plugins: [
        new Licences('flame.licences.txt'),
        // Contrast comes last: it overrides the rest.
        new StyleSheet('flame', [
          'theme',
          'controls',
          'notices',
          'overview',
          'drawing',
          'details',
          'table',
          'contrast',
        ]),
      ],
    },
    {
      ...shared('plan view page', mode),
      target: ['web', 'es2022'],
      entry: { explain: './webview-ui/explain/main.ts' },
      output: { path: join(dist, 'webview'), filename: '[name].js', publicPath: '' },
      plugins: [
        new Licences('explain.licences.txt'),
        new StyleSheet('explain', ['page', 'statement', 'advice', 'tree', 'details', 'panes', 'contrast']),
      ],
    },
  ];
};
