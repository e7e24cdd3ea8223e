import type { Call } from '../code/syntax';
import { withType } from './holes';
import type { Scope } from './scope';
import type { Value } from './value';

/** `/pattern/flags` */
export function regexLiteral(pattern: string, flags: string): Value {
  return regexOf(pattern, matchingFlags(flags));
}

function regexOf(pattern: string, options: string): Value {
  return { kind: 'typed', value: { type: 'regex', pattern, options } };
}

/** Flags that say what a pattern matches, not how it is used. */
function matchingFlags(flags: string): string {
  return [...flags]
    .filter((flag) => 'imsux'.includes(flag))
    .sort()
    .join('');
}

/** A regular expression from its pattern: known, else with a hole. */
export function regex(pattern: Value | undefined, options: string): Value {
  if (!pattern) return regexOf('', options);
  if (pattern.kind === 'literal') return regexOf(String(pattern.value), options);
  if (pattern.kind === 'typed' || pattern.kind === 'regex') return pattern;
  return {
    kind: 'regex',
    pattern: pattern.kind === 'hole' && pattern.hole.type === 'unknown' ? withType(pattern, 'string') : pattern,
    options,
  };
}

/** Flags as an argument gives them. */
export function flagsOf(value: Value | undefined): string {
  return value?.kind === 'literal' && typeof value.value === 'string' ? matchingFlags(value.value) : '';
}

/** `new RegExp(pattern, flags)` */
export function javaScriptRegex(args: readonly Value[]): Value {
  return regex(args[0], flagsOf(args[1]));
}

const PYTHON_FLAGS: Readonly<Record<string, string>> = {
  I: 'i',
  IGNORECASE: 'i',
  M: 'm',
  MULTILINE: 'm',
  S: 's',
  DOTALL: 's',
  X: 'x',
  VERBOSE: 'x',
  U: '',
  UNICODE: '',
};

/** `re.compile(pattern, re.I | re.M)` */
export function pythonRegex(call: Call, args: readonly Value[], scope: Scope): Value {
  const flags = call.args[1]?.value ?? call.named.find(([name]) => name === 'flags')?.[1];
  const text = flags ? scope.unit.text.slice(flags.from, flags.to) : '';
  const options = [...new Set([...text.matchAll(/\bre\.([A-Z]+)/g)].map((match) => PYTHON_FLAGS[match[1]] ?? ''))]
    .sort()
    .join('');
  return regex(args[0], options);
}
