// Who imports whom, by folder, and that nobody does in a circle.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './hosts/paths.mjs';
import { circlesIn, folderLines, replaceBlock } from './lint/importReport.mjs';
import { readImports } from './lint/importGraph.mjs';

const HELP = `node scripts/imports.mjs [--write | --check] [--root=FOLDER]

Reads the imports of src/ and webview-ui/ and prints them by folder: each line a folder and those that it imports, all of
which are above it.

  --write   put that list between the two <!-- imports --> marks of ARCHITECTURE.md
  --check   print nothing, and fail when the list there is not today's

It fails, whatever the option, with a list of the circles:
  - between files: of imports of values. A type is gone when the code runs, and what import() or require() loads comes
    after both files have run; neither makes a circle between files.
  - between folders: of imports of any kind, types and import() too. A folder and its sub-folders are different folders:
    \`a\` may import \`a/b\`, or \`a/b\` may import \`a\`, but not both.
There is no list of exceptions.`;

const { values } = parseArgs({
  options: {
    write: { type: 'boolean' },
    check: { type: 'boolean' },
    root: { type: 'string', default: root },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const document = join(values.root, 'ARCHITECTURE.md');
const imports = readImports(values.root, ['src', 'webview-ui']);
const problems = circlesIn(imports);
if (values.write || values.check) {
  const text = readFileSync(document, 'utf8');
  const fresh = replaceBlock(text, folderLines(imports));
  if (fresh === undefined) problems.push('ARCHITECTURE.md has no place for the imports: its two marks are missing.');
  else if (values.write) writeFileSync(document, fresh);
  else if (fresh !== text)
    problems.push('The imports by folder in ARCHITECTURE.md are not today’s: `npm run imports -- --write` mends it.');
} else console.log(folderLines(imports).join('\n'));

for (const problem of problems) console.error(`\n${problem}`);
process.exitCode = problems.length ? 1 : 0;
