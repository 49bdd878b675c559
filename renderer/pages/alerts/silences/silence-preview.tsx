import { useMemo } from 'react';
import type { Matcher } from '#shared/contract/notify-config.ts';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { StateBadge, StateShape } from '../../../components/state-badge.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { tellApart, usable } from './silence-draft.ts';

const WEEK_MS = 7 * 86_400_000;
const SHOWN = 4;

/** What these conditions hide now, and would have hidden in the last week: the mistake is seen before it is made. */
export function SilencePreview({ matchers }: { readonly matchers: readonly Matcher[] }) {
  const { t } = useTranslation();
  const text = useText();
  const sent = useMemo(() => usable(matchers), [matchers]);
  const enabled = tellApart(sent);
  const now = useMemo(() => Math.floor(Date.now() / 60_000) * 60_000 + 60_000, []);
  const preview = useRequest('notify.silences.preview', { matchers: sent }, { enabled });
  const past = useRequest(
    'notify.history',
    { from: now - WEEK_MS, to: now, matchers: sent, limit: 1 },
    { enabled },
  );
  if (!enabled) return null;
  if (preview.error) return <ErrorNotice error={preview.error} />;
  if (preview.data === null) return null;
  const { total, alerts, hosts } = preview.data;
  const week = past.data?.total ?? null;
  return (
    <div
      className={`notice ${total === 0 ? '' : 'notice-warning'}`}
      role="status"
      data-testid="silence-preview"
    >
      <StateShape state={total === 0 ? 'info' : 'warning'} />
      <div className="notice-body">
        <strong>
          {week === null
            ? t('alerts:silence.hides', { now: total })
            : t('alerts:silence.hidesAndHid', { now: total, week })}
        </strong>
        {hosts.length > 1 && (
          <div>{t('alerts:silence.hosts', { count: hosts.length, hosts: hosts.slice(0, 6).join(', ') })}</div>
        )}
        <ul className="plain-list">
          {alerts.slice(0, SHOWN).map((problem) => (
            <li key={problem.id} className="row nowrap">
              <StateBadge state={problem.severity} />
              <span className="ellipsis">{text(problem.sentence)}</span>
            </li>
          ))}
          {total > SHOWN && <li className="soft">{t('alerts:more', { count: total - SHOWN })}</li>}
        </ul>
      </div>
    </div>
  );
}
