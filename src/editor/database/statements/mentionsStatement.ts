/** Calls that may be statements. Cheap on purpose: it decides whether the code that really looks is loaded. */
const STATEMENT_CALL =
  /\.\s*(?:find\w*|aggregate|count(?:_?documents)?|estimated_?document_?count|distinct|(?:update|replace|delete|insert)_?(?:one|many)|bulk_?write|exists|where)\s*[(<]/i;

export function mentionsStatement(text: string): boolean {
  return STATEMENT_CALL.test(text);
}
