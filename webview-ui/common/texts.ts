/** The texts of a page: `{0}`, `{1}` … are filled in, entries that a translation lacks stay English. */
export interface Texts<Key extends string> {
  text(key: Key, ...values: readonly string[]): string;
  /** What the host has in the user's language, by the same names. Before the page is built. */
  use(translated: Readonly<Record<string, string>>): void;
}

export function createTexts<Key extends string>(english: Readonly<Record<Key, string>>): Texts<Key> {
  let table: Readonly<Record<Key, string>> = english;
  return {
    text: (key, ...values) => table[key].replace(/\{(\d)\}/g, (_, at: string) => values[Number(at)] ?? ''),
    use: (translated) => {
      table = { ...english, ...translated };
    },
  };
}
