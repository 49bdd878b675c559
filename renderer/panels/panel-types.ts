import type { WatchGap } from '#shared/contract/site.ts';
import type { Panel, PanelKind, PanelOf } from '#shared/domain/dashboard/panels.ts';
import type { ChartActions } from '../charts/time-chart.tsx';
import type { BoardMark } from './board-marks.ts';
import type { PanelSeries, TargetAnswer } from './panel-series.ts';
import type { Look } from './value-look.ts';

/** What a panel is drawn from besides itself. */
export type PanelData = {
  /** The time that is shown, UTC milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly answers: readonly TargetAnswer[];
  /** The series of the answers, with their options. */
  readonly series: readonly PanelSeries[];
  readonly gaps: readonly WatchGap[];
  readonly marks: readonly BoardMark[];
  readonly actions: ChartActions;
  readonly look: Look;
  /** Fills variables into a text. */
  readonly fill: (text: string) => string;
  /** False on paper and while nobody can see the panel: nothing may move or ask. */
  readonly alive: boolean;
  /** The panel's title as it is shown, for screen readers. */
  readonly title: string;
};

/** What every view of a panel takes. */
export type PanelViewProps<K extends PanelKind = PanelKind> = {
  readonly panel: PanelOf<K>;
  readonly data: PanelData;
};

/** The kinds of panels in the order in which they are offered. */
export const panelKinds = [
  'timeseries',
  'stat',
  'gauge',
  'bar',
  'table',
  'heatmap',
  'states',
  'logs',
  'alerts',
  'backups',
  'text',
] as const satisfies readonly Panel['kind'][];
