import { useState } from 'react';
import type { Contact, Rota } from '#shared/contract/contacts.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ContactDialog } from './contact-dialog.tsx';
import { RotaDialog } from './rota-dialog.tsx';
import { RotaPanel } from './rota-panel.tsx';

/** People, and who of them is on call when. */
export function ContactsTab() {
  const { t } = useTranslation();
  const contacts = useRequest('contacts.list', {});
  const channels = useRequest('channels.list', {});
  const rotas = useRequest('shifts.list', {});
  useEvent('channels.changed', () => {
    contacts.reload();
    channels.reload();
    rotas.reload();
  });
  const [contact, setContact] = useState<Contact | 'new' | null>(null);
  const [rota, setRota] = useState<Rota | 'new' | null>(null);
  const people = contacts.data?.contacts ?? [];
  const names = new Map(channels.data?.channels.map(({ id, name }) => [id, name]));
  return (
    <>
      <RequestView request={rotas} rows={2}>
        {(data) =>
          data.rotas.map((one) => (
            <RotaPanel
              key={one.id}
              rota={one}
              people={people}
              onEdit={() => setRota(one)}
              onChanged={rotas.reload}
            />
          ))
        }
      </RequestView>
      <Panel
        title={t('channels:contact.title')}
        extra={
          <span className="row">
            <Button disabled={people.length === 0} onClick={() => setRota('new')}>
              {t('channels:rota.new')}
            </Button>
            <Button kind="primary" onClick={() => setContact('new')}>
              {t('channels:contact.new')}
            </Button>
          </span>
        }
      >
        <RequestView request={contacts} rows={3}>
          {(data) =>
            data.contacts.length === 0 ? (
              <EmptyState title={t('channels:contact.none')} body={t('channels:contact.noneBody')} />
            ) : (
              <ul className="plain-list lines" data-testid="contacts">
                {data.contacts.map((one) => (
                  <li key={one.id} className="row">
                    <strong>{one.name}</strong>
                    <span className="figure">{one.phone}</span>
                    <span className="mono">{one.email}</span>
                    <span className="soft grow">
                      {one.via.length === 0
                        ? t('channels:contact.byMail')
                        : one.via
                            .map(
                              ({ channel, to }) => `${names.get(channel) ?? channel}${to ? ` (${to})` : ''}`,
                            )
                            .join(', ')}
                      {one.note === '' ? '' : ` · ${one.note}`}
                    </span>
                    <Button
                      kind="quiet"
                      aria-label={t('channels:edit', { name: one.name })}
                      onClick={() => setContact(one)}
                    >
                      {t('channels:editShort')}
                    </Button>
                  </li>
                ))}
              </ul>
            )
          }
        </RequestView>
      </Panel>
      {contact !== null && (
        <ContactDialog
          contact={contact === 'new' ? null : contact}
          channels={channels.data?.channels ?? []}
          onClose={() => setContact(null)}
          onDone={() => {
            setContact(null);
            contacts.reload();
          }}
        />
      )}
      {rota !== null && (
        <RotaDialog
          rota={rota === 'new' ? null : rota}
          people={people}
          onClose={() => setRota(null)}
          onDone={() => {
            setRota(null);
            rotas.reload();
          }}
        />
      )}
    </>
  );
}
