import { setTimeout as delay } from 'node:timers/promises';
import type { Channel } from '../channel';
import { callTarget } from './callTarget';

// The guard lives inside a target whose inspector Heatlens opened, and closes that inspector when the last Heatlens that
// uses it has left or is lost: see src/target/functions/guard.ts.

/** Creates the guard, or joins the one that is there. */
export async function installGuard(channel: Channel, owner: string, timeoutMs?: number): Promise<void> {
  await callTarget(channel, 'guardInspector', [owner], { timeoutMs });
}

/** False when no Heatlens opened this inspector, so that nobody has to close it. */
export async function joinGuard(channel: Channel, owner: string, timeoutMs?: number): Promise<boolean> {
  return callTarget(channel, 'joinGuard', [owner], { timeoutMs });
}

/** ms in which a guard that can work has counted for the first time, unless the event loop is blocked. */
const FIRST_TICK_MS = 500;

/** Whether the guard has been seen to tell the time: only then does it notice that we are gone. */
export async function guardWatches(channel: Channel): Promise<boolean> {
  for (const deadline = performance.now() + FIRST_TICK_MS; performance.now() < deadline; await delay(20)) {
    if (await callTarget(channel, 'hasClock', [])) return true;
  }
  return false;
}

/** The inspector closes and opens again on a random port; the channel ends with that. */
export async function moveToRandomPort(channel: Channel): Promise<void> {
  await callTarget(channel, 'moveToRandomPort', []);
}

export async function cancelMove(channel: Channel): Promise<void> {
  await callTarget(channel, 'cancelMove', []);
}
