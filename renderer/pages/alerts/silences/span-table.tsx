import { useMemo } from 'react';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { Occurrence } from './calendar-layout.ts';

/** The calendar as a table. */
export function SpanTable({
  occurrences,
  onOpen,
}: {
  readonly occurrences: readonly Occurrence[];
  readonly onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  const columns = useMemo(
    (): readonly Column<Occurrence>[] => [
      {
        id: 'start',
        title: t('alerts:column.since'),
        width: 160,
        text: ({ start }) => absoluteText(start).slice(0, 16),
        sortBy: ({ start }) => start,
      },
      {
        id: 'end',
        title: t('alerts:column.until'),
        width: 160,
        text: ({ end }) => absoluteText(end).slice(0, 16),
        sortBy: ({ end }) => end,
      },
      {
        id: 'length',
        title: t('alerts:column.length'),
        width: 120,
        align: 'right',
        text: ({ start, end }) => durationText(t, end - start),
        sortBy: ({ start, end }) => end - start,
      },
      {
        id: 'name',
        title: t('alerts:maintenance.name'),
        width: 300,
        text: ({ name }) => name,
        sortBy: ({ name }) => name,
      },
    ],
    [t],
  );
  return (
    <DataTable
      id="maintenance-spans"
      label={t('alerts:calendar.label')}
      columns={columns}
      rows={occurrences}
      rowKey={({ id, start }) => `${id} ${start}`}
      onOpen={({ id }) => onOpen(id)}
      defaultSort={{ column: 'start', descending: false }}
      maxHeight={360}
      empty={<p className="soft">{t('alerts:calendar.empty')}</p>}
    />
  );
}
