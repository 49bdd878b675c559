import { useState } from 'react';
import type { LogSource } from '#shared/contract/logs.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { ListField } from '../../../components/list-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ReadingFields } from '../../../wizards/add-log-source/reading-fields.tsx';
import { isKnownZone, type LogSourceDraft, toSourceInput } from '../../../wizards/add-log-source/steps.ts';
import { isAbsolutePath } from '../../../wizards/paths.ts';

export type EditDialogProps = {
  readonly source: LogSource;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

function draftOf(source: LogSource): LogSourceDraft {
  const { path, more, exclude, name, host, zone, format, encoding, multiline, origin } = source;
  const login = origin.kind === 'remote' ? origin.login : null;
  return { path, more, exclude, name, host, zone, format, encoding, multiline, login, from: 'beginning' };
}

/** Changes a source in place: what it has read stays read, and it goes on where it stopped. */
export function EditDialog({ source, onClose, onDone }: EditDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState(() => draftOf(source));
  const saving = useSaving(onDone);
  const change = (part: Partial<LogSourceDraft>): void => setDraft((old) => ({ ...old, ...part }));
  const complete =
    draft.name.trim() !== '' &&
    draft.host.trim() !== '' &&
    isKnownZone(draft.zone) &&
    [draft.path.trim(), ...draft.more].every(isAbsolutePath);
  return (
    <Overlay title={t('logs:sources.editTitle', { name: source.name })} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="log-source-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete)
            void saving.run(call('logs.sources.update', { ...toSourceInput(draft), id: source.id }));
        }}
      >
        <p className="soft">{t('logs:sources.editMeans')}</p>
        <TextField
          autoFocus
          label={t('logs:wizard.name')}
          maxLength={100}
          value={draft.name}
          onChange={(name) => change({ name })}
        />
        <TextField
          mono
          label={t('logs:wizard.path')}
          value={draft.path}
          onChange={(path) => change({ path })}
        />
        <ListField label={t('logs:wizard.more')} value={draft.more} onChange={(more) => change({ more })} />
        <ListField
          label={t('logs:wizard.exclude')}
          value={draft.exclude}
          rows={1}
          onChange={(exclude) => change({ exclude })}
        />
        <TextField
          label={t('logs:wizard.host')}
          maxLength={200}
          value={draft.host}
          onChange={(host) => change({ host })}
        />
        <ReadingFields reading={draft} onChange={change} />
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <Button kind="primary" type="submit" disabled={!complete || saving.busy}>
            {t('common:action.save')}
          </Button>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
        </div>
      </form>
    </Overlay>
  );
}
