/** Extensions by how likely a specifier without one means them. */
const EXTENSIONS = ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.mts', '.cts'];
/** A specifier names what a compiler will write. */
const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/**
 * Names of files that an `import` or `require` of a relative specifier may mean, the most likely first. `importer` is a path or a URL;
 * so are the results. Empty for specifiers of packages and those with a query.
 */
export function relativeCandidates(importer: string, specifier: string): string[] {
  if (!/^\.\.?(?:\/|$)/.test(specifier) || /[?#\\]/.test(specifier)) return [];
  if (/\.(?:json|node|css|wasm|html|svg|png)$/i.test(specifier)) return [];
  const query = importer.search(/[?#]/);
  const base = query > 0 ? importer.slice(0, query) : importer;
  const separator = !base.includes('/') && base.includes('\\') ? '\\' : '/';
  const folders = base.split(separator);
  const file = folders.pop()!;
  for (const part of specifier.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') folders.push(part);
    else if (folders.length === 0 || folders.at(-1) === '' || folders.pop() === '..') return [];
  }
  const path = folders.join(separator);
  const isFolder = /(?:^|\/)\.{0,2}\/?$/.test(specifier);
  const own = extensionOf(file);
  const extensions = [own, ...EXTENSIONS.filter((extension) => extension !== own)].filter((extension) =>
    EXTENSIONS.includes(extension),
  );
  const found: string[] = [];
  if (!isFolder) {
    const written = extensionOf(folders.at(-1) ?? '');
    const compiled = WRITTEN[written] ?? [];
    if (EXTENSIONS.includes(written)) {
      const exact = [path];
      const sources = compiled.map((extension) => path.slice(0, -written.length) + extension);
      found.push(...(compiled.includes(own) ? [...sources, ...exact] : [...exact, ...sources]));
    }
    found.push(...extensions.map((extension) => path + extension));
  }
  found.push(...extensions.map((extension) => `${path}${separator}index${extension}`));
  return found;
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot).toLowerCase() : '';
}
