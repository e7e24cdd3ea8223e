import { V8Scan } from '../../src/core/profile/scan/v8Scan';
import type { ScannedProfile } from '../../src/core/profile/scan/v8Sink';

/** Reads a text as a file is read, cut into chunks of so many bytes. Throws a JsonError. */
export function scanProfile(text: string | Uint8Array, chunkBytes = Infinity): ScannedProfile {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const scan = new V8Scan();
  for (let from = 0; from < bytes.length; from += chunkBytes)
    scan.push(bytes.slice(from, Math.min(bytes.length, from + chunkBytes)));
  return scan.end();
}
