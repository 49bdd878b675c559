import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';

export type WizardStep = {
  readonly id: string;
  readonly title: string;
  /** What was chosen in this step so far, shown under its name. */
  readonly chosen?: string;
};

export type WizardProps = {
  readonly title: string;
  readonly steps: readonly WizardStep[];
  /** Index of the present step. */
  readonly current: number;
  readonly children: ReactNode;
  /** Undefined hides the button; Back stays possible until something irreversible runs. */
  readonly onBack?: (() => void) | undefined;
  readonly onNext?: (() => void) | undefined;
  /** Id of the form of this step: Next submits it, and the form goes on by itself. */
  readonly nextForm?: string | undefined;
  readonly nextLabel?: string;
  readonly nextDisabled?: boolean;
  /** Leaves the wizard without doing anything. */
  readonly onCancel?: (() => void) | undefined;
  /** A step before the present one was clicked. */
  readonly onJump?: ((index: number) => void) | undefined;
};

/** One column; on the left the steps by name with what was chosen; below Back, Cancel and Next. */
export function Wizard(props: WizardProps) {
  const { t } = useTranslation();
  const { steps, current } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const step = steps[current];
  // A new step begins at its heading, for the keyboard and for a screen reader.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the step changes, not when the heading does.
  useEffect(() => heading.current?.focus(), [current]);
  return (
    <div className="wizard" data-testid="wizard" data-step={step?.id}>
      <nav className="wizard-steps" aria-label={t('common:wizard.steps')}>
        <h1>{props.title}</h1>
        <ol>
          {steps.map((item, index) => {
            const reachable = props.onJump !== undefined && index < current;
            const state = index < current ? 'past' : index === current ? 'present' : 'future';
            return (
              <li
                key={item.id}
                className={`wizard-step-${state}`}
                aria-current={index === current ? 'step' : undefined}
              >
                <span className="wizard-number figure">{index + 1}</span>
                <span>
                  {reachable ? (
                    <button type="button" className="linklike" onClick={() => props.onJump?.(index)}>
                      {item.title}
                    </button>
                  ) : (
                    <span>{item.title}</span>
                  )}
                  {item.chosen && <span className="wizard-chosen">{item.chosen}</span>}
                </span>
              </li>
            );
          })}
        </ol>
      </nav>
      <section className="wizard-body">
        <h2 ref={heading} tabIndex={-1}>
          {step?.title}
          <span className="soft small">
            {' '}
            {t('common:wizard.step', { current: current + 1, total: steps.length })}
          </span>
        </h2>
        <div className="wizard-content">{props.children}</div>
        <footer className="wizard-foot">
          {props.onCancel && <Button onClick={props.onCancel}>{t('common:action.cancel')}</Button>}
          <span className="spacer" />
          {props.onBack && <Button onClick={props.onBack}>{t('common:action.back')}</Button>}
          {(props.onNext ?? props.nextForm) && (
            <Button
              kind="primary"
              {...(props.nextForm === undefined
                ? { onClick: props.onNext }
                : { type: 'submit', form: props.nextForm })}
              disabled={props.nextDisabled === true}
            >
              {props.nextLabel ?? t('common:action.next')}
            </Button>
          )}
        </footer>
      </section>
    </div>
  );
}
