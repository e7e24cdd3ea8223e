import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { repositoryRoot } from '../../support/nodeVersions';

/**
 * Who opens or looks at files by itself, and why that is no path of a stranger. Everything else goes through
 * `src/node/files/readForeignFile`, `editor/workspace/openSource` or `requireFile`.
 */
const allowed: Readonly<Record<string, string>> = {
  'cli/exportCommand.ts': 'our own bundle',
  'cli/readNamedText.ts': 'what the user names on the command line',
  'cli/saveProfiles.ts': 'writes where the user says',
  'editor/commands/launch.ts': 'a script that the user chose or confirmed, and lock files of the workspace',
  'editor/database/createDatabaseFeature.ts': 'the document of a statement that is shown',
  'editor/database/explain/explainPanels.ts': 'what this window had open before it was reloaded',
  'editor/database/explain/planFile.ts': 'documents of other schemes than file, which the user chose',
  'editor/database/explain/rawDocuments.ts': 'our own documents',
  'editor/database/statements/findStatement.ts': 'through requireDocument',
  'editor/flame/exportFlame.ts': 'whether a file is there that the user is asked about',
  'editor/flame/recentProfiles.ts': 'files that the user opened',
  'editor/flame/savedColumns.ts': 'our own storage',
  'editor/workspace/filePaths.ts': 'documents that are open, and folders of the workspace',
  'editor/workspace/openSource.ts': 'looks first',
  'node/database/mongo/connectionCandidates.ts': 'the names in a folder of the workspace',
  'node/database/mongo/importedFiles.ts': 'judges the path first',
  'node/database/mongo/scratch.ts': "the kernel's id of this boot",
  'node/files/judgeLinks.ts': 'looks at no link that it has not judged',
  'node/files/projectFolder.ts': 'folders above a file that the user opened',
  'node/files/readForeignFile.ts': 'the reader',
  'node/profiles/exportProfile.ts': 'writes where the user says',
  'node/profiles/htmlReport.ts': 'our own bundle',
  'node/profiles/profileBytes.ts': 'types only; files that the user opens, through openRegularFile',
  'node/profiles/readProfile.ts': 'the size of a file that was opened before',
};
const FOLDERS = ['cli', 'editor', 'node/agent', 'node/database', 'node/files', 'node/profiles', 'node/sources'];
const ACCESS = /from 'node:fs(?:\/promises)?'|\bworkspace\.fs\b|\bopenTextDocument\(/;

describe('access to files', () => {
  it('is in the hands of few, each for a reason', () => {
    const found = FOLDERS.flatMap((folder) =>
      readdirSync(join(repositoryRoot, 'src', folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name).split(sep).join('/')),
    ).filter((file) => ACCESS.test(readFileSync(join(repositoryRoot, 'src', file), 'utf8')));
    assert.ok(found.length > 10);
    assert.deepEqual(found.sort(), Object.keys(allowed).sort(), 'read through src/node/files, or say here why not');
  });
});
