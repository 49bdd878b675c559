import { type Tint, tintStyle } from '../tint.ts';
import { TintMark } from '../tint-mark.tsx';
import { type ScaleStep, shareOf } from './gauge-arc.tsx';

/** One bar. */
export type ValueBar = {
  readonly key: string;
  readonly name: string;
  readonly value: number | null;
  readonly text: string;
  readonly tint: Tint;
};

export type ValueBarsProps = {
  readonly label: string;
  readonly bars: readonly ValueBar[];
  readonly min: number;
  readonly max: number;
  readonly steps: readonly ScaleStep[];
};

/** Values as bars from the same edge, so that their lengths compare; the thresholds are ticks on the ground. */
export function ValueBars({ label, bars, min, max, steps }: ValueBarsProps) {
  const ticks = steps.map(({ from }) => shareOf(from, min, max)).filter((share) => share > 0 && share < 1);
  return (
    <ul className="value-bars" aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.key} className="value-bar">
          <span className="ellipsis" title={bar.name}>
            {bar.name}
          </span>
          <span className="value-bar-ground" aria-hidden="true">
            <span
              className="value-bar-fill"
              style={{
                ...tintStyle(bar.tint).style,
                width: `${bar.value === null ? 0 : shareOf(bar.value, min, max) * 100}%`,
              }}
            />
            {ticks.map((share) => (
              <span key={share} className="value-bar-tick" style={{ left: `${share * 100}%` }} />
            ))}
          </span>
          <span className="figure value-bar-text">
            <TintMark tint={bar.tint} size={10} />
            {bar.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
