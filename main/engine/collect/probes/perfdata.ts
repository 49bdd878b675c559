/** One figure of a Nagios plugin's performance data. */
export type PerfDatum = {
  readonly label: string;
  readonly value: number;
  /** As the plugin wrote it: `s`, `%`, `MB`, `c` … */
  readonly unit: string;
  readonly warn: string;
  readonly crit: string;
  readonly min: number | null;
  readonly max: number | null;
};

/** What a plugin wrote, taken apart as Nagios does. */
export type PluginOutput = {
  readonly firstLine: string;
  /** The lines after the first one. */
  readonly longOutput: string;
  readonly perfdata: readonly PerfDatum[];
};

/** More figures than this of one plugin are left out. */
const MOST_DATA = 500;
const DATUM = /(?:'((?:[^']|'')*)'|([^\s='|]+))=([^\s|]*)/g;

/**
 * Takes the output of a plugin apart: text, `|`, performance data; further lines; and after a `|` among those, further
 * performance data (the plugin API of Nagios 3 and later).
 */
export function readPluginOutput(output: string): PluginOutput {
  const [first = '', ...more] = output.replace(/\r\n/g, '\n').split('\n');
  const [firstText, firstData] = splitOnce(first);
  const rest = more.join('\n');
  const [longText, longData] = splitOnce(rest);
  return {
    firstLine: firstText.trim(),
    longOutput: longText.trim(),
    perfdata: readPerfdata(`${firstData} ${longData.replace(/\n/g, ' ')}`),
  };
}

function splitOnce(text: string): readonly [string, string] {
  const at = text.indexOf('|');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Reads `'label'=value[UOM];[warn];[crit];[min];[max]`; what has no number (`U`) is left out. */
export function readPerfdata(text: string): readonly PerfDatum[] {
  const found: PerfDatum[] = [];
  for (const [, quoted, bare, data = ''] of text.matchAll(DATUM)) {
    const [amount = '', warn = '', crit = '', min = '', max = ''] = data.split(';');
    // Plugins write decimals as the locale of their host has them.
    const [, number, unit = ''] =
      /^([-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?)([^\d;]*)$/.exec(amount) ?? [];
    if (number === undefined) continue;
    found.push({
      label: quoted?.replace(/''/g, "'") ?? bare ?? '',
      value: Number(number.replace(',', '.')),
      unit,
      warn,
      crit,
      min: numberOf(min),
      max: numberOf(max),
    });
    if (found.length === MOST_DATA) break;
  }
  return found;
}

function numberOf(text: string): number | null {
  const value = Number(text.replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}
