/** By node: how far it is from the root. Parents precede their children. */
export function depthsOf(parents: Int32Array): Int32Array {
  const depths = new Int32Array(parents.length);
  for (let node = 1; node < parents.length; node++) depths[node] = depths[parents[node]] + 1;
  return depths;
}

/** Where each row begins, and at last where the last one ends. */
export function rowStartsOf(boxesByRow: Uint32Array): Uint32Array {
  const starts = new Uint32Array(boxesByRow.length + 1);
  for (let row = 0; row < boxesByRow.length; row++) starts[row + 1] = starts[row] + boxesByRow[row];
  return starts;
}
