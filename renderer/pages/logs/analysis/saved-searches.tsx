import { useState } from 'react';
import type { SavedLogSearch } from '#shared/contract/logs-search.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { Icon } from '../../../components/icon.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

export type SavedSearchesProps = {
  /** The query of the page, which can be saved. */
  readonly query: string;
  readonly onOpen: (saved: SavedLogSearch) => void;
};

/** The searches that are kept under a name: open one, save the present one. */
export function SavedSearches({ query, onOpen }: SavedSearchesProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>
        <Icon name="logs" size={14} /> {t('logs:saved.open')}
      </Button>
      {open && (
        <SavedDialog
          query={query}
          onClose={() => setOpen(false)}
          onOpen={(saved) => {
            setOpen(false);
            onOpen(saved);
          }}
        />
      )}
    </>
  );
}

function SavedDialog({ query, onOpen, onClose }: SavedSearchesProps & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const list = useRequest('logs.saved.list', {});
  useEvent('logs.saved.changed', list.reload);
  const [name, setName] = useState('');
  const saving = useSaving(() => {
    setName('');
    list.reload();
  });
  const removing = useSaving(list.reload);
  return (
    <Overlay kind="dialog" title={t('logs:saved.title')} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="saved-search-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void saving.run(call('logs.saved.save', { name: name.trim(), query }));
        }}
      >
        <Field
          label={t('logs:saved.name')}
          hint={t('logs:saved.what', { query: query === '' ? t('logs:export.everything') : query })}
        >
          {(field) => (
            <div className="row">
              <input
                {...field}
                className="input grow"
                data-autofocus
                maxLength={100}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
              <Button kind="primary" type="submit" disabled={name.trim() === '' || saving.busy}>
                {t('logs:saved.save')}
              </Button>
            </div>
          )}
        </Field>
        {saving.error && <ErrorNotice error={saving.error} />}
      </form>
      <RequestView request={list} rows={3}>
        {({ searches }) =>
          searches.length === 0 ? (
            <p className="soft">{t('logs:saved.none')}</p>
          ) : (
            <ul className="plain-list lines" data-testid="saved-searches">
              {searches.map((saved) => (
                <li key={saved.id} className="row">
                  <button type="button" className="linklike" onClick={() => onOpen(saved)}>
                    {saved.name}
                  </button>
                  <span className="mono soft ellipsis grow" title={saved.query}>
                    {saved.query}
                  </span>
                  {saved.counted && <StateBadge state="info" word={t('logs:saved.counted')} />}
                  <Button
                    kind="quiet"
                    className="icon-btn"
                    aria-label={t('logs:saved.remove', { name: saved.name })}
                    title={t('logs:saved.remove', { name: saved.name })}
                    onClick={() => void removing.run(call('logs.saved.remove', { id: saved.id }))}
                  >
                    <Icon name="close" size={12} />
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </RequestView>
      {removing.error && <ErrorNotice error={removing.error} />}
    </Overlay>
  );
}
