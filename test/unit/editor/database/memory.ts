import type { Memory } from '../../../../src/editor/workspace/memory';

/** A memento that keeps JSON, as the editor's does. */
export function fakeMemory(): Memory & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get<T>(key: string): T | undefined {
      const text = texts.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    update(key, value) {
      texts.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  };
}
