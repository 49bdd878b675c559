import { useSearchParams } from 'react-router';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { HistoryView } from './history-view.tsx';
import { ShiftReportView } from './shift-report-view.tsx';
import { SpanBar } from './span-bar.tsx';
import { StatisticsView } from './statistics-view.tsx';
import { useSpan } from './use-span.ts';

const views = ['list', 'statistics', 'shift'] as const;

/** What was: every alert, what each rule cost, and the report of a shift; all of one span of time. */
export function HistoryTab() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const shown = views.find((known) => known === params.get('show')) ?? 'list';
  const span = useSpan(shown === 'shift' ? '12h' : '7d');
  return (
    <>
      <div className="row">
        <fieldset className="segmented" aria-label={t('alerts:view')}>
          {views.map((view) => (
            <Button
              key={view}
              aria-pressed={view === shown}
              onClick={() =>
                setParams((old) => {
                  const next = new URLSearchParams(old);
                  if (view === 'list') next.delete('show');
                  else next.set('show', view);
                  return next;
                })
              }
            >
              {t(`alerts:history.view.${view}`)}
            </Button>
          ))}
        </fieldset>
        <SpanBar span={span} />
      </div>
      {shown === 'list' && <HistoryView span={span} />}
      {shown === 'statistics' && <StatisticsView span={span} />}
      {shown === 'shift' && <ShiftReportView span={span} />}
    </>
  );
}
