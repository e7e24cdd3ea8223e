import type { Call } from '../code/syntax';
import { holeFor, withType } from './holes';
import type { Scope } from './scope';
import type { Value } from './value';

/** `new Date('2024-01-01')`, `datetime(2024, 1, 1)`, `ISODate('…')`: known, else a hole; without arguments the present. */
export function dateCall(call: Call, args: readonly Value[], scope: Scope, isPython: boolean): Value {
  if (args.length && args.every((arg) => arg.kind === 'literal')) {
    const values = args.map((arg) => (arg.kind === 'literal' ? arg.value : null));
    const millis =
      isPython || values.length > 1
        ? calendar(values, isPython)
        : typeof values[0] === 'number'
          ? values[0]
          : isoMillis(String(values[0]));
    if (millis !== undefined && Number.isFinite(millis)) return { kind: 'typed', value: { type: 'date', millis } };
  }
  const [only] = args;
  if (args.length === 1 && only.kind === 'hole' && /^[\w$.?]+$/.test(only.hole.name)) return withType(only, 'date');
  return holeFor(call, scope, 'date');
}

/** Only what means the same everywhere: a date alone, or one with a time zone. */
function isoMillis(text: string): number | undefined {
  if (!/^\d{4}-\d{2}(-\d{2})?$|^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(text)) return undefined;
  return Date.parse(text);
}

/** Calendar parts as UTC: Python's months count from 1; a local time of JavaScript is not known. */
function calendar(values: readonly unknown[], isPython: boolean): number | undefined {
  if (!isPython || !values.every((value) => typeof value === 'number')) return undefined;
  const [year, month, day = 1, hour = 0, minute = 0, second = 0, micros = 0] = values as number[];
  return Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(micros / 1000));
}
