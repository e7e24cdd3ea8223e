import { data, type AbstractValue } from './abstractValue';
import { dateCall } from './dates';
import { followCall } from './functions';
import { holeFor } from './holes';
import type { LibraryCall } from './library';
import { pythonRegex } from './regexes';
import { literal, type Value } from './value';

/** A call of a function or class of a package that has to do with values as such: dates, patterns, what frameworks inject. */
export function packageCall(name: string, { evaluation, call, args, scope }: LibraryCall): AbstractValue | undefined {
  const { values, origins } = args;
  // What FastAPI injects is what the function gives.
  if (name === 'fastapi.Depends' || name === 'Depends') {
    const [given] = args.abstractValues;
    return given?.is === 'function' ? followCall(evaluation, given.code, given.scope, undefined, []) : undefined;
  }
  if (name === 'fastapi.Query' || name === 'fastapi.Path' || name === 'pydantic.Field')
    return args.abstractValues[0] ?? undefined;
  if (name === 're.compile') return data(pythonRegex(call, values, scope), origins);
  if (name === 're.escape' || name === 'lodash.escapeRegExp')
    return data(values[0]?.kind === 'literal' ? escaped(values[0].value) : holeFor(call, scope, 'string'), origins);
  if (/^datetime(\.datetime)?$/.test(name)) return data(dateCall(call, values, scope, true), origins);
  if (/^datetime(\.datetime)?\.(utcnow|now|fromisoformat|strptime|fromtimestamp|combine|today)$/.test(name))
    return data(holeFor(call, scope, 'date'), origins);
  return undefined;
}

function escaped(value: unknown): Value {
  return literal(String(value).replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&'));
}
