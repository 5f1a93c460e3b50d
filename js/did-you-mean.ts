// The question after an unknown word: which known word was meant.

/** Gives the question after an unknown word, "; did you mean …?", if a known word is close to it. Otherwise nothing. */
export function didYouMean(word: string, known: readonly string[], prefix = ""): string {
  const typed = word.slice(0, 40).toLowerCase();
  const [nearest] = known
    .map((candidate) => ({ candidate, steps: stepsBetween(typed, candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.steps - b.steps);
  return nearest ? `; did you mean ${prefix}${nearest.candidate}?` : "";
}

/**
 * How many letters must be put in, left out, replaced, or swapped with the next, to make one word of another. A part of a
 * name is one step from it, such as "secret" from "consumerSecret".
 */
function stepsBetween(from: string, to: string): number {
  if (from.length > 2 && to.includes(from)) return 1;
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? at(before, column - 2) + 1 : replaced;
      next.push(Math.min(at(last, column) + 1, at(next, column - 1) + 1, replaced, swapped));
    }
    [before, last] = [last, next];
  }
  return at(last, to.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? 0;
