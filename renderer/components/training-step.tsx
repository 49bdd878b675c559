import { useState } from 'react';
import type { TrainingIncidentId, TrainingLesson } from '#shared/contract/training.ts';
import type { AppError } from '#shared/errors/index.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { Icon } from './icon.tsx';
import { PageLink } from './page-link.tsx';
import { copyText } from './save-text.ts';
import { TextField } from './text-field.tsx';
import { useCall } from './use-request.ts';
import { useText } from './use-text.ts';

type Step = TrainingLesson['steps'][number];

/** What a step of a lesson says of how it is done, and the buttons that it needs. */
export function TrainingStep({
  step,
  here,
  onDone,
}: {
  readonly step: Step;
  /** The address that is shown: no link leads to where one is. */
  readonly here: string;
  /** Something was begun, ended or answered. */
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const begin = async (id: TrainingIncidentId, active: boolean): Promise<void> => {
    const answer = await call('training.incident', { id, active });
    setError(answer.ok ? null : answer.error);
    onDone();
  };
  const { starts, ends, link, copy } = step;
  return (
    <div className="training-step">
      {step.how !== null && <p className="soft">{text(step.how)}</p>}
      <div className="row">
        {starts !== null && (
          <Button kind="primary" onClick={() => void begin(starts, true)}>
            {t('training:start')}
          </Button>
        )}
        {ends !== null && (
          <Button kind="primary" onClick={() => void begin(ends, false)}>
            {t('training:finish')}
          </Button>
        )}
        {link !== null && !isHere(link, here) && (
          <PageLink className={starts === null && ends === null ? 'btn btn-primary' : 'btn'} to={link}>
            {t('training:goTo')}
          </PageLink>
        )}
        {copy !== null && (
          <>
            <code className="mono">{copy}</code>
            <Button kind="quiet" onClick={() => void copyText(copy)}>
              <Icon name="copy" size={14} /> {t('common:action.copy')}
            </Button>
          </>
        )}
        {step.asks && <Answer onDone={onDone} />}
      </div>
      {error && <ErrorNotice error={error} />}
    </div>
  );
}

/** Whether the shown address is the link's, whatever else it says. */
function isHere(link: string, here: string): boolean {
  const [path, wanted] = link.split('?');
  const [shown, search] = here.split('?');
  const given = new URLSearchParams(search);
  return path === shown && [...new URLSearchParams(wanted)].every(([key, value]) => given.get(key) === value);
}

function Answer({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const check = async (): Promise<void> => {
    const answer = await call('training.answer', { text: typed });
    setWrong(answer.ok && !answer.value.right);
    onDone();
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void check();
      }}
    >
      <TextField
        label={t('training:answer')}
        error={wrong ? t('training:wrong') : null}
        mono
        placeholder="SO-000000"
        value={typed}
        onChange={(value) => {
          setTyped(value);
          setWrong(false);
        }}
      />
      <Button type="submit" disabled={typed.trim() === ''}>
        {t('training:check')}
      </Button>
    </form>
  );
}
