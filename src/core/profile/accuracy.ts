/** `exact`: measured with inlining off (see ARCHITECTURE.md); `approximate`: V8 may charge inlined functions to their callers. */
export type Accuracy = 'exact' | 'approximate';
