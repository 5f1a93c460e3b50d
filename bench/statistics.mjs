/** The three quartiles of some numbers. The second is the median. */
export function quartiles(numbers) {
  const sorted = Float64Array.from(numbers).sort();
  const at = (share) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.ceil(place);
    return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
  };
  return [at(0.25), at(0.5), at(0.75)];
}

/** Runs each function once in each round, in an order that changes, and returns their times. */
export async function alternate(rounds, functions) {
  const names = Object.keys(functions);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      times[name].push(await functions[name]());
    }
  }
  return times;
}

/**
 * The quartiles of the ratio of two lists that were measured in turns. The lists are cut into blocks, and each block
 * gives the ratio of its medians. If the machine is slow for a while, it slows both lists in the same block.
 */
export function ratio(times, base) {
  const size = Math.max(1, Math.floor(times.length / 20));
  const blocks = [];
  for (let start = 0; start + size <= times.length; start += size) {
    blocks.push(median(times.slice(start, start + size)) / median(base.slice(start, start + size)));
  }
  const [low, middle, high] = quartiles(blocks);
  return { low, middle, high };
}

export const median = (numbers) => quartiles(numbers)[1];
