import type { Stats } from 'node:fs';

/** Of `lstat`: why others than this user might have put something into a folder; undefined when it is ours alone. */
export function whyNotOwn(found: Stats): string | undefined {
  const uid = process.geteuid?.();
  // A symbolic link is none either: whoever made it could have it lead elsewhere the next moment.
  if (!found.isDirectory()) return 'it is not a directory';
  if (uid === undefined) return undefined;
  if (found.uid !== uid) return 'it belongs to another user';
  return (found.mode & 0o077) === 0 ? undefined : 'other users can open it';
}
