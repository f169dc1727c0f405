/** Runs `work` for every item, at most `limit` at a time, and gives the results in the order in which they came. */
export async function inParallel<T, R>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const [queue, results]: [IterableIterator<T>, R[]] = [items.values(), []];
  const worker = async () => {
    for (const item of queue) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
