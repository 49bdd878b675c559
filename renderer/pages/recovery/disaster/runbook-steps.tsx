import { type ReactNode, useState } from 'react';
import { phaseSchema, type Runbook, type RunbookStep } from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { copyText } from '../../../components/save-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useWords } from './words-field.tsx';

/** The steps of a runbook by phase; `beside` puts something under each, such as its tick. */
export function RunbookSteps({
  runbook,
  beside,
}: {
  readonly runbook: Runbook;
  readonly beside?: (step: RunbookStep) => ReactNode;
}) {
  const { t } = useTranslation();
  return phaseSchema.options.map((phase) => {
    const steps = runbook.steps.filter((step) => step.phase === phase);
    if (steps.length === 0) return null;
    return (
      <Panel key={phase} title={t(`recovery:disaster.runbooks.phase.${phase}`)}>
        <ol className="runbook-steps" start={runbook.steps.indexOf(steps[0] as RunbookStep) + 1}>
          {steps.map((step) => (
            <li key={step.id} data-step={step.id}>
              <StepText step={step} />
              {beside?.(step)}
            </li>
          ))}
        </ol>
      </Panel>
    );
  });
}

/** What a step says: what to do, who, how long, commands, how one knows that it is done. */
export function StepText({ step, paper = false }: { readonly step: RunbookStep; readonly paper?: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const [copied, setCopied] = useState(false);
  const who = [words(step.role), step.assignee].filter(Boolean).join('：');
  return (
    <>
      <strong>{words(step.title)}</strong>{' '}
      <span className="soft">
        {[who, step.minutes > 0 ? t('recovery:disaster.minutes', { n: step.minutes }) : '']
          .filter(Boolean)
          .join(' · ')}
      </span>
      {words(step.body) !== '' && <div>{words(step.body)}</div>}
      {step.command !== '' && (
        <div className="command">
          <pre>{step.command}</pre>
          {!paper && (
            <Button
              onClick={() => {
                void copyText(step.command);
                setCopied(true);
              }}
            >
              {t(copied ? 'recovery:disaster.runbooks.copied' : 'recovery:disaster.runbooks.copy')}
            </Button>
          )}
        </div>
      )}
      {words(step.check) !== '' && (
        <div>
          <span className="soft">{t('recovery:disaster.runbooks.check')}: </span>
          {words(step.check)}
        </div>
      )}
    </>
  );
}
