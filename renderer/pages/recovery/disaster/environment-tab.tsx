import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { type EnvironmentItem, environmentKindSchema } from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useSaveAction } from './save-action.ts';

const fresh: Omit<EnvironmentItem, 'id'> = { kind: 'contact', name: '', detail: '', reach: '', place: '' };

/** Standby hosts, contacts, vendors, where keys lie: what a recovery counts on besides backups. */
export function EnvironmentTab() {
  const { t } = useTranslation();
  const request = useRequest('recovery.environment.list', {});
  useEvent('recovery.changed', request.reload);
  const [edited, setEdited] = useState<EnvironmentItem | 'new' | null>(null);
  const columns = useMemo(
    (): readonly Column<EnvironmentItem>[] => [
      {
        id: 'kind',
        title: t('recovery:disaster.environment.kind'),
        width: 130,
        text: (item) => t(`recovery:disaster.environment.kinds.${item.kind}`),
        sortBy: (item) => item.kind,
      },
      {
        id: 'name',
        title: t('recovery:disaster.name'),
        width: 200,
        text: (item) => item.name,
        render: (item) => (
          <button type="button" className="linklike" onClick={() => setEdited(item)}>
            {item.name}
          </button>
        ),
        sortBy: (item) => item.name,
      },
      {
        id: 'reach',
        title: t('recovery:disaster.environment.reach'),
        width: 200,
        text: (item) => item.reach,
      },
      {
        id: 'place',
        title: t('recovery:disaster.environment.place'),
        width: 200,
        text: (item) => item.place,
      },
      {
        id: 'detail',
        title: t('recovery:disaster.environment.detail'),
        width: 320,
        text: (item) => item.detail,
      },
    ],
    [t],
  );
  return (
    <RequestView request={request} rows={6}>
      {({ items }) => (
        <>
          <DataTable
            id="environment"
            label={t('recovery:disaster.environment.title')}
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            onOpen={setEdited}
            maxHeight={420}
            empty={
              <EmptyState
                title={t('recovery:disaster.environment.none')}
                body={t('recovery:disaster.environment.noneBody')}
              />
            }
          />
          <div className="row">
            <Button kind="primary" onClick={() => setEdited('new')}>
              {t('recovery:disaster.add')}
            </Button>
            <span className="soft">
              <Link to="/backups?tab=media">{t('recovery:disaster.environment.media')}</Link>{' '}
              {t('recovery:disaster.environment.mediaHint')}
            </span>
          </div>
          {edited && (
            <EnvironmentForm item={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
          )}
        </>
      )}
    </RequestView>
  );
}

function EnvironmentForm({
  item,
  onClose,
}: {
  readonly item: EnvironmentItem | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const save = useSaveAction();
  const [draft, setDraft] = useState<Omit<EnvironmentItem, 'id'> & { readonly id?: string }>(item ?? fresh);
  return (
    <Overlay title={t(item === null ? 'recovery:disaster.add' : 'recovery:disaster.edit')} onClose={onClose}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          void save.run('recovery.environment.save', draft, onClose);
        }}
      >
        <SelectField
          label={t('recovery:disaster.environment.kind')}
          value={draft.kind}
          options={environmentKindSchema.options.map((kind) => [
            kind,
            t(`recovery:disaster.environment.kinds.${kind}`),
          ])}
          onChange={(kind) => setDraft({ ...draft, kind })}
        />
        {(
          [
            ['name', t('recovery:disaster.name')],
            ['reach', t('recovery:disaster.environment.reach')],
            ['place', t('recovery:disaster.environment.place')],
            ['detail', t('recovery:disaster.environment.detail')],
          ] as const
        ).map(([name, label]) => (
          <TextField
            key={name}
            label={label}
            maxLength={name === 'detail' ? 2000 : name === 'name' ? 200 : 500}
            value={draft[name]}
            onChange={(value) => setDraft({ ...draft, [name]: value })}
          />
        ))}
        {save.error && <ErrorNotice error={save.error} />}
        <div className="row">
          <Button kind="primary" type="submit" disabled={save.busy || draft.name.trim() === ''}>
            {t('recovery:disaster.save')}
          </Button>
          <Button onClick={onClose}>{t('recovery:disaster.cancel')}</Button>
          <span className="spacer" />
          {item && (
            <Button
              kind="danger"
              onClick={() => void save.run('recovery.environment.remove', { id: item.id }, onClose)}
            >
              {t('recovery:disaster.remove')}
            </Button>
          )}
        </div>
      </form>
    </Overlay>
  );
}
