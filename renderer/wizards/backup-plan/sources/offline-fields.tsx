import type { Offline } from '#shared/contract/backup-sources.ts';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { MinutesField } from './minutes-field.tsx';
import type { SourcesFieldsProps } from './sources-fields.tsx';
import { UnitFields } from './unit-fields.tsx';

const usual: Offline = { stop: '', start: '', check: null, timeoutMs: 5 * 60_000, host: null };

/** The service that stands still while files are read. */
export function OfflineFields({ value, change }: SourcesFieldsProps) {
  const { t } = useTranslation();
  const { offline } = value;
  const set = (next: Partial<Offline>): void =>
    change((old) => ({ ...old, offline: { ...(old.offline ?? usual), ...next } }));
  return (
    <section className="stack-small" aria-label={t('sources:offline.title')}>
      <h3>{t('sources:offline.title')}</h3>
      <label className="choice">
        <input
          type="checkbox"
          checked={offline !== null}
          onChange={(event) =>
            change((old) => ({ ...old, offline: event.target.checked ? (old.offline ?? usual) : null }))
          }
        />
        {t('sources:offline.use')}
      </label>
      <span className="soft small">{t('sources:offline.hint')}</span>
      {offline !== null && (
        <>
          <UnitFields offline={offline} set={set} />
          {offline.host === null && (
            <>
              <TextField
                mono
                label={t('sources:offline.stop')}
                value={offline.stop}
                onChange={(stop) => set({ stop })}
              />
              <TextField
                mono
                label={t('sources:offline.start')}
                value={offline.start}
                onChange={(start) => set({ start })}
              />
              <TextField
                mono
                label={t('sources:offline.check')}
                hint={t('sources:offline.checkHint')}
                value={offline.check ?? ''}
                onChange={(check) => set({ check: check.trim() === '' ? null : check })}
              />
            </>
          )}
          <MinutesField
            label={t('sources:offline.timeout')}
            ms={offline.timeoutMs}
            set={(timeoutMs) => set({ timeoutMs })}
          />
        </>
      )}
    </section>
  );
}
