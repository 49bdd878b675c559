import { type PaletteName, seriesColours } from '../app/theme.ts';
import type { TextKey } from '../locales/use-translation.ts';

/** How a line is told from the others: colour, pattern, and both in words. */
export type Stroke = {
  readonly colour: string;
  readonly dash: number[];
  readonly colourWord: TextKey;
  readonly dashWord: TextKey;
};

const colourWords = [
  'metrics:colour.blue',
  'metrics:colour.orange',
  'metrics:colour.green',
  'metrics:colour.magenta',
  'metrics:colour.yellow',
  'metrics:colour.violet',
  'metrics:colour.lime',
  'metrics:colour.red',
] as const satisfies readonly TextKey[];

const patterns = [
  { dash: [], word: 'metrics:dash.solid' },
  { dash: [6, 3], word: 'metrics:dash.dashed' },
  { dash: [2, 3], word: 'metrics:dash.dotted' },
  { dash: [8, 3, 2, 3], word: 'metrics:dash.dashDot' },
] as const satisfies readonly { readonly dash: readonly number[]; readonly word: TextKey }[];

/** The stroke of a line: colours repeat after eight, then with dashes, so that colour is never the only mark. */
export function strokeOf(index: number, palette: PaletteName): Stroke {
  const colours = seriesColours[palette];
  const pattern = patterns[Math.floor(index / colours.length) % patterns.length] ?? patterns[0];
  return {
    colour: colours[index % colours.length] ?? '#888888',
    dash: [...pattern.dash],
    colourWord: colourWords[index % colourWords.length] ?? colourWords[0],
    dashWord: pattern.word,
  };
}
