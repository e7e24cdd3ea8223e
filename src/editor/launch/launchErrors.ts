import { HeatlensError } from '../../core/errors';

export function scriptNotFound(path: string): HeatlensError {
  return new HeatlensError('scriptNotFound', `${path} does not exist.`, 'Save the file, or choose another script.');
}

export function nodeNotFound(command: string, cause?: unknown): HeatlensError {
  return new HeatlensError(
    'nodeNotFound',
    `${command} cannot be run.`,
    'Install Node 20 or later, or name its binary in the setting heatlens.nodePath.',
    { cause },
  );
}

export function cannotRunTypeScript(version: string): HeatlensError {
  return new HeatlensError(
    'cannotRunTypeScript',
    `Node ${version} does not run TypeScript files by itself, and tsx is not installed in this workspace.`,
    'Install it (npm install --save-dev tsx), or use Node 22.6 or later.',
  );
}

export function launchedAndGone(name: string): HeatlensError {
  return new HeatlensError(
    'launchedAndGone',
    `${name} ended before it could be measured.`,
    'See its terminal for the reason; a program that is done in a second is better measured with heatlens record.',
  );
}

export function launchedNotFound(name: string, seconds: number): HeatlensError {
  return new HeatlensError(
    'launchedNotFound',
    `${name} started no Node program within ${seconds} s.`,
    'If it is running by now, use "Heatlens: Attach to Node Process…".',
  );
}

export function launchNeedsFolder(): HeatlensError {
  return new HeatlensError(
    'launchNeedsFolder',
    'A script can only be launched from a window that has a folder open.',
    'Open the folder of the script and launch it again, or start it yourself and attach to it.',
  );
}
