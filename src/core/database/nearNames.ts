/** Names that are meant perhaps, the likeliest first: `order` finds `orders`. Without any, the first of all. */
export function nearNames(wanted: string, names: readonly string[], most = 5): string[] {
  const scored = names.map((name) => ({ name, distance: distance(wanted.toLowerCase(), name.toLowerCase()) }));
  scored.sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name));
  const near = scored.filter(
    (one) => one.distance <= Math.max(2, wanted.length / 3) || one.name.toLowerCase().includes(wanted.toLowerCase()),
  );
  return (near.length ? near : scored).slice(0, most).map(({ name }) => name);
}

/** Letters to change, add or remove. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    before = row;
  }
  return before[b.length];
}
