import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  EXPORT_FORMATS,
  exportProfile,
  exportToFile,
  isPacked,
  type ExportFormat,
} from '../node/profiles/exportProfile';
import { chosenProfile, measureIndex, measureName } from './profileChoice';
import { note, printFile } from './output';
import { usageError } from './cliErrors';

/** `heatlens export FILE --to FORMAT --out OUT`: one profile of a file, in another format. */
export async function exportCommand(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      out: { type: 'string', short: 'o' },
      profile: { type: 'string' },
      measure: { type: 'string' },
    },
  });
  if (positionals.length !== 1) throw usageError('export takes one profile');
  const format = values.to;
  if (!isFormat(format))
    throw usageError(
      `export takes --to ${EXPORT_FORMATS.join(', ')}${format === undefined ? '' : `, not "${format}"`}`,
    );
  if (!values.out) throw usageError('export takes --out FILE, or --out - for the standard output');
  const kind = measureName(values.measure);

  const columns = await chosenProfile(positionals[0], values.profile);
  const measure = kind && measureIndex(columns, kind);
  const options = { measure, gzip: isPacked(format, values.out), pageFolder: pageFolder() };
  if (values.out === '-') return printFile(await exportProfile(columns, format, options));
  const path = resolve(values.out);
  await exportToFile(columns, format, path, options);
  note(`wrote ${path}`);
}

function isFormat(name: string | undefined): name is ExportFormat {
  return EXPORT_FORMATS.includes(name as ExportFormat);
}

/** The page's bundle: `webview` beside the built command line, `dist/webview` above its sources and their tests. */
function pageFolder(): string {
  let folder = __dirname;
  for (let level = 0; level < 4; level++, folder = dirname(folder)) {
    for (const candidate of [join(folder, 'webview'), join(folder, 'dist/webview')])
      if (existsSync(join(candidate, 'flame.js'))) return candidate;
  }
  return join(__dirname, 'webview');
}
