import { useMemo } from 'react';
import type { PanelViewProps } from './panel-types.ts';
import { largeValues } from './values-panel.ts';
import { GaugeArc } from './views/gauge-arc.tsx';

/** One round scale a series. */
export function GaugePanel({ panel, data }: PanelViewProps<'gauge'>) {
  const { series, look } = data;
  const values = useMemo(() => largeValues(series, panel.calc, look), [series, panel.calc, look]);
  return (
    <div className="gauges">
      {values.map((value) => (
        <GaugeArc
          key={value.series.key}
          value={value.value}
          text={value.text}
          name={value.series.name}
          min={value.scale.min}
          max={value.scale.max}
          steps={value.steps}
          tint={value.tint}
        />
      ))}
    </div>
  );
}
