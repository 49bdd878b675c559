import {
  DEFAULT_METRICS_SETTINGS,
  type MetricsSettings,
  metricsSettingsSchema,
} from '#shared/contract/metrics-settings.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { compileMatcher } from './matchers.ts';

/** Named texts that survive a restart. */
export type SettingStore = {
  readonly get: (name: string) => string | null;
  readonly set: (name: string, value: string) => void;
};

const NAME = 'metrics';

/** What was set last, or the defaults: what cannot be read must not remove data sooner than they do. */
export function readMetricsSettings(store: SettingStore | undefined): MetricsSettings {
  const text = store?.get(NAME) ?? null;
  if (text === null) return DEFAULT_METRICS_SETTINGS;
  const read = metricsSettingsSchema.safeParse(JSON.parse(text));
  return read.success ? read.data : DEFAULT_METRICS_SETTINGS;
}

export function writeMetricsSettings(store: SettingStore | undefined, settings: MetricsSettings): void {
  store?.set(NAME, JSON.stringify(settings));
}

/** Checks what a schema cannot. @returns METRICS_CLASS_MATCHER_INVALID for an expression that RE2 does not take */
export function checkMetricsSettings(settings: MetricsSettings): Result<MetricsSettings> {
  for (const { name, matchers } of settings.classes)
    for (const { label, op, value } of matchers)
      try {
        compileMatcher({ name: label, op, value }).test('');
      } catch (thrown) {
        return err(appError('METRICS_CLASS_MATCHER_INVALID', { name, value, why: describeThrown(thrown) }));
      }
  return ok(settings);
}
