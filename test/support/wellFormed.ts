/**
 * Throws unless the text is well-formed XML of the simple kind that we write: a declaration, elements with quoted attributes,
 * text; no comments, CDATA or document types. By the grammar of XML 1.0, not by the writer's rules.
 */
export function assertWellFormed(text: string): void {
  // Every character is one that XML allows, pairs of surrogates whole.
  const foreign = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text);
  if (foreign) throw new Error(`character ${foreign[0].codePointAt(0)!.toString(16)} at ${foreign.index}`);
  const token =
    /<\?xml [^?<>]*\?>|<\/([A-Za-z][\w-]*)\s*>|<([A-Za-z][\w-]*)((?:\s+[A-Za-z][\w:-]*="[^"<]*")*)\s*(\/?)>|[^<]+/gy;
  const open: string[] = [];
  let roots = 0;
  let at = 0;
  while (at < text.length) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) throw new Error(`no XML at ${at}: ${text.slice(at, at + 60)}`);
    const [whole, closing, opening, attributes, empty] = match;
    at += whole.length;
    if (closing !== undefined) {
      if (open.pop() !== closing) throw new Error(`</${closing}> closes nothing at ${at}`);
    } else if (opening !== undefined) {
      checkReferences(attributes);
      if (!open.length) roots++;
      if (!empty) open.push(opening);
    } else if (!whole.startsWith('<?')) {
      checkReferences(whole);
      if (whole.includes(']]>')) throw new Error(`]]> at ${at}`);
      if (!open.length && whole.trim()) throw new Error(`text outside of the root at ${at}`);
    }
  }
  if (open.length || roots !== 1) throw new Error(`${roots} roots, and ${open.join()} are open at the end`);
}

function checkReferences(text: string): void {
  const bad = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.exec(text);
  if (bad) throw new Error(`a bare & in ${text.slice(bad.index, bad.index + 30)}`);
}
