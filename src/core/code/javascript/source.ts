import type { ClassCode, FunctionCode, Step } from '../syntax';
import type { SyntaxNode } from '../syntaxNode';

/**
 * Text of JavaScript or TypeScript; offsets of nodes are offsets in it. Expressions hold functions and classes, these hold
 * steps, and steps hold expressions: what nests against the order of the files is read through here.
 */
export interface JavaScriptSource {
  readonly text: string;
  readSteps(nodes: readonly SyntaxNode[]): Step[];
  readFunction(node: SyntaxNode): FunctionCode;
  readClass(node: SyntaxNode): ClassCode;
}
