import { inDecimals, inDigits } from './numbers';

/** ms as `0.4 ms`, `340 ms`, `3.4 s`, `34 s`, `2 min 5 s`, `1 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return `${inDecimals(ms)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${inDecimals(seconds)} s`;
  if (seconds < 59.5) return `${seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return join(`${Math.floor(whole / 60)} min`, whole % 60, 's');
  const minutes = Math.round(seconds / 60);
  return join(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min');
}

function join(head: string, rest: number, unit: string): string {
  return rest ? `${head} ${rest} ${unit}` : head;
}

/** Always in ms, as servers tell it, so that figures compare: 0.42 → `0.4 ms`, 1843.2 → `1,843 ms`. */
export function millisText(millis: number): string {
  return millis < 10 ? `${inDecimals(millis)} ms` : `${inDigits(millis)} ms`;
}

/** Epoch ms as the time of day here: `14:03:22`. */
export function timeOfDay(epochMs: number): string {
  return new Date(epochMs).toTimeString().slice(0, 8);
}
