/** Files of components that have code in blocks between other things. */
const COMPONENT = /\.(?:vue|svelte|astro)$/i;

export function isComponentFile(fileName: string): boolean {
  return COMPONENT.test(fileName);
}

/**
 * The code of a file at its own offsets: of a component its `<script>` blocks and, of Astro's, what stands between the fences at the top, with all
 * else blank; of any other file all of it.
 */
export function codeIn(text: string, fileName: string): string {
  if (!isComponentFile(fileName)) return text;
  const fence = /\.astro$/i.test(fileName) ? fencedAtTop(text) : undefined;
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of [...(fence ? [fence] : []), ...scriptBlocks(text, fence?.[1] ?? 0)]) {
    parts.push(blank(text.slice(from, start)), text.slice(start, end));
    from = end;
  }
  return [...parts, blank(text.slice(from))].join('');
}

function blank(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]/g, ' ');
}

function fencedAtTop(text: string): [number, number] | undefined {
  const open = /^\s*---[^\S\n]*\n/.exec(text)?.[0].length;
  if (open === undefined) return undefined;
  const close = text.indexOf('\n---', open - 1);
  return close < 0 ? undefined : [open, close + 1];
}

function* scriptBlocks(text: string, from: number): Generator<[number, number]> {
  const opening = /<!--|<script(?=[\s>])/gi;
  const closing = /<\/script(?=[\s>])/gi;
  opening.lastIndex = from;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    if (match[0] === '<!--') {
      const end = text.indexOf('-->', opening.lastIndex);
      if (end < 0) return;
      opening.lastIndex = end;
      continue;
    }
    const start = endOfTag(text, opening.lastIndex);
    closing.lastIndex = start;
    const end = closing.exec(text)?.index;
    if (end === undefined) return;
    if (isCode(text.slice(opening.lastIndex, start))) yield [start, end];
    opening.lastIndex = end;
  }
}

/** Past the `>` of a tag, over those that stand in quotes: `generic="T extends List<U>"`. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const sign = text[at];
    if (quote) {
      if (sign === quote) quote = '';
    } else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '>') return at + 1;
  }
  return text.length;
}

/** Blocks may also hold data, templates and styles of shaders. */
function isCode(attributes: string): boolean {
  const type = /\stype\s*=\s*["']?([\w./+-]*)/i.exec(attributes)?.[1];
  return !type || /^(?:module|(?:text|application)\/(?:javascript|ecmascript|typescript|babel))$/i.test(type);
}
