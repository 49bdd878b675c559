import type { RequestOutput } from '#shared/contract/index.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Duration } from '../../components/figures.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

const NAMES_SHOWN = 5;

/** The steps of a trial scrape: what was tried, how long it took, what came back; the failure in full. */
export function TestSteps({ answer }: { readonly answer: RequestOutput<'hosts.test'> }) {
  const { t } = useTranslation();
  const failed = answer.steps.find((step) => !step.ok);
  return (
    <div className="stack tight" data-testid="test-steps">
      <ol className="steps">
        {answer.steps.map((step) => (
          <li key={step.step}>
            <StateBadge
              state={step.ok ? 'ok' : 'critical'}
              word={t(step.ok ? 'hosts:test.ok' : 'hosts:test.bad')}
            />
            <span>{t(`hosts:test.${step.step}`)}</span>
            <Duration ms={step.durationMs} />
            <span className="soft breakable" title={step.detail}>
              {step.step === 'parse' && step.ok
                ? t('hosts:test.parsed', { samples: answer.samples.toLocaleString('en-US') })
                : step.detail}
            </span>
          </li>
        ))}
      </ol>
      {failed?.error && <ErrorNotice error={failed.error} />}
      {!failed && (
        <div className="notice notice-ok" data-testid="test-passed">
          <div className="notice-body">
            <strong>{t('hosts:test.passed', { samples: answer.samples.toLocaleString('en-US') })}</strong>
            {answer.sampleNames.length > 0 && (
              <div className="soft">
                {t('hosts:test.names', { names: answer.sampleNames.slice(0, NAMES_SHOWN).join(', ') })}
              </div>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
