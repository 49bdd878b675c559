import type { ChannelHealth } from '#shared/contract/channels.ts';
import type { Sighting } from './built-in.ts';

/** Notices that were given up are told for so long after the last of them. */
const LOST_TOLD_MS = 86_400_000;

/** A channel that does not deliver, and notices that no person will get. */
export function channelProblems(health: ChannelHealth, now: number): readonly Sighting[] {
  const { channel, name, type, problem, failed, dropped, lastLostAt } = health;
  const about = { channel: name, type };
  const link = '/alerts?tab=channels';
  const found: Sighting[] = [];
  if (problem !== null)
    found.push({
      id: `channel_failing:${channel}`,
      condition: 'channel_failing',
      about,
      severity: problem.critical ? 'critical' : 'warning',
      since: problem.since,
      sentence: {
        zh: `通知渠道“${name}”发不出去：${problem.error.message.zh}`,
        en: `Channel "${name}" does not deliver: ${problem.error.message.en}`,
      },
      next: problem.error.hint,
      link,
    });
  if (lastLostAt !== null && now - lastLostAt < LOST_TOLD_MS)
    found.push({
      id: `notices_lost:${channel}`,
      condition: 'notices_lost',
      about,
      severity: 'critical',
      since: lastLostAt,
      sentence: {
        zh: `通知渠道“${name}”有 ${failed + dropped} 条通知没有送达，也不再重试。`,
        en: `${failed + dropped} notices of channel "${name}" were not delivered and are not tried again.`,
      },
      next: {
        zh: '打开该渠道查看是哪些通知，并确认有人知道这些告警。',
        en: 'Open the channel to see which they are, and make sure that somebody knows of these alerts.',
      },
      link,
    });
  return found;
}
