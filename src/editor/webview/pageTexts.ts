/** What a bundle of translations, by their English, has of a page's texts, by their names; undefined where it has nothing. */
export function translatedTexts(
  english: Readonly<Record<string, string>>,
  bundle: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  const translated = Object.entries(english).flatMap(([name, text]): [string, string][] => {
    const translation = bundle?.[text];
    return translation === undefined || translation === text ? [] : [[name, translation]];
  });
  return translated.length ? Object.fromEntries(translated) : undefined;
}
