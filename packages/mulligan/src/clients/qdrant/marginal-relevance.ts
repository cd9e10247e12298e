/** How alike two vectors are: the cosine of the angle between them. */
function likeness(a: readonly number[], b: readonly number[]): number {
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? 0;
    dot += value * other;
    squareA += value * value;
    squareB += other * other;
  }
  const lengths = Math.sqrt(squareA * squareB);
  return lengths === 0 ? 0 : dot / lengths;
}

/**
 * Chooses vectors that are near to the query and differ from each other; gives their places, the best first.
 * Source: Carbonell and Goldstein, "The use of MMR", SIGIR 1998.
 * @param lambda from 0, as different as can be, to 1, as near as can be
 */
export function chooseDiverse(
  query: readonly number[],
  vectors: readonly (readonly number[])[],
  { k, lambda }: { readonly k: number; readonly lambda: number },
): number[] {
  const nearness = vectors.map((vector) => likeness(query, vector));
  const chosen: number[] = [];
  const left = new Set(vectors.keys());
  const worth = (at: number): number => {
    const alike = chosen.map((other) => likeness(vectors[at] ?? [], vectors[other] ?? []));
    return lambda * (nearness[at] ?? 0) - (1 - lambda) * Math.max(0, ...alike);
  };
  while (chosen.length < k && left.size > 0) {
    const best = [...left].reduce((a, b) => (worth(b) > worth(a) ? b : a));
    chosen.push(best);
    left.delete(best);
  }
  return chosen;
}
