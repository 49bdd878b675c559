import { useState } from 'react';
import type { Pool } from '#shared/contract/backup-media.ts';
import type { AppError } from '#shared/errors/index.ts';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const SHOWN = 12;

/** The rotation calendar of a pool: which medium is due when, and why. */
export function PoolPanel({
  pool,
  language,
  onChanged,
}: {
  readonly pool: Pool;
  readonly language: 'zh' | 'en';
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const setCycle = async (days: number): Promise<void> => {
    if (!Number.isInteger(days) || days < 1 || days > 366 || days === pool.cycleDays) return;
    const answer = await call('backup.media.pool', { name: pool.name, cycleDays: days });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onChanged();
  };
  return (
    <Panel
      title={`${t('media:calendar')} · ${pool.name}`}
      extra={
        <label className="row">
          <span className="soft small">{t('media:cycleDays')}</span>
          <input
            key={pool.cycleDays}
            className="input figure"
            type="number"
            min={1}
            max={366}
            style={{ width: '5em' }}
            defaultValue={pool.cycleDays}
            onBlur={(event) => void setCycle(Number(event.target.value))}
            onKeyDown={(event) => {
              if (event.key === 'Enter') void setCycle(Number(event.currentTarget.value));
            }}
          />
        </label>
      }
    >
      {error && <ErrorNotice error={error} />}
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('media:due')}</th>
            <th scope="col">{t('media:column.label')}</th>
            <th scope="col">{t('media:reason')}</th>
          </tr>
        </thead>
        <tbody>
          {pool.calendar.slice(0, SHOWN).map((entry) => (
            <tr key={entry.mediumId}>
              <td className="figure">{absoluteText(entry.dueAt).slice(0, 10)}</td>
              <td>
                <span className="row">
                  {entry.isOverdue && <StateShape state="warning" />}
                  <span data-verbatim>{entry.label}</span>
                </span>
              </td>
              <td className="soft">{entry.reason[language]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
