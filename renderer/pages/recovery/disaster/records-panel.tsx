import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { type RecoveryRecord, recordKindSchema } from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { drillPath } from './drill-badge.tsx';
import { runPath } from './runbooks-tab.tsx';
import { useSaveAction } from './save-action.ts';
import { useWords } from './words-field.tsx';

const shapes = { passed: 'ok', partly: 'warning', failed: 'critical' } as const;

/** Tests, training, exercises and activations, the newest first. */
export function RecordsPanel() {
  const { t } = useTranslation();
  const words = useWords();
  const request = useRequest('recovery.records.list', {});
  useEvent('recovery.changed', request.reload);
  const [adding, setAdding] = useState(false);
  const columns = useMemo(
    (): readonly Column<RecoveryRecord>[] => [
      {
        id: 'type',
        title: t('recovery:disaster.records.type'),
        width: 90,
        text: ({ kind }) => t(`recovery:disaster.records.kind.${kind}`),
        sortBy: ({ kind }) => kind,
      },
      {
        id: 'outcome',
        title: t('recovery:disaster.records.outcome'),
        width: 100,
        text: ({ outcome }) => t(`recovery:disaster.records.outcomes.${outcome}`),
        render: ({ outcome }) => (
          <StateBadge state={shapes[outcome]} word={t(`recovery:disaster.records.outcomes.${outcome}`)} />
        ),
      },
      {
        id: 'what',
        title: t('recovery:disaster.records.what'),
        width: 260,
        text: ({ title }) => words(title),
        render: ({ title, about }) =>
          about === null ? (
            words(title)
          ) : (
            <Link to={about.kind === 'drill' ? drillPath(about.id) : runPath(about.id)}>{words(title)}</Link>
          ),
      },
      {
        id: 'at',
        title: t('recovery:disaster.records.at'),
        width: 160,
        text: ({ at }) => absoluteText(at),
        sortBy: ({ at }) => at,
      },
      {
        id: 'took',
        title: t('recovery:disaster.records.took'),
        width: 110,
        align: 'right',
        text: ({ durationMs }) => (durationMs === null ? '' : durationText(t, durationMs)),
      },
      {
        id: 'participants',
        title: t('recovery:disaster.records.participants'),
        width: 160,
        text: ({ participants }) => participants,
      },
      {
        id: 'notes',
        title: t('recovery:disaster.records.notes'),
        width: 260,
        text: ({ notes }) => notes,
      },
    ],
    [t, words],
  );
  return (
    <Panel
      title={t('recovery:disaster.records.title')}
      extra={<Button onClick={() => setAdding(true)}>{t('recovery:disaster.records.add')}</Button>}
    >
      <p className="soft small">{t('recovery:disaster.records.hint')}</p>
      <RequestView request={request} rows={3}>
        {({ records }) => (
          <DataTable
            id="recovery-records"
            label={t('recovery:disaster.records.title')}
            columns={columns}
            rows={records}
            rowKey={({ id }) => id}
            defaultSort={{ column: 'at', descending: true }}
            maxHeight={280}
            empty={
              <EmptyState
                title={t('recovery:disaster.records.none')}
                body={t('recovery:disaster.records.noneBody')}
              />
            }
          />
        )}
      </RequestView>
      {adding && <AddRecord onClose={() => setAdding(false)} />}
    </Panel>
  );
}

const outcomes = ['passed', 'partly', 'failed'] as const;

function AddRecord({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const save = useSaveAction();
  const [kind, setKind] = useState<RecoveryRecord['kind']>('training');
  const [outcome, setOutcome] = useState<RecoveryRecord['outcome']>('passed');
  const [title, setTitle] = useState('');
  const [day, setDay] = useState(() => absoluteText(Date.now()).slice(0, 10));
  const [minutes, setMinutes] = useState('');
  const [participants, setParticipants] = useState('');
  const [notes, setNotes] = useState('');
  const at = new Date(`${day}T12:00:00`).getTime();
  const took = Number(minutes);
  const isReady = title.trim() !== '' && !Number.isNaN(at) && Number.isFinite(took);
  return (
    <Overlay title={t('recovery:disaster.records.add')} onClose={onClose}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isReady) return;
          void save.run(
            'recovery.records.add',
            {
              kind,
              title,
              at,
              durationMs: minutes.trim() === '' ? null : Math.round(took * 60_000),
              outcome,
              participants,
              notes,
            },
            onClose,
          );
        }}
      >
        <SelectField
          label={t('recovery:disaster.records.type')}
          value={kind}
          options={recordKindSchema.options.map((option) => [
            option,
            t(`recovery:disaster.records.kind.${option}`),
          ])}
          onChange={setKind}
        />
        <SelectField
          label={t('recovery:disaster.records.outcome')}
          value={outcome}
          options={outcomes.map((option) => [option, t(`recovery:disaster.records.outcomes.${option}`)])}
          onChange={setOutcome}
        />
        {(
          [
            [t('recovery:disaster.records.what'), title, setTitle, 'text'],
            [t('recovery:disaster.records.at'), day, setDay, 'date'],
            [t('recovery:disaster.records.minutes'), minutes, setMinutes, 'number'],
            [t('recovery:disaster.records.participants'), participants, setParticipants, 'text'],
            [t('recovery:disaster.records.notes'), notes, setNotes, 'text'],
          ] as const
        ).map(([label, value, set, type]) => (
          <Field key={label} label={label}>
            {(field) => (
              <input
                {...field}
                className="input"
                type={type}
                value={value}
                maxLength={1000}
                onChange={(event) => set(event.target.value)}
              />
            )}
          </Field>
        ))}
        {save.error && <ErrorNotice error={save.error} />}
        <Button kind="primary" type="submit" disabled={save.busy || !isReady}>
          {t('recovery:disaster.save')}
        </Button>
      </form>
    </Overlay>
  );
}
