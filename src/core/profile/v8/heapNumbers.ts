import type { V8HeapProfile } from './v8Profile';

/** A number that is no small integer, once it stands in a tagged slot; no other object of a program is that small. */
const NUMBER_BYTES = 16;

/**
 * The least interval from `bytes` on at which samples of numbers can be told from all others. V8 reports a sampled object
 * of size s as s times round(1 / (1 - exp(-s / interval))), which is the least multiple of s above the interval where s
 * is small: with 16 times a prime, only 16 and 8 divide that of a number.
 */
export function numberInterval(bytes: number): number {
  let factor = Math.max(2, Math.ceil(bytes / NUMBER_BYTES) + 1);
  while (!isPrime(factor)) factor++;
  return NUMBER_BYTES * (factor - 1);
}

/** Bytes of numbers by id of the node, as sampled at such an interval; undefined where the profile lists no samples. */
export function numbersByNode(profile: V8HeapProfile, intervalBytes: number): Map<number, number> | undefined {
  const { samples } = profile;
  if (!Array.isArray(samples)) return undefined;
  const size = sampledSize(NUMBER_BYTES, intervalBytes);
  const bytes = new Map<number, number>();
  for (const sample of samples)
    if (sample?.size === size) bytes.set(sample.nodeId, (bytes.get(sample.nodeId) ?? 0) + size);
  return bytes;
}

/** What V8 reports of one sampled object. */
export function sampledSize(bytes: number, intervalBytes: number): number {
  return bytes * Math.round(1 / (1 - Math.exp(-bytes / intervalBytes)));
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) return false;
  return true;
}
