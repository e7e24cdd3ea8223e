import { builtinModules } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import { sinks } from './sinks.mjs';

const builtins = new Set(builtinModules);

/** `./x` and `../x` are resolved, because a folder's name (`agent`) may occur in more than one layer. */
function repositoryPath(specifier, file, root) {
  return relative(root, resolve(dirname(file), specifier))
    .split(sep)
    .join('/');
}

/**
 * Forbids imports that point outward, in whatever form they are written (`import`, `export from`, `import()`,
 * `require()`, `import('x').T` in a type), which `no-restricted-imports` only does for the first two.
 * Options: `allow`: folders or files of the repository, and `deny` what of them not; `builtins`, `vscode`: whether those may be imported;
 * `packages`: npm packages that may be, all when it is left out; `message`.
 */
const layers = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object' }],
    messages: { outward: "'{{specifier}}' may not be imported here. {{message}}" },
  },
  create(context) {
    const [{ root, allow, deny = [], builtins: builtinsAllowed, vscode, packages, message }] = context.options;
    const isIn = (path, places) => places.some((place) => path === place || path.startsWith(`${place}/`));
    const check = (node) => {
      if (typeof node?.value !== 'string') return;
      const specifier = node.value;
      let allowed;
      if (specifier.startsWith('.')) {
        const path = repositoryPath(specifier, context.filename, root);
        allowed = isIn(path, allow) && !isIn(path, deny);
      } else if (specifier === 'vscode') allowed = vscode;
      else if (specifier.startsWith('node:') || builtins.has(specifier)) allowed = builtinsAllowed;
      else allowed = packages === undefined || packages.includes(specifier);
      if (!allowed) context.report({ node, messageId: 'outward', data: { specifier, message } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      TSExternalModuleReference: (node) => check(node.expression),
      CallExpression: (node) => {
        if (node.callee.type === 'Identifier' && node.callee.name === 'require') check(node.arguments[0]);
      },
    };
  },
};

export const heatlensPlugin = { rules: { layers, sinks } };
