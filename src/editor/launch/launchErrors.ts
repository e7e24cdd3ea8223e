import { t } from '@vscode/l10n';
import { HeatlensError } from '../../core/errors';

export function scriptNotFound(path: string): HeatlensError {
  return new HeatlensError(
    'scriptNotFound',
    t('{0} does not exist.', path),
    t('Save the file, or choose another script.'),
  );
}

export function nodeNotFound(command: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'nodeNotFound',
    t('{0} cannot be run.', command),
    t('Install Node 20 or later, or name its binary in the setting heatlens.nodePath.'),
    { cause },
  );
}

export function cannotRunTypeScript(version: string): HeatlensError {
  return new HeatlensError(
    'cannotRunTypeScript',
    t('Node {0} does not run TypeScript files by itself, and tsx is not installed in this workspace.', version),
    t('Install it (npm install --save-dev tsx), or use Node 22.6 or later.'),
  );
}

export function launchedAndGone(name: string): HeatlensError {
  return new HeatlensError(
    'launchedAndGone',
    t('{0} ended before it could be measured.', name),
    t('See its terminal for the reason; a program that is done in a second is better measured with heatlens record.'),
  );
}

export function launchedNotFound(name: string, seconds: number): HeatlensError {
  return new HeatlensError(
    'launchedNotFound',
    t('{0} started no Node program within {1} s.', name, seconds),
    t('If it is running by now, use "Heatlens: Attach to Node Process…".'),
  );
}

export function launchNeedsFolder(): HeatlensError {
  return new HeatlensError(
    'launchNeedsFolder',
    t('A script can only be launched from a window that has a folder open.'),
    t('Open the folder of the script and launch it again, or start it yourself and attach to it.'),
  );
}
