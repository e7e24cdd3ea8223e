import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';

/** What stands at the top of a project. */
const MANIFESTS = [
  'package.json',
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'requirements.txt',
  'Pipfile',
  'manage.py',
];

/**
 * The folder that a file belongs to where no workspace says so: its repository; else the outermost folder above it with a
 * manifest; else the outermost one that is not everybody's (`/srv/shop` of `/srv/shop/src/a.js`). Home and the folder for
 * temporary files are never taken for a project, unless the file lies right there. The file itself need not exist.
 */
export function projectFolderOf(file: string): string {
  const folders = foldersAbove(file);
  return (
    folders.find((folder) => existsSync(join(folder, '.git'))) ??
    folders.findLast((folder) => MANIFESTS.some((name) => existsSync(join(folder, name)))) ??
    folders.findLast((folder) => folder.split(sep).filter(Boolean).length >= 2) ??
    dirname(file)
  );
}

/** The nearest first, up to one that belongs to everybody. */
function foldersAbove(file: string): string[] {
  const ends = new Set([homedir(), tmpdir()]);
  const folders: string[] = [];
  for (let folder = dirname(file); !ends.has(folder) && dirname(folder) !== folder; folder = dirname(folder)) {
    folders.push(folder);
  }
  return folders;
}
