import { useMemo } from 'react';
import type { PanelViewProps } from './panel-types.ts';
import { scaleOf, tintedText } from './value-look.ts';
import { inSight, type Lane, StateLanes, spansOf } from './views/state-lanes.tsx';

/** Which value each series had when. */
export function StatesPanel({ data }: PanelViewProps<'states'>) {
  const { series, look } = data;
  const lanes = useMemo(
    () =>
      series
        .filter(({ field }) => !field.hidden)
        .map((one): Lane => {
          const scale = scaleOf(one.field, one.values);
          return {
            key: one.key,
            name: one.name,
            spans: spansOf(one.times, one.values, one.stepMs, (value) =>
              tintedText(one.field, value, look, scale),
            ),
          };
        }),
    [series, look],
  );
  return <StateLanes label={data.title} lanes={inSight(lanes)} start={data.start} end={data.end} />;
}
