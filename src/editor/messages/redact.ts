/**
 * What must never reach a log: passwords in addresses, tokens in queries, headers and command lines. Texts of the target
 * (command lines, URLs, error messages) come from outside and may carry any of them.
 */
export function redact(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/'"]*@/gi, '$1***@')
    .replace(/\b(authorization\s*[:=]\s*(?:bearer|basic|digest)?\s*)[^\s'",;]+/gi, '$1***')
    .replace(new RegExp(`((?:${SECRET_NAMES})["']?\\s*[:=]\\s*["']?)[^\\s"',;&]+`, 'gi'), '$1***')
    .replace(new RegExp(`(--?[\\w-]*(?:${SECRET_NAMES})[\\w-]*\\s+)(?!-)[^\\s]+`, 'gi'), '$1***');
}

const SECRET_NAMES = 'pass(?:word|wd)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?';
