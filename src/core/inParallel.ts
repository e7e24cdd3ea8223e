/** Does the task for each item, at most `most` at once. Rejects with the first failure; what has begun then goes on. */
export async function inParallel<T>(
  items: readonly T[],
  most: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) await task(items[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
}
