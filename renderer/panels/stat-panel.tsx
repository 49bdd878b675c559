import { useMemo } from 'react';
import type { PanelViewProps } from './panel-types.ts';
import { largeValues } from './values-panel.ts';
import { StatTiles } from './views/stat-tiles.tsx';

/** One big number a series. */
export function StatPanel({ panel, data }: PanelViewProps<'stat'>) {
  const { series, look } = data;
  const { calc, spark, show, colored } = panel;
  const tiles = useMemo(
    () =>
      largeValues(series, calc, look).map((value, _index, all) => ({
        key: value.series.key,
        name: show === 'value' || (show === 'auto' && all.length === 1) ? '' : value.series.name,
        text: show === 'name' ? value.series.name : value.text,
        tint: value.tint,
        trend: spark && value.series.values.length > 1 ? value.series.values : null,
      })),
    [series, look, calc, spark, show],
  );
  return <StatTiles label={data.title} tiles={tiles} colored={colored} />;
}
