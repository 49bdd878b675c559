import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Maintenance } from '#shared/contract/notify-silences.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { CALENDAR_WEEKS, Calendar } from './calendar.tsx';
import { addDays, type Occurrence, weekStart } from './calendar-layout.ts';
import { MaintenanceDialog } from './maintenance-dialog.tsx';
import { MaintenanceTable } from './maintenance-table.tsx';
import { SpanTable } from './span-table.tsx';

/** What floats: one that is changed, or a new one, on a day that was chosen. */
type Editing = { readonly maintenance: Maintenance | null; readonly day: number | null };

/** Planned work: what there is, and when it is, as calendar or as table. */
export function MaintenancePanel() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const asTable = params.get('calendar') === 'table';
  const now = useNow(300_000);
  const from = weekStart(now);
  const request = useRequest(
    'notify.maintenance.list',
    { from, to: addDays(from, CALENDAR_WEEKS * 7) },
    { refreshMs: 60_000 },
  );
  useEvent('notify.changed', request.reload);
  const [editing, setEditing] = useState<Editing | null>(null);
  const data = request.data;
  const occurrences = useMemo((): readonly Occurrence[] => {
    const names = new Map(data?.maintenances.map(({ id, name }) => [id, name]));
    return (data?.spans ?? []).map(({ id, from: start, to: end }) => ({
      id,
      name: names.get(id) ?? id,
      start,
      end,
    }));
  }, [data]);
  const open = (id: string): void =>
    setEditing({ maintenance: data?.maintenances.find((one) => one.id === id) ?? null, day: null });
  const show = (kind: 'calendar' | 'table'): void =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (kind === 'table') next.set('calendar', 'table');
      else next.delete('calendar');
      return next;
    });
  return (
    <Panel
      title={t('alerts:maintenance.title')}
      extra={
        <span className="row">
          <fieldset className="segmented" aria-label={t('alerts:calendar.view')}>
            <Button aria-pressed={!asTable} onClick={() => show('calendar')}>
              {t('alerts:calendar.calendar')}
            </Button>
            <Button aria-pressed={asTable} onClick={() => show('table')}>
              {t('alerts:calendar.table')}
            </Button>
          </fieldset>
          <Button kind="primary" onClick={() => setEditing({ maintenance: null, day: null })}>
            {t('alerts:maintenance.new')}
          </Button>
        </span>
      }
    >
      <RequestView request={request} rows={6}>
        {({ maintenances }) => (
          <div className="stack">
            <MaintenanceTable
              maintenances={maintenances}
              found={params.get('id')}
              onEdit={(maintenance) => setEditing({ maintenance, day: null })}
              onChanged={request.reload}
            />
            {asTable ? (
              <SpanTable occurrences={occurrences} onOpen={open} />
            ) : (
              <Calendar
                occurrences={occurrences}
                onOpen={open}
                onPlan={(day) => setEditing({ maintenance: null, day })}
              />
            )}
          </div>
        )}
      </RequestView>
      {editing && (
        <MaintenanceDialog
          maintenance={editing.maintenance}
          day={editing.day}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            request.reload();
          }}
        />
      )}
    </Panel>
  );
}
