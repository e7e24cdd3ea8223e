import { isDocument } from '../../../src/core/ejson/documents';
import { ejsonText } from '../../../src/core/ejson/ejsonText';

/** Deeper than any filter a server takes (its limit is 180); what is deeper is cut. */
const DEEPEST = 200;

/** A value as the shell writes it, on lines of at most `width` where that is possible. */
export function prettyValue(value: unknown, width = 76): string {
  return lines(value, width, 0);
}

function lines(value: unknown, width: number, indent: number): string {
  if (typeof value !== 'object' || value === null) return ejsonText(value);
  const flat = flatValue(value, width - indent);
  if (flat !== undefined) return flat;
  if (indent / 2 > DEEPEST) return '…';
  const pad = ' '.repeat(indent + 2);
  const end = `\n${' '.repeat(indent)}`;
  if (Array.isArray(value))
    return `[\n${value.map((item) => `${pad}${lines(item, width, indent + 2)}`).join(',\n')}${end}]`;
  if (!isDocument(value)) return ejsonText(value);
  const entries = Object.entries(value).map(
    ([key, entry]) =>
      `${pad}${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${lines(entry, width, indent + 2)}`,
  );
  return `{\n${entries.join(',\n')}${end}}`;
}

/** A value as the shell writes it where that fits on one line of `width`; undefined where it does not. */
export function flatValue(value: object, width: number): string | undefined {
  const flat = tooMany(value, width) ? undefined : ejsonText(value);
  return flat !== undefined && flat.length <= width ? flat : undefined;
}

/** Whether it cannot fit on a line, told without writing it: that would be work for every level of it. */
function tooMany(value: object, width: number): boolean {
  let budget = width;
  const open: unknown[] = [value];
  for (let next = open.pop(); budget >= 0; next = open.pop()) {
    if (next === undefined && !open.length) return false;
    budget -= 2;
    if (typeof next === 'string') budget -= next.length;
    else if (typeof next === 'object' && next !== null) {
      for (const key in next) {
        budget -= Array.isArray(next) ? 0 : key.length;
        if (budget < 0) return true;
        open.push((next as Record<string, unknown>)[key]);
      }
    }
  }
  return true;
}
