import type { FunctionCode, Step } from '../syntax';
import type { SyntaxNode } from '../syntaxNode';

/**
 * Text of Python; offsets of nodes are offsets in it. Expressions hold lambdas, functions hold steps, and steps hold
 * expressions: what nests against the order of the files is read through here.
 */
export interface PythonSource {
  readonly text: string;
  /** Names that the function around declared as `global`. */
  readonly globals: Set<string>;
  readonly readSteps: (nodes: readonly SyntaxNode[], source: PythonSource) => Step[];
  readonly readLambda: (node: SyntaxNode, source: PythonSource) => FunctionCode;
}
