/** The value below which `percent` of the sorted values lie (nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(0, rank - 1)] ?? Number.NaN;
}

/** Prints p50, p90, p99 and the spread of some series. */
export function table(
  title: string,
  series: readonly { readonly name: string; readonly values: readonly number[] }[],
): void {
  const line = (cells: readonly string[]): string =>
    `${cells[0]?.padEnd(36)}${cells
      .slice(1)
      .map((cell) => cell.padStart(9))
      .join('')}\n`;
  process.stdout.write(`\n${title}\n`);
  process.stdout.write(line(['', 'min', 'p50', 'p90', 'p99', 'max']));
  for (const { name, values } of series) {
    const figures = [percentile(values, 0), 50, 90, 99, 100].map((figure, n) =>
      (n === 0 ? figure : percentile(values, figure)).toFixed(1),
    );
    process.stdout.write(line([name, ...figures]));
  }
}
