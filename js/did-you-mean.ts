// The question after an unknown word: which known word was meant.

/** Gives the question after an unknown word, "; did you mean …?", if a known word is close to it. Otherwise nothing. */
export function didYouMean(word: string, known: readonly string[], prefix = ""): string {
  const steps = (candidate: string) => stepsBetween(word.toLowerCase(), candidate.toLowerCase());
  const [nearest] = known
    .filter((candidate) => steps(candidate) <= Math.max(1, candidate.length / 3))
    .sort((a, b) => steps(a) - steps(b));
  return nearest ? `; did you mean ${prefix}${nearest}?` : "";
}

/**
 * The number of steps that change one word into the other. A step adds, removes or replaces a letter, or swaps it with
 * the next one. A part of a name, such as "secret" of "consumerSecret", counts as one step from it.
 */
function stepsBetween(from: string, to: string): number {
  if (from.length > 2 && to.includes(from)) return 1;
  let before: number[] = [];
  let last = Array.from(` ${to}`, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let column = 1; column < last.length; column++) {
      const at = (line: number[], back: number) => line[column - back] ?? 0;
      const replaced = at(last, 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? at(before, 2) + 1 : replaced;
      next.push(Math.min(at(last, 0) + 1, at(next, 1) + 1, replaced, swapped));
    }
    [before, last] = [last, next];
  }
  return last[to.length] ?? 0;
}
