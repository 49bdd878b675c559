import { median } from '../metrics/report.ts';

/** A row of figures, one a tool, the console's first. */
export type Row = {
  readonly what: string;
  readonly unit: string;
  readonly digits?: number;
  /** Figures of each tool over the rounds. */
  readonly figures: readonly (readonly number[])[];
  /** Highest ratio to the first peer that is good; none when left out. */
  readonly bar?: number;
  /** Another peer, by its place among the tools, to which the ratio is told too. */
  readonly also?: number;
};

const WIDTH = 34;

/** Prints the names above the columns. */
export function printTools(title: string, names: readonly string[]): void {
  console.log(`\n${title}`);
  console.log(`${''.padEnd(WIDTH)}${names.map((name) => name.padStart(10)).join('')}`);
}

/** Prints medians, and the ratio to the first peer. */
export function printRow({ what, unit, digits = 2, figures, bar, also }: Row): void {
  const medians = figures.map(median);
  const ratio = (medians[0] ?? Number.NaN) / (medians[1] ?? Number.NaN);
  const judged = bar === undefined ? '' : `  bar ${bar.toFixed(2)}  ${ratio <= bar ? 'holds' : 'MISSED'}`;
  const other =
    also === undefined ? '' : `  (${((medians[0] ?? 0) / (medians[also] ?? 0)).toFixed(2)} of the third)`;
  console.log(
    `${what.padEnd(WIDTH)}${medians.map((value) => value.toFixed(digits).padStart(10)).join('')} ${unit.padEnd(4)}` +
      (Number.isNaN(ratio) ? '' : ` ratio ${ratio.toFixed(2)}${judged}${other}`),
  );
}

/** Prints one figure of the console beside an absolute bar. */
export function printFigure(what: string, value: number, bar: number, unit: string, digits = 2): void {
  console.log(
    `${what.padEnd(WIDTH)}${value.toFixed(digits).padStart(10)} ${unit.padEnd(4)} bar ${bar.toFixed(digits)}  ` +
      (value <= bar ? 'holds' : 'MISSED'),
  );
}
