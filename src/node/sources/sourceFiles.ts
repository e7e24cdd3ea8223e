import { createReadBudget } from '../files/readBudget';
import { readForeignText, type FileProblem, type ForeignText } from '../files/readForeignFile';

export type FileText = ForeignText | FileProblem;

/** Reads a file of this machine, but not beyond `maxBytes`; never rejects. */
export type ReadFile = (path: string, maxBytes: number) => Promise<FileText>;

/** For the scripts, maps and sources of one program; `given` as `readForeignText` has it. */
export function createSourceReader(given: readonly string[]): ReadFile {
  const budget = createReadBudget();
  return (path, maxBytes) => readForeignText(path, { maxBytes, given, budget });
}
