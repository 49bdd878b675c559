import { useState } from 'react';
import type { HostCard } from '#shared/contract/inventory.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DescribedFields, describedOf, draftOf } from './described-fields.tsx';
import { EntryForm } from './entry-form.tsx';

/** Owner, contact and what else people know of a host. */
export function CardForm({ card, onClose }: { readonly card: HostCard; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState(() => draftOf(card));
  return (
    <EntryForm
      title={t('inventory:panel')}
      onClose={onClose}
      save={() =>
        call('inventory.card.put', {
          card: { hostId: card.hostId, ...describedOf(draft) },
          version: card.version,
        })
      }
    >
      <DescribedFields draft={draft} onChange={setDraft} />
    </EntryForm>
  );
}
