import { rmSync } from 'node:fs';
import { closeOpened } from './closeOpened';
import { notesOfLost, type LeftOpen, type Opened } from './openedNotes';

/**
 * A process that was asked for an inspector and was blocked opens it when it wakes up; after so long it never will. Whether it
 * was asked is not sure when Heatlens was killed at that moment.
 */
const STILL_EXPECTED_MS = 3_600_000;
const PERHAPS_EXPECTED_MS = 15_000;

let closing: Promise<readonly number[]> | undefined;

/**
 * Closes the inspectors that a Heatlens had opened and that were left open when it was killed. Resolves to the ids of the
 * processes; never rejects. What cannot be closed now is tried again at the next call.
 */
export function closeLeftOpen(): Promise<readonly number[]> {
  return (closing ??= closeAll().finally(() => {
    closing = undefined;
  }));
}

async function closeAll(): Promise<readonly number[]> {
  try {
    // Several may have been killed at one process: what they left is closed in one go, for none to take another for a user.
    const byProcess = new Map<string, LeftOpen[]>();
    for (const left of await notesOfLost()) {
      const key = `${left.opened.pid} ${left.opened.birth}`;
      byProcess.set(key, [...(byProcess.get(key) ?? []), left]);
    }
    const closed = await Promise.all([...byProcess.values()].map(closeOne));
    return closed.filter((pid) => pid !== undefined);
  } catch {
    return []; // the folder is gone
  }
}

/** Resolves to the process's id when its inspector was closed now. */
async function closeOne(notes: readonly LeftOpen[]): Promise<number | undefined> {
  const opened = notes.map((note) => note.opened);
  const [{ pid }] = opened;
  const forget = (done: readonly LeftOpen[]): void => done.forEach(({ file }) => rmSync(file, { force: true }));
  switch (await closeOpened(opened)) {
    case 'not-open':
      // Closed by the guard in the target, or never asked for.
      forget(notes.filter((note) => !isStillExpected(note.opened)));
      return undefined;
    case 'closed':
      forget(notes);
      return pid;
    default:
      return undefined; // Blocked, or at this moment somebody else's: next time.
  }
}

function isStillExpected({ port, isAsked, at }: Opened): boolean {
  return port === undefined && Date.now() - at < (isAsked ? STILL_EXPECTED_MS : PERHAPS_EXPECTED_MS);
}
