/** Last index for which `holds` is true, if it is true for a prefix that has at least the first. */
export function lastWhere(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many from the first on `holds` is true for, if it is true for a prefix; 0 for none. */
export function countWhere(count: number, holds: (index: number) => boolean): number {
  return count > 0 && holds(0) ? lastWhere(count, holds) + 1 : 0;
}
