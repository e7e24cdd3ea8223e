import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Linter } from 'eslint';
import { ESLint } from 'eslint';
import { repositoryRoot } from '../../support/nodeVersions';

/** Imports that the repository's own lint rules refuse in a file at this path. */
async function refused(file: string, code: string): Promise<string[]> {
  const { heatlensPlugin } = (await import(pathToFileURL(join(repositoryRoot, 'scripts/lint/layers.mjs')).href)) as {
    heatlensPlugin: ESLint.Plugin;
  };
  const config = (await import(pathToFileURL(join(repositoryRoot, 'eslint.config.mjs')).href)) as {
    default: { files?: string[]; rules?: Linter.RulesRecord; languageOptions?: { parser?: Linter.Parser } }[];
  };
  const layers = config.default.filter(({ rules }) => rules && 'heatlens/layers' in rules);
  const parser = config.default.find(({ languageOptions }) => languageOptions?.parser)?.languageOptions?.parser;
  assert.ok(layers.length >= 5 && parser);
  const eslint = new ESLint({
    cwd: repositoryRoot,
    overrideConfigFile: true,
    overrideConfig: [
      { files: ['**/*.ts'], languageOptions: { parser } },
      ...layers.map(({ files, rules }) => ({ files, rules, plugins: { heatlens: heatlensPlugin } })),
    ],
  });
  const [result] = await eslint.lintText(code, { filePath: join(repositoryRoot, file) });
  return result.messages.map(({ message }) => /^'([^']+)'/.exec(message)?.[1] ?? message);
}

describe('the import directions', () => {
  it('keep src/core free of Node, the editor and outer layers, however they are imported', async () => {
    const code = `
      import { readFileSync } from 'fs';
      import type { Uri } from 'vscode';
      export { x } from '../../node/channel';
      export * from '../../../test/support/nodeVersions';
      export const load = () => import('../../editor/engine.js');
      export type T = import('../../cli/output').T;
      const y = require('node:os');
      import { z } from '../errors';
      import { t } from '@vscode/l10n';`;
    assert.deepEqual(await refused('src/core/heat/any.ts', code), [
      'fs',
      'vscode',
      '../../node/channel',
      '../../../test/support/nodeVersions',
      '../../editor/engine.js',
      '../../cli/output',
      'node:os',
    ]);
  });

  it('tell a folder of the same name from a layer', async () => {
    const code = `import { a } from '../agent/connectAgent'; import { b } from '../../target/agent/agent';`;
    assert.deepEqual(await refused('src/node/recording/any.ts', code), ['../../target/agent/agent']);
  });

  it('leave the agent nothing but the protocol', async () => {
    const code = `import { a } from '../../core/protocol/agentProtocol'; import { b } from '../../core/errors'; import net from 'node:net';`;
    assert.deepEqual(await refused('src/target/agent/any.ts', code), ['../../core/errors']);
  });

  it('keep databases out of what reads source, and servers out of what holds for any database', async () => {
    const statement = `import { a } from '../database/statement'; import { b } from '../method/method';`;
    assert.deepEqual(await refused('src/core/code/any.ts', statement), ['../database/statement']);
    assert.deepEqual(await refused('src/core/evaluate/any.ts', statement), ['../database/statement']);
    const plan = `import { a } from './mongo/plan/readPlan'; import { b } from './plan';`;
    assert.deepEqual(await refused('src/core/database/any.ts', plan), ['./mongo/plan/readPlan']);
    const rules = `import { a } from '../mongo/findings/rules';`;
    assert.deepEqual(await refused('src/core/database/findings/any.ts', rules), ['../mongo/findings/rules']);
    assert.deepEqual(await refused('src/core/database/mongo/any.ts', `import { a } from './plan/readPlan';`), []);
    const page = `import { a } from '../../src/core/database/mongo/plan/readPlan';`;
    assert.deepEqual(await refused('webview-ui/explain/any.ts', page), ['../../src/core/database/mongo/plan/readPlan']);
  });

  it('keep vscode out of everything but src/editor', async () => {
    const code = `import * as vscode from 'vscode';`;
    assert.deepEqual(await refused('src/cli/any.ts', code), ['vscode']);
    assert.deepEqual(await refused('src/node/any.ts', code), ['vscode']);
    assert.deepEqual(await refused('src/editor/any.ts', code), []);
  });

  it('let the pages have src/core and d3, and no other package', async () => {
    const code = `
      import { scaleLinear } from 'd3';
      import { boxAt } from './findBox';
      import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
      import { readColumns } from '../../../src/node/profiles/readColumns';
      import vscode from 'vscode';
      import { join } from 'node:path';
      import WebSocket from 'ws';`;
    assert.deepEqual(await refused('webview-ui/flame/drawing/any.ts', code), [
      '../../../src/node/profiles/readColumns',
      'vscode',
      'node:path',
      'ws',
    ]);
  });
});
