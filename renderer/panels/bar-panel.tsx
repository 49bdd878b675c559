import { useMemo } from 'react';
import type { PanelViewProps } from './panel-types.ts';
import { largeValues } from './values-panel.ts';
import { ValueBars } from './views/value-bars.tsx';

/** One bar a series, from one edge. */
export function BarPanel({ panel, data }: PanelViewProps<'bar'>) {
  const { series, look } = data;
  const values = useMemo(() => largeValues(series, panel.calc, look), [series, panel.calc, look]);
  const [first] = values;
  const bars = values.map(({ series: one, value, text, tint }) => ({
    key: one.key,
    name: one.name,
    value,
    text,
    tint,
  }));
  return (
    <ValueBars
      label={data.title}
      bars={bars}
      min={first?.scale.min ?? 0}
      max={first?.scale.max ?? 1}
      steps={first?.steps ?? []}
    />
  );
}
