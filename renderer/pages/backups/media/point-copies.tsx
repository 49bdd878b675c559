import type { ListedPoint } from '#shared/contract/backup.ts';
import type { PointCopy } from '#shared/contract/backup-media.ts';
import { Panel } from '../../../components/page-header.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const shapes: Readonly<Record<PointCopy['state'], StateName>> = {
  intact: 'ok',
  broken: 'critical',
  // What lies in the safe is no fault.
  absent: 'not_watched',
  missing: 'critical',
};

/** Where the archive of a point is, everywhere, and which media a restore needs. */
export function PointCopies({ point }: { readonly point: ListedPoint }) {
  const { t } = useTranslation();
  const { copies, restorable } = point;
  const media = restorable.insert
    .map(({ label, location }) => (location === '' ? label : `${label} (${location})`))
    .join(', ');
  return (
    <Panel title={t('media:copies.title')}>
      {media !== '' && (
        <p>
          <StateBadge state="warning" word={t('media:copies.insert', { media })} />
        </p>
      )}
      {restorable.lost.length > 0 && (
        <p>
          <StateBadge state="critical" word={t('media:copies.lost', { count: restorable.lost.length })} />
        </p>
      )}
      <div className="table-wide">
        <table className="plain-table wide" data-testid="point-copies">
          <thead>
            <tr>
              <th scope="col">{t('media:copies.place')}</th>
              <th scope="col">{t('media:column.state')}</th>
              <th scope="col">{t('media:drawer.verified')}</th>
              <th scope="col">{t('media:column.where')}</th>
            </tr>
          </thead>
          <tbody>
            {copies.map((copy) => (
              <tr key={copy.path}>
                <td>
                  {t(`media:copies.${copy.kind}`)}
                  {copy.kind === 'medium' && <strong data-verbatim> {copy.name}</strong>}
                </td>
                <td>
                  <StateBadge state={shapes[copy.state]} word={t(`media:copies.state.${copy.state}`)} />
                </td>
                <td className="figure">{copy.verifiedAt === null ? '—' : absoluteText(copy.verifiedAt)}</td>
                <td className="mono" data-verbatim>
                  {copy.state === 'absent' && copy.location !== '' ? copy.location : copy.path}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
