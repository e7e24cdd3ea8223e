export type Language = 'javascript' | 'typescript' | 'python';

/** By the extension; what is neither Python nor TypeScript is read as JavaScript. */
export function languageOf(fileName: string): Language {
  if (/\.pyi?$/i.test(fileName)) return 'python';
  return /\.[mc]?tsx?$/i.test(fileName) ? 'typescript' : 'javascript';
}
