import { hasNotes } from '../../node/inspector/openedNotes';

/**
 * Closes the inspectors that an earlier Heatlens, here or on the command line, had no time to close. Loads what that takes
 * only where there is something to close. Never rejects.
 */
export async function closeLeftOpen(onClosed: (pid: number) => void): Promise<void> {
  if (!hasNotes()) return;
  const inspector = await import(/* webpackChunkName: "engine" */ '../../node/inspector/closeLeftOpen.js');
  for (const pid of await inspector.closeLeftOpen()) onClosed(pid);
}
