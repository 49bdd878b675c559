import { useState } from 'react';
import type { Result } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { NumberField } from '../../../components/number-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** Who holds or releases, why, and until when. */
export type HoldStatement = { readonly who: string; readonly why: string; readonly until: number | null };

export type HoldDialogProps = {
  readonly kind: 'hold' | 'release';
  /** What is held, in words. */
  readonly what: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
  readonly send: (statement: HoldStatement) => Promise<Result<unknown>>;
};

const DAY = 86_400_000;

/** Holds something against removal, or lets it go: both need a name and a reason, which stay on record. */
export function HoldDialog({ kind, what, onClose, onDone, send }: HoldDialogProps) {
  const { t } = useTranslation();
  const [who, setWho] = useState('');
  const [why, setWhy] = useState('');
  const [days, setDays] = useState<number | null>(null);
  const saving = useSaving(onDone);
  const complete = who.trim() !== '' && why.trim() !== '';
  return (
    <Overlay kind="dialog" title={t(`rotation:hold.${kind}`)} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="hold-form"
        onSubmit={(event) => {
          event.preventDefault();
          const until = days === null || days <= 0 ? null : Date.now() + Math.round(days * DAY);
          if (complete) void saving.run(send({ who: who.trim(), why: why.trim(), until }));
        }}
      >
        <p>{t(`rotation:hold.${kind}What`, { what })}</p>
        <TextField autoFocus label={t('rotation:hold.who')} maxLength={100} value={who} onChange={setWho} />
        <TextField label={t('rotation:hold.why')} maxLength={500} value={why} onChange={setWhy} />
        {kind === 'hold' && (
          <NumberField
            label={t('rotation:hold.days')}
            unit={t('rotation:form.days')}
            placeholder={t('rotation:hold.openEnd')}
            value={days}
            onChange={setDays}
          />
        )}
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={!complete || saving.busy}>
            {t(`rotation:hold.${kind}`)}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
