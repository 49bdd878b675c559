import type { CheckView, ClockOffset } from '#shared/contract/checks.ts';
import type { Host } from '#shared/contract/hosts.ts';
import type { Sighting } from './built-in.ts';
import { aboutHost } from './host-conditions.ts';

/** A clock further off than this mixes up the order of what happened on two hosts; further still, logins and certificates fail. */
const OFFSET_WARNING_S = 2;
const OFFSET_CRITICAL_S = 60;

const linkOf = (hostId: string): string => `/hosts/${encodeURIComponent(hostId)}`;

/** Checks that fail. That of a host that is dead is an alert, too: the pipeline says that the host is why, and tells the host only. */
export function checkProblems(checks: readonly CheckView[], hosts: readonly Host[]): readonly Sighting[] {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  return checks.flatMap((check): readonly Sighting[] => {
    const host = byId.get(check.hostId);
    const { state, last } = check;
    if (host === undefined || !check.enabled || state === 'ok' || state === 'pending') return [];
    // After a start the check stands as it stood; why, its next attempt says.
    const why = last?.error?.message ?? last?.sentence ?? null;
    return [
      {
        id: `check_failing:${check.id}`,
        condition: 'check_failing',
        about: { ...aboutHost(host), check: check.name, kind: check.what.kind },
        severity: state === 'critical' ? 'critical' : 'warning',
        since: check.since,
        sentence: {
          zh: `${host.name} 的检查“${check.name}”失败${why === null ? '。' : `：${why.zh}`}`,
          en: `Check "${check.name}" of ${host.name} fails${why === null ? '.' : `: ${why.en}`}`,
        },
        next: last?.error?.hint ?? {
          zh: '在主机页点“测试此主机”，看是哪一步。',
          en: 'Use "Test this host" on the host page to see which step it is.',
        },
        link: linkOf(host.id),
      },
    ];
  });
}

/** Checks that console.db holds and nobody can read: they are not made. */
export function unreadableCheck(id: string): Sighting {
  return {
    id: `check_unreadable:${id}`,
    condition: 'check_unreadable',
    about: { check: id },
    severity: 'critical',
    since: null,
    sentence: {
      zh: `检查 ${id} 的设置已损坏，无法读取；它没有运行。`,
      en: `The settings of check ${id} are damaged and cannot be read; it is not made.`,
    },
    next: { zh: '请重新导入或重新添加该检查。', en: 'Import that check again, or add it anew.' },
    link: '/hosts',
  };
}

/** Whether a clock that was read is right, whatever the error of the measurement. */
export function isSurelyRight({ offsetSeconds, errorSeconds }: ClockOffset): boolean {
  return Math.abs(offsetSeconds) + errorSeconds < OFFSET_WARNING_S;
}

/** Clocks that are certainly off: by more than the limit, whatever the error of the measurement. */
export function clockProblems(clocks: readonly ClockOffset[], hosts: readonly Host[]): readonly Sighting[] {
  return clocks.flatMap(({ hostId, offsetSeconds, errorSeconds }): readonly Sighting[] => {
    const host = hosts.find(({ id }) => id === hostId);
    const certain = Math.abs(offsetSeconds) - errorSeconds;
    if (host === undefined || host.state !== 'up' || certain < OFFSET_WARNING_S) return [];
    const amount = Math.abs(offsetSeconds).toFixed(1);
    const isAhead = offsetSeconds > 0;
    return [
      {
        id: `clock_offset:${hostId}`,
        condition: 'clock_offset',
        about: aboutHost(host),
        severity: certain >= OFFSET_CRITICAL_S ? 'critical' : 'warning',
        since: null,
        sentence: {
          zh: `${host.name} 的时钟比本工作站${isAhead ? '快' : '慢'} ${amount} 秒。`,
          en: `The clock of ${host.name} is ${amount} s ${isAhead ? 'ahead of' : 'behind'} this workstation.`,
        },
        next: {
          zh: '检查该主机与本工作站的时间同步（chrony、ntpd）；各主机的日志先后顺序此时不可靠。',
          en: 'Check the time service of that host and of this workstation (chrony, ntpd); until then the order of events across hosts is not reliable.',
        },
        link: linkOf(hostId),
      },
    ];
  });
}
