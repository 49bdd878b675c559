import { type PaletteName, palettes } from '../../app/theme.ts';
import { valueText } from '../../charts/chart-legend.tsx';
import { strokeOf } from '../../charts/strokes.ts';
import { textFont } from '../../charts/text-font.ts';
import type { PlannedChart } from './plan-charts.ts';

/** What stands on an exported picture. */
export type PictureInput = {
  readonly siteName: string;
  /** Printed as on every export; empty for none. */
  readonly classification: string;
  /** The time range in words, with its zone. */
  readonly range: string;
  readonly palette: PaletteName;
  readonly charts: readonly { readonly canvas: HTMLCanvasElement; readonly chart: PlannedChart }[];
  /** What the hatched spans of the charts mean; null when there are none. */
  readonly unwatched: string | null;
  /** Says how many lines have no place in the legend. */
  readonly more: (count: number) => string;
};

const EDGE = 16;
const LINE = 20;
/** Longer legends would be longer than the chart. */
const LEGEND = 60;
const COLUMN = 360;

/** Something to draw; kept until the canvas can be made, whose height is known only when everything has its place. */
type Piece = { readonly draw: (context: CanvasRenderingContext2D) => void };

/**
 * Draws charts with their site, label, range, expressions and legends into a PNG.
 *
 * @returns the picture as base64, or null when there is nothing to draw
 */
export function chartPicture(input: PictureInput): string | null {
  const colours = palettes[input.palette];
  const ratio = devicePixelRatio;
  const width = Math.max(0, ...input.charts.map(({ canvas }) => canvas.width / ratio)) + 2 * EDGE;
  if (input.charts.length === 0) return null;
  const pieces: Piece[] = [];
  let y = EDGE;
  const text = (
    words: string,
    look: { bold?: boolean; colour?: string; x?: number; most?: number },
  ): void => {
    const at = y;
    pieces.push({
      draw: (context) => {
        context.font = textFont(look.bold ? '600 15px' : '12px');
        context.fillStyle = look.colour ?? colours.text;
        context.fillText(fitted(context, words, look.most ?? width - 2 * EDGE), look.x ?? EDGE, at + 14);
      },
    });
  };
  const { classification } = input;
  text(input.siteName, { bold: true });
  if (classification !== '') {
    pieces.push({
      draw: (context) => {
        context.font = textFont('600 13px');
        context.fillStyle = colours.critical;
        context.textAlign = 'right';
        context.fillText(classification, width - EDGE, EDGE + 14);
        context.textAlign = 'left';
      },
    });
  }
  y += LINE + 4;
  text(input.range, { colour: colours.textSoft });
  y += LINE + 4;
  if (input.unwatched !== null) {
    const at = y;
    pieces.push({ draw: (context) => hatchedKey(context, at, colours.unwatched) });
    text(input.unwatched, { colour: colours.textSoft, x: EDGE + 30 });
    y += LINE + 4;
  }
  for (const { canvas, chart } of input.charts) {
    for (const { letter, expr } of chart.expressions) {
      text(`${letter}  ${expr}`, {});
      y += LINE;
    }
    const top = y;
    pieces.push({
      draw: (context) => context.drawImage(canvas, EDGE, top, canvas.width / ratio, canvas.height / ratio),
    });
    y += canvas.height / ratio + 8;
    y = legend(chart, input, y, width, pieces);
    y += EDGE;
  }
  return paint(pieces, width, y, ratio, colours.surface);
}

function legend(
  chart: PlannedChart,
  input: PictureInput,
  top: number,
  width: number,
  pieces: Piece[],
): number {
  const colours = palettes[input.palette];
  const perRow = Math.max(1, Math.floor((width - 2 * EDGE) / COLUMN));
  const { lines } = chart.data;
  const shown = lines.slice(0, LEGEND);
  shown.forEach((line, index) => {
    const x = EDGE + (index % perRow) * COLUMN;
    const y = top + Math.floor(index / perRow) * LINE;
    const stroke = strokeOf(index, input.palette);
    pieces.push({
      draw: (context) => {
        context.strokeStyle = stroke.colour;
        context.lineWidth = 3;
        context.setLineDash(stroke.dash);
        context.beginPath();
        context.moveTo(x, y + 10);
        context.lineTo(x + 22, y + 10);
        context.stroke();
        context.setLineDash([]);
        context.font = textFont('12px');
        context.fillStyle = colours.text;
        const value = valueText(line, null);
        const room = COLUMN - 30 - 16 - context.measureText(value).width;
        context.fillText(fitted(context, line.name, room), x + 30, y + 14);
        context.textAlign = 'right';
        context.fillText(value, x + COLUMN - 12, y + 14);
        context.textAlign = 'left';
      },
    });
  });
  const bottom = top + Math.ceil(shown.length / perRow) * LINE;
  const left = lines.length - shown.length + chart.data.omitted;
  if (left === 0) return bottom;
  pieces.push({
    draw: (context) => {
      context.font = textFont('12px');
      context.fillStyle = colours.textSoft;
      context.fillText(input.more(left), EDGE, bottom + 14);
    },
  });
  return bottom + LINE;
}

/** The key of the hatched spans. */
function hatchedKey(context: CanvasRenderingContext2D, y: number, colour: string): void {
  context.save();
  context.strokeStyle = colour;
  context.strokeRect(EDGE + 0.5, y + 4.5, 22, 11);
  context.beginPath();
  context.rect(EDGE, y + 4, 23, 12);
  context.clip();
  context.beginPath();
  for (let x = EDGE - 12; x < EDGE + 24; x += 5) {
    context.moveTo(x, y + 16);
    context.lineTo(x + 12, y + 4);
  }
  context.stroke();
  context.restore();
}

/** A text cut off with an ellipsis where it would be wider than there is room. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length -= 1;
  return `${text.slice(0, length)}…`;
}

function paint(
  pieces: readonly Piece[],
  width: number,
  height: number,
  ratio: number,
  ground: string,
): string | null {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.scale(ratio, ratio);
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height);
  for (const piece of pieces) piece.draw(context);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
