import { type Hooks, hooksSchema } from '#shared/contract/backup-sources.ts';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { MinutesField } from './minutes-field.tsx';
import type { SourcesFieldsProps } from './sources-fields.tsx';

const usual: Hooks = hooksSchema.parse({});

/** Commands before and after each run. */
export function HooksFields({ value, change }: SourcesFieldsProps) {
  const { t } = useTranslation();
  const hooks = value.hooks ?? usual;
  const set = (next: Partial<Hooks>): void =>
    change((old) => {
      const all = { ...(old.hooks ?? usual), ...next };
      return { ...old, hooks: all.before === null && all.after === null ? null : all };
    });
  const command = (text: string): string | null => (text.trim() === '' ? null : text);
  return (
    <section className="stack-small" aria-label={t('sources:hooks.title')}>
      <h3>{t('sources:hooks.title')}</h3>
      <span className="soft small">{t('sources:hooks.hint')}</span>
      <TextField
        mono
        label={t('sources:hooks.before')}
        hint={t('sources:hooks.beforeHint')}
        value={hooks.before ?? ''}
        onChange={(text) => set({ before: command(text) })}
      />
      <TextField
        mono
        label={t('sources:hooks.after')}
        hint={t('sources:hooks.afterHint')}
        value={hooks.after ?? ''}
        onChange={(text) => set({ after: command(text) })}
      />
      {value.hooks !== null && (
        <MinutesField
          label={t('sources:hooks.timeout')}
          ms={hooks.timeoutMs}
          set={(timeoutMs) => set({ timeoutMs })}
        />
      )}
    </section>
  );
}
