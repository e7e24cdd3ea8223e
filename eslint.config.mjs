import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';
import { heatlensPlugin } from './scripts/lint/layers.mjs';

/** The import directions of ARCHITECTURE.md: each layer and what it may import besides packages. */
function layer(places, allow, { deny, builtins = true, vscode = false, packages, message }) {
  return {
    files: [places].flat().map((place) => (place.endsWith('.ts') ? place : `${place}/**/*.ts`)),
    plugins: { heatlens: heatlensPlugin },
    rules: {
      'heatlens/layers': ['error', { root: import.meta.dirname, allow, deny, builtins, vscode, packages, message }],
    },
  };
}

const layers = [
  layer('src/core', ['src/core'], {
    builtins: false,
    message: 'src/core is pure: it imports neither Node, nor the editor, nor an outer layer.',
  }),
  layer(['src/core/code', 'src/core/evaluate'], ['src/core'], {
    deny: ['src/core/database'],
    builtins: false,
    message: 'Reading and evaluating source knows no database: libraries plug in through core/evaluate/library.',
  }),
  layer(['src/core/database/*.ts', 'src/core/database/comparison', 'src/core/database/findings'], ['src/core'], {
    deny: ['src/core/database/mongo'],
    builtins: false,
    message: 'What holds for any database knows no server.',
  }),
  layer('src/node', ['src/core', 'src/node'], { message: 'src/node imports src/core and Node only.' }),
  layer('src/editor', ['src/core', 'src/node', 'src/editor'], {
    vscode: true,
    message: 'src/editor imports src/node and src/core only.',
  }),
  layer('src/cli', ['src/core', 'src/node', 'src/cli', 'package.json'], {
    message: 'src/cli imports src/node and src/core only.',
  }),
  layer('src/target', ['src/target', 'src/core/protocol'], {
    message: 'src/target is a bundle of its own: it imports src/core/protocol only.',
  }),
  layer('webview-ui', ['src/core', 'webview-ui'], {
    deny: ['src/core/database/mongo'],
    builtins: false,
    packages: ['d3'],
    message: 'webview-ui runs in a browser: it imports src/core and d3 only, and shows any database.',
  }),
];

/** Where text of others is shown: only these modules may, because they make it harmless. */
const sinks = [
  {
    files: ['src/editor/**/*.ts', 'src/extension.ts'],
    // A page's panel and a program's task are each made in one place, which has their titles from the messages.
    ignores: ['src/editor/messages/**', 'src/editor/webview/pageSet.ts', 'src/editor/launch/launchTerminal.ts'],
    plugins: { heatlens: heatlensPlugin },
    rules: {
      'heatlens/sinks': [
        'error',
        { kind: 'editor', message: 'Show it by what src/editor/messages has, where names of others cannot act.' },
      ],
    },
  },
  {
    files: ['src/cli/**/*.ts', 'src/core/**/*.ts', 'src/node/**/*.ts'],
    ignores: ['src/cli/output.ts'],
    plugins: { heatlens: heatlensPlugin },
    rules: {
      'heatlens/sinks': ['error', { kind: 'terminal', message: 'src/cli/output.ts alone writes to a terminal.' }],
    },
  },
];

export default tseslint.config(
  {
    ignores: [
      'out/',
      'test/fixtures/',
      'test-output/',
      '.vscode-test/',
      '**/dist/',
      '**/node_modules/',
      'scripts/types/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-expressions': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'anywhere' }],
    },
  },
  {
    files: ['**/*.{ts,js,mjs,cjs}'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 500 }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    // Text of others meets these: none may take more than linear time, whatever it is given.
    files: ['src/**/*.ts', 'webview-ui/**/*.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignorePartial: false, ignoreSticky: true }],
    },
  },
  {
    // Each error has one factory with its text and its code, beside its layer.
    files: ['src/**/*.ts', 'webview-ui/**/*.ts'],
    ignores: ['**/*Errors.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='HeatlensError']",
          message: 'Errors are made by factories, in the file …Errors.ts of their layer.',
        },
      ],
    },
  },
  // Tools that demand a default export.
  { files: ['*.config.{mjs,js}'], rules: { 'no-restricted-exports': 'off' } },
  ...layers,
  ...sinks,
);
