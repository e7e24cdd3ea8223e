import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { ownFoldersOf } from '../../core/protocol/agentProtocol';
import { whyNotOwn } from './whyNotOwn';

/**
 * A folder that no other user can write to or look into, made if need be: for what Heatlens has to remember about
 * processes of this machine. Undefined where there is none.
 */
export function ownFolder(): string | undefined {
  return candidates().find(isOwn);
}

/** Names in the folder, and in those that would be used without it; makes none. */
export function namesInOwnFolders(): string[] {
  return candidates().flatMap((folder) => {
    try {
      return whyNotOwn(lstatSync(folder)) === undefined ? readdirSync(folder) : [];
    } catch {
      return [];
    }
  });
}

function candidates(): string[] {
  return ownFoldersOf({
    platform: process.platform,
    uid: process.geteuid?.(),
    env: process.env,
    homeDirectory: homedir(),
  });
}

function isOwn(folder: string): boolean {
  try {
    makeIn(folder);
    return whyNotOwn(lstatSync(folder)) === undefined;
  } catch {
    return false; // not there, or not for us
  }
}

/** Only below what is ours: as root, with the home of somebody else, nothing is to be made there. */
function makeIn(folder: string): void {
  const above = dirname(folder);
  if (above.endsWith('.cache') && isOurs(dirname(above))) make(above);
  if (above === '/tmp' || isOurs(above)) make(folder);
}

function isOurs(folder: string): boolean {
  const uid = process.geteuid?.();
  return uid === undefined || lstatSync(folder).uid === uid;
}

function make(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
