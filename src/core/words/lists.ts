const MOST_NAMES = 4;

/** Names for a sentence; long lists are cut: `a, b, c, d and 3 more`. */
export function names(list: Iterable<string>): string {
  const all = [...list];
  const shown = all.slice(0, MOST_NAMES).join(', ');
  return all.length > MOST_NAMES ? `${shown} and ${all.length - MOST_NAMES} more` : shown;
}
