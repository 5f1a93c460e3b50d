import { quartiles, ratio } from "./statistics.mjs";

/** Prints a table of times in milliseconds, with the ratio of each row to its base and the aim for that ratio. */
export function printTable(title, rows) {
  console.log(`\n${title}\n`);
  const lines = rows.map(({ name, times, base, aim }) => {
    const [low, middle, high] = quartiles(times).map((time) => time.toFixed(times[0] < 10 ? 3 : 1));
    const compared = base && ratio(times, base);
    return [
      name,
      middle,
      `${low} to ${high}`,
      compared ? `${compared.middle.toFixed(2)} x` : "",
      compared ? `${compared.low.toFixed(2)} to ${compared.high.toFixed(2)}` : "",
      aim ? `at most ${aim.toFixed(2)} x: ${compared.middle <= aim ? "met" : "missed"}` : "",
    ];
  });
  print([["", "median ms", "quartiles", "ratio", "quartiles", "aim"], ...lines]);
}

/** Prints exact sizes, and whether each is within its budget. */
export function printSizes(title, rows) {
  console.log(`\n${title}\n`);
  const lines = rows.map(({ name, raw, gzip, budget }) => [
    name,
    `${raw}`,
    `${gzip}`,
    budget ? `at most ${budget}: ${gzip <= budget ? "met" : "missed"}` : "",
  ]);
  print([["", "bytes", "gzip", "aim"], ...lines]);
}

function print(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) {
    const cells = line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])));
    console.log(`  ${cells.join("   ").trimEnd()}`);
  }
}
