import { useState } from 'react';
import type { Risk } from '#shared/contract/recovery-register.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useWords } from './words-field.tsx';

/** Common risks of an HMTT site to choose from; nothing is registered that was not chosen. */
export function RiskStarters({
  starters,
  onClose,
}: {
  readonly starters: readonly Risk[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const call = useCall();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<AppError | null>(null);
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const adopt = async (): Promise<void> => {
    for (const risk of starters.filter(({ id }) => chosen.has(id))) {
      const answer = await call('recovery.risks.save', risk);
      if (!answer.ok) {
        setError(answer.error);
        return;
      }
    }
    onClose();
  };
  return (
    <Overlay title={t('recovery:disaster.risks.starters')} onClose={onClose}>
      <p className="soft">{t('recovery:disaster.risks.startersBody')}</p>
      <ul className="starters">
        {starters.map((risk) => (
          <li key={risk.id}>
            <label>
              <input type="checkbox" checked={chosen.has(risk.id)} onChange={() => toggle(risk.id)} />{' '}
              <strong>{words(risk.title)}</strong>{' '}
              <span className="soft">
                {t(`recovery:disaster.risks.kinds.${risk.kind}`)} · {risk.likelihood} × {risk.impact} ·{' '}
                {words(risk.measures)}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {error && <ErrorNotice error={error} />}
      <div className="row">
        <Button kind="primary" disabled={chosen.size === 0} onClick={() => void adopt()}>
          {t('recovery:disaster.risks.adopt', { count: chosen.size })}
        </Button>
        <Button onClick={() => setChosen(new Set(starters.map(({ id }) => id)))}>
          {t('recovery:disaster.risks.all')}
        </Button>
      </div>
    </Overlay>
  );
}
