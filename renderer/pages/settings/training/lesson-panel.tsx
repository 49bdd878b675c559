import { useState } from 'react';
import type { TrainingIncidentId, TrainingLesson } from '#shared/contract/training.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** One lesson: why, and its steps; the first that is not done is the one to do. */
export function LessonPanel({
  lesson,
  onStart,
  onAnswered,
}: {
  readonly lesson: TrainingLesson;
  readonly onStart: (id: TrainingIncidentId) => void;
  readonly onAnswered: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const current = lesson.steps.findIndex(({ done }) => !done);
  return (
    <Panel title={text(lesson.title)}>
      <p className="soft">{text(lesson.why)}</p>
      <ol className="stack" data-lesson={lesson.id}>
        {lesson.steps.map((step, index) => (
          <li key={step.text.en} data-done={step.done}>
            <div className="row">
              <StateBadge
                state={step.done ? 'ok' : 'unknown'}
                word={t(step.done ? 'training:done' : 'training:toDo')}
              />
              <span>{text(step.text)}</span>
              {index === current && step.starts !== null && (
                <Button onClick={() => step.starts !== null && onStart(step.starts)}>
                  {t('training:start')}
                </Button>
              )}
              {index === current && step.link !== null && (
                <PageLink to={step.link}>{t('training:goTo')}</PageLink>
              )}
            </div>
            {index === current && step.asks && <Answer onAnswered={onAnswered} />}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Answer({ onAnswered }: { readonly onAnswered: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const check = async (): Promise<void> => {
    const answer = await call('training.answer', { text: typed });
    setWrong(answer.ok && !answer.value.right);
    onAnswered();
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void check();
      }}
    >
      <Field label={t('training:answer')} error={wrong ? t('training:wrong') : null}>
        {(field) => (
          <input
            {...field}
            className="input mono"
            spellCheck={false}
            placeholder="SO-000000"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value);
              setWrong(false);
            }}
          />
        )}
      </Field>
      <Button type="submit" disabled={typed.trim() === ''}>
        {t('training:check')}
      </Button>
    </form>
  );
}
