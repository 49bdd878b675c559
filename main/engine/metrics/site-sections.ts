import { type MetricsSettings, metricsSettingsSchema } from '#shared/contract/metrics-settings.ts';
import { type SeriesLimits, seriesLimitsSchema } from '#shared/contract/metrics-usage.ts';
import { type SiteSection, siteSection, written } from '../platform/site-section.ts';
import { readSeriesLimits, writeSeriesLimits } from './series-limits.ts';
import {
  checkMetricsSettings,
  readMetricsSettings,
  type SettingStore,
  writeMetricsSettings,
} from './settings.ts';

/** How long samples stay, and how many series there may be, as parts of the site document. @param took hears what holds from now on */
export function metricsSections(
  store: SettingStore | undefined,
  took: {
    readonly settings: (next: MetricsSettings) => void;
    readonly limits: (next: SeriesLimits) => void;
  },
): readonly SiteSection[] {
  if (store === undefined) return [];
  return [
    siteSection({
      name: 'metricsRetention',
      most: 1,
      schema: metricsSettingsSchema,
      key: () => 'settings',
      read: () => [readMetricsSettings(store)],
      check: (settings) => {
        const checked = checkMetricsSettings(settings);
        return checked.ok ? null : checked.error;
      },
      put: (settings) => {
        writeMetricsSettings(store, settings);
        return written;
      },
      took: () => took.settings(readMetricsSettings(store)),
    }),
    siteSection({
      name: 'metricsLimits',
      most: 1,
      schema: seriesLimitsSchema,
      key: () => 'limits',
      read: () => [readSeriesLimits(store)],
      put: (limits) => {
        writeSeriesLimits(store, limits);
        return written;
      },
      took: () => took.limits(readSeriesLimits(store)),
    }),
  ];
}
