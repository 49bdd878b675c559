import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { formatDuration } from '#shared/units/duration.ts';

/** A file that a policy names, as it is now. */
export type LogFileFacts = {
  readonly path: string;
  readonly bytes: number;
  /** The last rotation, or when a policy first saw the file. */
  readonly since: number;
};

/** Whether a file is to be rotated, by which rule, and why or why not. */
export type DueVerdict =
  | { readonly due: true; readonly trigger: 'schedule' | 'size' | 'age' | 'hand'; readonly why: Bilingual }
  | { readonly due: false; readonly why: Bilingual };

const no = (zh: string, en: string): DueVerdict => ({ due: false, why: { zh, en } });

/**
 * Decides whether a file is due (docs/log-rotation.md, "When a file is rotated"). Pure.
 *
 * @param byHand somebody asked for it: due, unless it is empty and empty files are left alone
 */
export function dueOf(policy: RotationPolicy, file: LogFileFacts, now: number, byHand: boolean): DueVerdict {
  if (file.bytes === 0 && policy.skipEmpty) return no('文件为空。', 'The file is empty.');
  if (byHand) return { due: true, trigger: 'hand', why: { zh: '手动轮转。', en: 'Asked for by hand.' } };
  const { schedule, scheduleMinBytes, bytes, ageMs } = policy.when;
  // What a clock wrote that has been set back since must not keep a file from being rotated.
  const since = Math.min(file.since, now);
  if (bytes !== null && file.bytes >= bytes)
    return {
      due: true,
      trigger: 'size',
      why: {
        zh: `大小 ${formatBytes(file.bytes)}，达到 ${formatBytes(bytes)}。`,
        en: `${formatBytes(file.bytes)}, at least ${formatBytes(bytes)}.`,
      },
    };
  if (ageMs !== null && now - since >= ageMs)
    return {
      due: true,
      trigger: 'age',
      why: {
        zh: `距上次轮转已达 ${formatDuration(ageMs)}。`,
        en: `Not rotated for ${formatDuration(ageMs)}.`,
      },
    };
  if (schedule !== null) {
    const next = cronTimes(schedule, since, 1);
    const at = next.ok ? next.times[0] : undefined;
    if (at !== undefined && at <= now) {
      if (scheduleMinBytes !== null && file.bytes < scheduleMinBytes)
        return no(
          `时间已到，但不足 ${formatBytes(scheduleMinBytes)}。`,
          `Its time has come, but it is smaller than ${formatBytes(scheduleMinBytes)}.`,
        );
      return {
        due: true,
        trigger: 'schedule',
        why: { zh: '计划的时间已到。', en: 'Its scheduled time has come.' },
      };
    }
  }
  return no('未到轮转条件。', 'No rule applies yet.');
}
