import { useState } from 'react';
import { type Risk, riskKindSchema } from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useSaveAction } from './save-action.ts';
import { WordsField } from './words-field.tsx';

const fresh: Omit<Risk, 'id'> = {
  kind: 'hardware',
  title: { zh: '', en: '' },
  likelihood: 3,
  impact: 3,
  measures: { zh: '', en: '' },
  owner: '',
  reviewAt: null,
};

/** The end of a day as `YYYY-MM-DD` in local time, UTC milliseconds; null for no day. */
function dayEnd(text: string): number | null {
  const at = new Date(`${text}T23:59:59`).getTime();
  return Number.isNaN(at) ? null : at;
}

/** One entry of the risk register, new or changed. */
export function RiskForm({ risk, onClose }: { readonly risk: Risk | null; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const save = useSaveAction();
  const [draft, setDraft] = useState<Omit<Risk, 'id'> & { readonly id?: string }>(risk ?? fresh);
  const set = (change: Partial<Risk>): void => setDraft({ ...draft, ...change });
  const title = t(risk === null ? 'recovery:disaster.add' : 'recovery:disaster.edit');
  return (
    <Overlay title={title} onClose={onClose}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          void save.run('recovery.risks.save', draft, onClose);
        }}
      >
        <WordsField
          label={t('recovery:disaster.risks.risk')}
          value={draft.title}
          onChange={(title) => set({ title })}
        />
        <SelectField
          label={t('recovery:disaster.risks.kind')}
          value={draft.kind}
          options={riskKindSchema.options.map((kind) => [kind, t(`recovery:disaster.risks.kinds.${kind}`)])}
          onChange={(kind) => set({ kind })}
        />
        {(['likelihood', 'impact'] as const).map((name) => (
          <SelectField
            key={name}
            label={t(`recovery:disaster.risks.${name}`)}
            value={draft[name]}
            options={[1, 2, 3, 4, 5].map((value) => [value, String(value)])}
            onChange={(level) => set({ [name]: level })}
          />
        ))}
        <WordsField
          label={t('recovery:disaster.risks.measures')}
          rows={3}
          value={draft.measures}
          onChange={(measures) => set({ measures })}
        />
        <TextField
          label={t('recovery:disaster.owner')}
          maxLength={100}
          value={draft.owner}
          onChange={(value) => set({ owner: value })}
        />
        <Field label={t('recovery:disaster.risks.review')}>
          {(field) => (
            <input
              {...field}
              className="input"
              type="date"
              value={draft.reviewAt === null ? '' : absoluteText(draft.reviewAt).slice(0, 10)}
              onChange={(event) => set({ reviewAt: dayEnd(event.target.value) })}
            />
          )}
        </Field>
        {save.error && <ErrorNotice error={save.error} />}
        <div className="row">
          <Button kind="primary" type="submit" disabled={save.busy}>
            {t('recovery:disaster.save')}
          </Button>
          <Button onClick={onClose}>{t('recovery:disaster.cancel')}</Button>
          <span className="spacer" />
          {risk && (
            <Button
              kind="danger"
              onClick={() => void save.run('recovery.risks.remove', { id: risk.id }, onClose)}
            >
              {t('recovery:disaster.remove')}
            </Button>
          )}
        </div>
      </form>
    </Overlay>
  );
}
