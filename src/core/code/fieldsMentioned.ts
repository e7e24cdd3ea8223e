const FIELD = /\b(?:this|self)\.(#?[\w$\u0080-\uffff]+)/g;

/** Names of all `this.name` and `self.name` in a text. */
export function fieldsMentioned(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name] of text.matchAll(FIELD)) names.add(name);
  return names;
}
