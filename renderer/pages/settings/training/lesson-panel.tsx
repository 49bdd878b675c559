import type { TrainingLesson } from '#shared/contract/training.ts';
import { Panel } from '../../../components/page-header.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { TrainingStep } from '../../../components/training-step.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** One lesson: why, and its steps; the first that is not done is the one to do. */
export function LessonPanel({
  lesson,
  number,
  onDone,
}: {
  readonly lesson: TrainingLesson;
  readonly number: number;
  /** Something was begun, ended or answered. */
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const current = lesson.steps.findIndex(({ done }) => !done);
  return (
    <Panel title={`${number}. ${text(lesson.title)}`}>
      <p className="soft">{text(lesson.why)}</p>
      <ol className="training-steps" data-lesson={lesson.id}>
        {lesson.steps.map((step, index) => (
          <li key={step.text.en} data-done={step.done} aria-current={index === current ? 'step' : undefined}>
            <div className="row">
              <StateBadge
                state={step.done ? 'ok' : 'unknown'}
                word={t(step.done ? 'training:done' : index === current ? 'training:now' : 'training:toDo')}
              />
              <span>{text(step.text)}</span>
            </div>
            {index === current && <TrainingStep step={step} here="/settings/training" onDone={onDone} />}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
