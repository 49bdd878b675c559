import { formatBytes } from '#shared/units/bytes.ts';
import { RelativeTime } from '../../../components/figures.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** How far rolling verification of a plan has come, in a line. */
export function CoverLine({ plan }: { readonly plan: string }) {
  const { t } = useTranslation();
  const request = useRequest('backup.verifyCover', {});
  useEvent('backup.changed', request.reload);
  const cover = request.data?.plans.find((each) => each.plan === plan);
  if (cover === undefined || cover.totalBytes === 0) return null;
  return (
    <p className="row" data-testid="verify-cover">
      {cover.coverDays !== null && (
        <StateBadge
          state={cover.overdue > 0 ? 'warning' : 'ok'}
          word={
            cover.overdue > 0
              ? t('retention:cover.overdue', { count: cover.overdue })
              : t('retention:cover.onTime')
          }
        />
      )}
      <span>
        {t('retention:cover.line', {
          covered: formatBytes(cover.coveredBytes),
          total: formatBytes(cover.totalBytes),
          days: cover.coverDays ?? 30,
        })}
      </span>
      <span className="soft">
        {t('retention:cover.oldest')} <RelativeTime time={cover.oldestVerifiedAt} />
      </span>
    </p>
  );
}
