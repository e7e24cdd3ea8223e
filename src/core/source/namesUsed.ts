import type { MethodIndex } from '../method/method';

/**
 * Identifiers in the method's own text, without those in the text of the methods inside it, in comments and in strings
 * (template literals count, for what stands in their braces).
 */
export function namesUsedIn(text: string, index: MethodIndex, method: number): Set<string> {
  const names = new Set<string>();
  const own = ownText(text, index, method).replace(
    /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g,
    ' ',
  );
  for (const [name] of own.matchAll(/[\p{ID_Start}$_#][\p{ID_Continue}$]*/gu)) names.add(name);
  return names;
}

function ownText(text: string, index: MethodIndex, method: number): string {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const lineStarts = [0];
  for (const { 0: end, index: at } of body.matchAll(/\r\n?|\n/g)) lineStarts.push(at + end.length);
  const offset = (region: number): number => {
    const start = index.regions[region]?.start;
    return start ? lineStarts[start.line] + start.column : body.length;
  };
  return index.regions
    .map((region, i) => (region.method === method ? body.slice(offset(i), offset(i + 1)) : ''))
    .join(' ');
}
