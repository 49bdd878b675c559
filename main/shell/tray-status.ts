import type { EngineState, Language } from '#shared/contract/shell.ts';
import type { SiteStatus } from '#shared/contract/site.ts';
import type { IconStatus } from './status-icon.ts';
import { say } from './texts.ts';

/** What the tray shows: one of four icons, and a line that says the same in words. */
export type TrayStatus = { readonly icon: IconStatus; readonly line: string };

/**
 * Sums the site up for the tray. Without a running engine the last figures are not shown: they would claim that
 * somebody is watching.
 *
 * @param status the newest figures of the running engine, null when it has sent none yet
 */
export function planTrayStatus(
  engine: EngineState,
  status: SiteStatus | null,
  language: Language,
): TrayStatus {
  switch (engine.state) {
    case 'starting':
      return { icon: 'unknown', line: say('trayStarting', language) };
    case 'restarting':
      return { icon: 'warning', line: say('trayRestarting', language) };
    case 'refused':
      return { icon: 'critical', line: say('trayRefused', language) };
    case 'stopped':
      return { icon: 'unknown', line: say('trayStopped', language) };
    case 'running':
      return status === null
        ? { icon: 'unknown', line: say('trayStarting', language) }
        : sumUp(status, language);
  }
}

function sumUp(status: SiteStatus, language: Language): TrayStatus {
  const { critical, warning } = status.problems;
  // Nothing is called normal before it was looked at.
  const calm: IconStatus = status.checkedAt === null ? 'unknown' : 'ok';
  const icon: IconStatus = critical > 0 ? 'critical' : warning > 0 ? 'warning' : calm;
  const problems =
    icon === calm
      ? say(calm === 'ok' ? 'trayOk' : 'trayFirstLook', language)
      : say('trayProblems', language, { critical, warning });
  const hosts = say('trayHosts', language, { up: status.hosts.up, total: status.hosts.total });
  return { icon, line: `${problems} · ${hosts}` };
}
