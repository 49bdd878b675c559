import type { Panel } from '#shared/domain/dashboard/panels.ts';
import { AlertsPanel } from './alerts-panel.tsx';
import { BackupsPanel } from './backups-panel.tsx';
import { BarPanel } from './bar-panel.tsx';
import { GaugePanel } from './gauge-panel.tsx';
import { HeatmapPanel } from './heatmap-panel.tsx';
import { LogsPanel } from './logs-panel.tsx';
import type { PanelData } from './panel-types.ts';
import { StatPanel } from './stat-panel.tsx';
import { StatesPanel } from './states-panel.tsx';
import { TablePanel } from './table-panel.tsx';
import { TextPanel } from './text-panel.tsx';
import { TimeseriesPanel } from './timeseries-panel.tsx';

/** What a panel shows, by its kind. */
export function PanelBody({ panel, data }: { readonly panel: Panel; readonly data: PanelData }) {
  switch (panel.kind) {
    case 'timeseries':
      return <TimeseriesPanel panel={panel} data={data} />;
    case 'stat':
      return <StatPanel panel={panel} data={data} />;
    case 'gauge':
      return <GaugePanel panel={panel} data={data} />;
    case 'bar':
      return <BarPanel panel={panel} data={data} />;
    case 'table':
      return <TablePanel panel={panel} data={data} />;
    case 'heatmap':
      return <HeatmapPanel panel={panel} data={data} />;
    case 'states':
      return <StatesPanel panel={panel} data={data} />;
    case 'logs':
      return <LogsPanel panel={panel} data={data} />;
    case 'alerts':
      return <AlertsPanel panel={panel} data={data} />;
    case 'backups':
      return <BackupsPanel panel={panel} data={data} />;
    case 'text':
      return <TextPanel panel={panel} data={data} />;
  }
}
