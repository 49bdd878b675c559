import { useState } from 'react';
import type { LogSource } from '#shared/contract/logs.ts';
import type { LogSilence } from '#shared/contract/signals.ts';
import type { AppError } from '#shared/errors/index.ts';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const USUAL = [5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR];

/** Of which silence of a source people are told: learned from its past, after a time, or none. */
export function SilenceSetting({ source }: { readonly source: LogSource }) {
  const { t } = useTranslation();
  const call = useCall();
  const request = useRequest('signals.logSilence.list', {}, { subject: source.id });
  const [error, setError] = useState<AppError | null>(null);
  const set = async (setting: LogSilence): Promise<void> => {
    const answer = await call('signals.logSilence.set', { sourceId: source.id, setting });
    setError(answer.ok ? null : answer.error);
    request.reload();
  };
  return (
    <>
      <h3>{t('logs:silence.title')}</h3>
      <RequestView request={request} rows={2}>
        {({ sources }) => {
          const known = sources.find(({ sourceId }) => sourceId === source.id);
          if (known === undefined) return null;
          const { setting, afterMs } = known;
          const chosen = setting.kind === 'after' ? setting.ms : setting.kind;
          const times =
            setting.kind === 'after' && !USUAL.includes(setting.ms) ? [...USUAL, setting.ms] : USUAL;
          const hint =
            setting.kind !== 'auto'
              ? t('logs:silence.hint')
              : afterMs === null
                ? t('logs:silence.learning')
                : t('logs:silence.learned', { time: durationText(t, afterMs) });
          return (
            <SelectField
              label={t('logs:silence.tell')}
              hint={hint}
              value={chosen}
              options={[
                ['auto', t('logs:silence.auto')],
                ...times.map((ms) => [ms, t('logs:silence.after', { time: durationText(t, ms) })] as const),
                ['never', t('logs:silence.never')],
              ]}
              onChange={(at) => void set(typeof at === 'number' ? { kind: 'after', ms: at } : { kind: at })}
            />
          );
        }}
      </RequestView>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
