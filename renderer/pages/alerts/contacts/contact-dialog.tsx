import { useState } from 'react';
import type { Channel } from '#shared/contract/channels.ts';
import type { Contact } from '#shared/contract/contacts.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { SaveFoot } from '../../../components/save-foot.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

export type ContactDialogProps = {
  /** Null: a new one. */
  readonly contact: Contact | null;
  readonly channels: readonly Channel[];
  readonly onClose: () => void;
  readonly onDone: () => void;
};

type Draft = Omit<Contact, 'id'>;

/** Writes one contact: who it is, and how the person is told. */
export function ContactDialog({ contact, channels, onClose, onDone }: ContactDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState<Draft>(contact ?? { name: '', phone: '', email: '', note: '', via: [] });
  const { busy, error, run } = useSaving(onDone);
  const save = (): Promise<void> =>
    run(
      contact === null ? call('contacts.add', draft) : call('contacts.update', { ...draft, id: contact.id }),
    );
  const input = (key: 'name' | 'phone' | 'email' | 'note', longest: number) => (
    <TextField
      label={t(`channels:contact.${key}`)}
      name={key}
      maxLength={longest}
      autoFocus={key === 'name'}
      value={draft[key]}
      onChange={(value) => setDraft({ ...draft, [key]: value })}
    />
  );
  return (
    <Overlay
      kind="dialog"
      title={t(contact === null ? 'channels:contact.new' : 'channels:contact.change')}
      onClose={onClose}
    >
      <form
        className="fields"
        data-testid="contact-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.name.trim() !== '' && !busy) void save();
        }}
      >
        {input('name', 80)}
        {input('phone', 100)}
        {input('email', 320)}
        {input('note', 1_000)}
        <fieldset className="stack-small">
          <legend>{t('channels:contact.via')}</legend>
          <p className="soft small">{t('channels:contact.viaHint')}</p>
          {channels.map((channel) => {
            const chosen = draft.via.find((one) => one.channel === channel.id);
            const isOnly = (one: Contact['via'][number]): boolean => one.channel !== channel.id;
            const name = channel.settings.type === 'desktop' ? t('channels:type.desktop') : channel.name;
            return (
              <div key={channel.id} className="row">
                <label className="row">
                  <input
                    type="checkbox"
                    checked={chosen !== undefined}
                    onChange={(event) =>
                      setDraft({
                        ...draft,
                        via: event.target.checked
                          ? [...draft.via, { channel: channel.id, to: null }]
                          : draft.via.filter(isOnly),
                      })
                    }
                  />
                  {name}
                </label>
                {chosen !== undefined &&
                  (channel.settings.type === 'smtp' || channel.settings.type === 'command') && (
                    <input
                      className="input mono"
                      aria-label={t('channels:contact.to', { name })}
                      placeholder={channel.settings.type === 'smtp' ? draft.email : draft.phone}
                      maxLength={1_000}
                      value={chosen.to ?? ''}
                      onChange={(event) =>
                        setDraft({
                          ...draft,
                          via: draft.via.map((one) =>
                            isOnly(one) ? one : { ...one, to: event.target.value.trim() || null },
                          ),
                        })
                      }
                    />
                  )}
              </div>
            );
          })}
        </fieldset>
        <SaveFoot error={error} canSave={draft.name.trim() !== '' && !busy} onClose={onClose}>
          {contact !== null && (
            <Button
              kind="danger"
              disabled={busy}
              onClick={() => void run(call('contacts.remove', { id: contact.id }))}
            >
              {t('common:action.remove')}
            </Button>
          )}
        </SaveFoot>
      </form>
    </Overlay>
  );
}
