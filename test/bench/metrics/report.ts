/** One figure against Prometheus's and the bar on their ratio. */
export type Comparison = {
  readonly what: string;
  readonly ours: number;
  readonly theirs: number;
  /** Highest ratio that is good. */
  readonly bar: number;
  readonly unit: string;
  readonly digits?: number;
};

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Prints a line with both figures, their ratio and the bar. */
export function printComparison({ what, ours, theirs, bar, unit, digits = 2 }: Comparison): void {
  const ratio = ours / theirs;
  console.log(
    `${what.padEnd(42)} ${ours.toFixed(digits).padStart(9)} ${theirs.toFixed(digits).padStart(9)} ${unit.padEnd(10)}` +
      ` ratio ${ratio.toFixed(2).padStart(5)}  bar ${bar.toFixed(2)}  ${ratio <= bar ? 'holds' : 'MISSED'}`,
  );
}

/** Prints the head of the columns of {@link printComparison}. */
export function printHead(title: string): void {
  console.log(`\n${title}`);
  console.log(`${''.padEnd(42)} ${'console'.padStart(9)} ${'prometh.'.padStart(9)}`);
}
