import type { AreaHandlers } from '#shared/contract/index.ts';
import { err, ok } from '#shared/errors/index.ts';
import { diskSpace } from '../platform/disk.ts';
import { ioError } from '../storage/io-error.ts';
import type { MetricsArea } from './area.ts';
import { planForecast } from './forecast.ts';
import { checkMetricsSettings } from './settings.ts';

/** Answers the requests about how long metrics are kept and what space they need. */
export function createRetentionHandlers(
  area: Pick<MetricsArea, 'folder' | 'settings' | 'changeSettings' | 'space'>,
): Pick<AreaHandlers<'metrics'>, 'metrics.settings.get' | 'metrics.settings.set' | 'metrics.forecast'> {
  return {
    'metrics.settings.get': () => ok(area.settings()),
    'metrics.settings.set': (settings) => {
      const checked = checkMetricsSettings(settings);
      if (!checked.ok) return checked;
      area.changeSettings(checked.value);
      return ok({});
    },
    'metrics.forecast': async () => {
      try {
        const { freeBytes } = await diskSpace(area.folder);
        return ok(planForecast({ ...area.space(), freeBytes, settings: area.settings() }));
      } catch (thrown) {
        return err(ioError(area.folder, thrown));
      }
    },
  };
}
