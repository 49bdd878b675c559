import { Sparkline } from '../../charts/sparkline.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { type Tint, tintStyle } from '../tint.ts';
import { TintMark } from '../tint-mark.tsx';

/** One big number. */
export type StatTile = {
  readonly key: string;
  /** Empty when the panel's title says it. */
  readonly name: string;
  readonly text: string;
  readonly tint: Tint;
  /** The trend under it; null for none. */
  readonly trend: readonly (number | null)[] | null;
};

export type StatTilesProps = {
  readonly label: string;
  readonly tiles: readonly StatTile[];
  /** What takes the tint: nothing, the value, or the ground behind it. */
  readonly colored: 'none' | 'value' | 'background';
};

/** Big numbers with their trend; the state is a colour, a shape and a word. */
export function StatTiles({ label, tiles, colored }: StatTilesProps) {
  const { t } = useTranslation();
  return (
    <ul className="stat-tiles" aria-label={label} data-count={Math.min(tiles.length, 9)}>
      {tiles.map((tile) => (
        <li
          key={tile.key}
          className="stat-tile"
          data-colored={colored}
          {...(colored === 'none' ? {} : tintStyle(tile.tint))}
        >
          {tile.name !== '' && (
            <span className="stat-name ellipsis" title={tile.name}>
              {tile.name}
            </span>
          )}
          <span className="stat-value figure">
            <TintMark tint={tile.tint} size={14} />
            <span className="stat-text">{tile.text}</span>
          </span>
          {tile.trend !== null && (
            <span className="stat-trend">
              <Sparkline
                values={tile.trend}
                {...trendBounds(tile.trend)}
                label={t('dashboards:panel.trend', { name: tile.name || label })}
              />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Bounds that show the shape of a trend: its own, never of zero height. */
function trendBounds(values: readonly (number | null)[]): { min: number; max: number } {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) return { min: 0, max: 1 };
  const min = Math.min(...known);
  const max = Math.max(...known);
  return max > min ? { min, max } : { min: min - 1, max: max + 1 };
}
