import type { AlertRecord } from '#shared/contract/notify-alerts.ts';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** What one shift's report is made of. */
export type ShiftReportData = {
  readonly from: number;
  readonly to: number;
  readonly records: readonly AlertRecord[];
  /** All alerts of the span, when `records` is a part of them. */
  readonly total: number;
};

/** Most alerts that a report lists. */
export const MOST_REPORTED = 2_000;

/** What happened in a shift, who acknowledged what, and what is handed over; the same on the screen and on paper. */
export function ShiftReport({ data }: { readonly data: ShiftReportData }) {
  const { t } = useTranslation();
  const { records, from, to, total } = data;
  const open = records.filter(({ problem }) => problem.until === null || problem.until > to);
  const over = records.filter((record) => !open.includes(record));
  const acknowledged = records.filter(({ acknowledgedAt }) => acknowledgedAt !== null);
  const untouched = records.filter(
    ({ toldAt, acknowledgedAt }) => toldAt !== null && acknowledgedAt === null,
  );
  return (
    <div className="stack" data-testid="shift-report">
      <p>
        {absoluteText(from).slice(0, 16)} – {absoluteText(to).slice(0, 16)} ·{' '}
        {t('alerts:shift.summary', {
          total,
          open: open.length,
          acknowledged: acknowledged.length,
          untouched: untouched.length,
        })}
      </p>
      {total > records.length && <p>{t('common:table.shown', { shown: records.length, total })}</p>}
      <Section title={t('alerts:shift.open')} records={open} none={t('alerts:shift.noneOpen')} until={to} />
      <Section title={t('alerts:shift.over')} records={over} none={t('alerts:shift.noneOver')} until={to} />
    </div>
  );
}

function Section({
  title,
  records,
  none,
  until,
}: {
  readonly title: string;
  readonly records: readonly AlertRecord[];
  readonly none: string;
  readonly until: number;
}) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <section>
      <h2>{title}</h2>
      {records.length === 0 ? (
        <p>{none}</p>
      ) : (
        <table className="plain-table wide">
          <thead>
            <tr>
              <th>{t('alerts:column.since')}</th>
              <th>{t('alerts:column.length')}</th>
              <th>{t('alerts:column.severity')}</th>
              <th>{t('alerts:column.sentence')}</th>
              <th>{t('alerts:shift.acknowledged')}</th>
              <th>{t('alerts:ack.note')}</th>
            </tr>
          </thead>
          <tbody>
            {records.map((record) => (
              <tr key={`${record.problem.id} ${record.problem.since}`}>
                <td className="figure">{absoluteText(record.problem.since).slice(0, 16)}</td>
                <td>{durationText(t, (record.problem.until ?? until) - record.problem.since)}</td>
                <td>{t(`common:state.${record.problem.severity}`)}</td>
                <td>{text(record.problem.sentence)}</td>
                <td>
                  {record.acknowledgedAt === null
                    ? notTold(record, t('alerts:shift.nobody'), t('alerts:history.nobodyTold'))
                    : `${record.acknowledgedBy ?? ''} ${absoluteText(record.acknowledgedAt).slice(0, 16)}`}
                </td>
                <td>{record.note ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Nobody took it on, or nobody was told in the first place. */
function notTold(record: AlertRecord, nobody: string, untold: string): string {
  return record.toldAt === null ? untold : nobody;
}
