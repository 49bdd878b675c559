import { type Tint, tintStyle } from '../tint.ts';
import { TintMark } from '../tint-mark.tsx';

/** A threshold's place on a scale. */
export type ScaleStep = { readonly from: number; readonly tint: Tint };

export type GaugeArcProps = {
  /** Null when there is no value. */
  readonly value: number | null;
  readonly text: string;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Ascending; the first one may be below `min`. */
  readonly steps: readonly ScaleStep[];
  readonly tint: Tint;
};

const RADIUS = 80;
const SWEEP = 240;
const BEGIN = -210;

/** Where a value stands between two bounds, 0 to 1. */
export function shareOf(value: number, min: number, max: number): number {
  if (!(max > min)) return 0;
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

function pointAt(share: number, radius: number): string {
  const angle = ((BEGIN + SWEEP * share) * Math.PI) / 180;
  return `${(100 + radius * Math.cos(angle)).toFixed(2)} ${(100 + radius * Math.sin(angle)).toFixed(2)}`;
}

/** An arc of the gauge between two shares, as an SVG path. */
export function arcPath(from: number, to: number, radius: number): string {
  const large = SWEEP * (to - from) > 180 ? 1 : 0;
  return `M${pointAt(from, radius)}A${radius} ${radius} 0 ${large} 1 ${pointAt(to, radius)}`;
}

/** One value on a round scale, with the thresholds outside; its state is also a shape and a word. */
export function GaugeArc({ value, text, name, min, max, steps, tint }: GaugeArcProps) {
  const share = value === null || Number.isNaN(value) ? 0 : shareOf(value, min, max);
  return (
    <figure className="gauge">
      <svg viewBox="0 0 200 150" role="img" aria-label={`${name}: ${text}`}>
        <path className="gauge-ground" d={arcPath(0, 1, RADIUS)} />
        {steps.map((step, index) => {
          const from = shareOf(step.from, min, max);
          const to = shareOf(steps[index + 1]?.from ?? max, min, max);
          return to > from ? (
            <path
              key={step.from}
              className="gauge-step"
              {...tintStyle(step.tint)}
              d={arcPath(from, to, RADIUS + 12)}
            />
          ) : null;
        })}
        {share > 0 && <path className="gauge-value" {...tintStyle(tint)} d={arcPath(0, share, RADIUS)} />}
        <text className="gauge-text" x="100" y="108" textAnchor="middle">
          {text}
        </text>
      </svg>
      <figcaption className="row gauge-name">
        <TintMark tint={tint} size={10} />
        <span className="ellipsis" title={name}>
          {name}
        </span>
      </figcaption>
    </figure>
  );
}
