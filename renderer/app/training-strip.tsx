import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { PageLink } from '../components/page-link.tsx';
import { TrainingStep } from '../components/training-step.tsx';
import { useEvent, useRequest } from '../components/use-request.ts';
import { useText } from '../components/use-text.ts';
import { useTranslation } from '../locales/use-translation.ts';

const LESSONS = '/settings/training';

/** On every page of the training site: the step to do now, how, and the way back to the lessons. Elsewhere nothing. */
export function TrainingStrip() {
  const { t } = useTranslation();
  const text = useText();
  const { pathname, search } = useLocation();
  const [isTraining, setTraining] = useState(false);
  // A real site is asked once, and never again.
  const status = useRequest('training.status', {}, isTraining ? { refreshMs: 3_000 } : {});
  useEvent('training.changed', status.reload);
  const { data } = status;
  useEffect(() => setTraining(data?.isTraining === true), [data]);
  if (data?.isTraining !== true || pathname === LESSONS) return null;
  const { lessons } = data;
  const at = lessons.findIndex(({ steps }) => steps.some(({ done }) => !done));
  const lesson = lessons[at];
  const step = lesson?.steps.find(({ done }) => !done);
  return (
    <aside className="notice training-strip" aria-label={t('training:title')} data-testid="training-strip">
      <div className="notice-body">
        <p role="status">
          <strong>
            {lesson === undefined
              ? t('training:allDone')
              : t('training:lessonOf', { number: at + 1, total: lessons.length, title: text(lesson.title) })}
          </strong>{' '}
          {step === undefined ? t('training:allDoneNext') : text(step.text)}
        </p>
        {step !== undefined && (
          <TrainingStep key={step.text.en} step={step} here={`${pathname}${search}`} onDone={status.reload} />
        )}
      </div>
      <PageLink className="btn" to={LESSONS}>
        {t('training:lessons')}
      </PageLink>
    </aside>
  );
}
