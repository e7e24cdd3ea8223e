import { readFileSync } from 'node:fs';

/** By their numbers, as far as the system's own list has them. */
export function userNames(): Map<number, string> {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return new Map(
      lines.map((line) => line.split(':')).map((fields): [number, string] => [Number(fields[2]), fields[0] ?? '']),
    );
  } catch {
    return new Map();
  }
}
