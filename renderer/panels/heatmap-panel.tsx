import { useCallback, useMemo } from 'react';
import { EmptyState } from '../components/empty-state.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { panelField } from './panel-series.ts';
import type { PanelViewProps } from './panel-types.ts';
import { unitText } from './value-look.ts';
import { bucketsOfSamples, heatCells } from './views/heat-cells.ts';
import { HeatMap } from './views/heat-map.tsx';

/** How many fell into each bucket, over time. */
export function HeatmapPanel({ panel, data }: PanelViewProps<'heatmap'>) {
  const { t } = useTranslation();
  const { answers, look } = data;
  const field = useMemo(() => panelField(panel), [panel]);
  const cells = useMemo(() => {
    const shown = answers.find(({ target, columns }) => !target.hidden && columns !== null)?.columns ?? null;
    if (shown === null) return null;
    // Buckets as Prometheus keeps them hold those below them; an answer without `le` is samples.
    return panel.counts === 'samples' ? bucketsOfSamples(shown) : heatCells(shown, true);
  }, [answers, panel.counts]);
  const bound = useCallback(
    (value: number) => (value === Number.POSITIVE_INFINITY ? '+Inf' : unitText(value, field, look.language)),
    [field, look.language],
  );
  const count = useCallback(
    (value: number | null) =>
      value === null ? '—' : unitText(value, { unit: '', decimals: null }, look.language),
    [look.language],
  );
  if (cells === null)
    return <EmptyState title={t('dashboards:panel.noBuckets')} body={t('dashboards:panel.noBucketsBody')} />;
  return (
    <HeatMap label={data.title} cells={cells} bound={bound} count={count} onZoom={data.actions.onZoom} />
  );
}
