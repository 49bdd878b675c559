import type { CheckRun } from '#shared/contract/checks.ts';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Duration } from '../../../components/figures.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** Output longer than this is looked at elsewhere. */
const SHOWN_OUTPUT = 2_000;

/** What one check did, step by step, what it measured, and what the other side said. */
export function RunSteps({ run }: { readonly run: CheckRun }) {
  const { t } = useTranslation();
  const text = useText();
  const measures = Object.entries(run.measures);
  return (
    <section className="stack tight" data-testid="check-run">
      <h4 className="row">
        <StateBadge state={run.state} /> {run.name} <span className="soft">{run.kind}</span>
        <Duration ms={run.durationMs} />
      </h4>
      {run.error ? <ErrorNotice error={run.error} /> : <p className="breakable">{text(run.sentence)}</p>}
      {run.steps.length > 0 && (
        <ol className="steps">
          {run.steps.map((step, index) => (
            // Steps of one run never change their order, and two may be alike.
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is what tells two like steps apart.
            <li key={index}>
              <StateBadge
                state={step.ok ? 'ok' : 'critical'}
                word={t(step.ok ? 'hosts:test.ok' : 'hosts:test.bad')}
              />
              <span>{text(step.step)}</span>
              <Duration ms={step.durationMs} />
              <span className="soft breakable">{step.detail}</span>
            </li>
          ))}
        </ol>
      )}
      {measures.length > 0 && (
        <p className="soft small breakable">
          {t('checks:measures')}{' '}
          {measures.map(([name, value]) => `${name}=${Number(value.toPrecision(6))}`).join('  ')}
        </p>
      )}
      {run.output !== '' && (
        <details>
          <summary>{t('checks:output')}</summary>
          <pre className="mono small breakable">{run.output.slice(0, SHOWN_OUTPUT)}</pre>
        </details>
      )}
    </section>
  );
}
