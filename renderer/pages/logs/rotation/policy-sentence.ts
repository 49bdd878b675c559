import type { RotationCodecs, RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { durationText } from '../../../components/time.ts';
import type { Translate } from '../../../locales/use-translation.ts';
import { clockText, scheduleWords } from './schedule.ts';

/** When a policy rotates, in words: `每天 03:00，或文件达到 100 MiB 时`. */
function whenText(t: Translate, { when }: Pick<RotationPolicy, 'when'>): string {
  const parts: string[] = [];
  if (when.schedule !== null) {
    const words = scheduleWords(when.schedule);
    const time = clockText(words);
    const said =
      words.kind === 'cron' || words.kind === 'none'
        ? t('rotation:when.cron', { cron: when.schedule })
        : t(`rotation:when.${words.kind}`, { time, minute: words.minute });
    parts.push(
      when.scheduleMinBytes === null
        ? said
        : t('rotation:when.ifAtLeast', { said, size: formatBytes(when.scheduleMinBytes) }),
    );
  }
  if (when.bytes !== null) parts.push(t('rotation:when.bytes', { size: formatBytes(when.bytes) }));
  if (when.ageMs !== null) parts.push(t('rotation:when.age', { time: durationText(t, when.ageMs) }));
  return parts.length === 0 ? t('rotation:when.never') : parts.join(t('rotation:when.or'));
}

/** How the writer learns of it, in words; empty when nobody is told. */
function reopenText(t: Translate, { reopen }: RotationPolicy): string {
  switch (reopen.kind) {
    case 'none':
      return '';
    case 'signal':
      return reopen.pidFile === null
        ? t('rotation:how.signalHolders', { signal: reopen.signal })
        : t('rotation:how.signal', { signal: reopen.signal, pidFile: reopen.pidFile });
    case 'command':
      return t('rotation:how.command', { command: reopen.command });
    case 'service':
      return t('rotation:how.service', { unit: reopen.unit, action: t(`rotation:action.${reopen.action}`) });
  }
}

/** What happens to a file, in words and in the order in which it happens. */
function howText(t: Translate, policy: RotationPolicy, codecs: RotationCodecs): string {
  const steps = [
    t(`rotation:how.${policy.method}`),
    reopenText(t, policy),
    policy.method === 'rename' ? t('rotation:how.release') : '',
    policy.host === null ? '' : t('rotation:how.fetch'),
    policy.compress === 'none' ? '' : t('rotation:how.compress', { codec: codecs[policy.compress] }),
    policy.encryptTo.length === 0 ? '' : t('rotation:how.encrypt', { count: policy.encryptTo.length }),
    t('rotation:how.verify'),
  ];
  return steps.filter((step) => step !== '').join(t('rotation:how.next'));
}

/** How long segments stay, in words. */
function keepText(t: Translate, { keep }: Pick<RotationPolicy, 'keep'>): string {
  const parts: string[] = [];
  if (keep.days !== null) parts.push(t('rotation:keep.days', { days: keep.days }));
  if (keep.count !== null) parts.push(t('rotation:keep.count', { count: keep.count }));
  if (parts.length === 0) parts.push(t('rotation:keep.forever'));
  if (keep.lockDays > 0) parts.push(t('rotation:keep.lock', { days: keep.lockDays }));
  return parts.join(t('rotation:keep.and'));
}

/** A whole policy as one sentence. `codecs` is what the engine can write. */
export function policySentence(t: Translate, policy: RotationPolicy, codecs: RotationCodecs): string {
  return t('rotation:sentence', {
    paths: policy.paths.join(t('rotation:list')),
    when: whenText(t, policy),
    how: howText(t, policy, codecs),
    keep: keepText(t, policy),
  });
}
