import type { JobPreview, PreviewedSample, PreviewedTarget } from '#shared/contract/scrape-jobs.ts';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

type Steps = PreviewedTarget['steps'];

/** What becomes of each listed target, rule by rule; wrong and dropped ones first. */
export function TargetsPreview({ targets }: { readonly targets: JobPreview['targets'] }) {
  const { t } = useTranslation();
  const text = useText();
  const { rows, kept, dropped, wrong, added, gone } = targets;
  const total = kept + dropped + wrong;
  return (
    <section className="stack-small rule-preview" data-testid="preview-targets">
      <h3>{t('jobs:previewTargets', { kept, dropped, wrong })}</h3>
      {(added > 0 || gone > 0) && <p>{t('jobs:previewChanges', { added, gone })}</p>}
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('jobs:before')}</th>
            <th scope="col">{t('jobs:steps')}</th>
            <th scope="col">{t('jobs:after')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ address, file, before, steps, outcome }, index) => (
            <tr key={`${file ?? ''} ${address} ${String(index)}`} data-outcome={outcome.kind}>
              <td className="breakable">
                <div>{address}</div>
                <Labels labels={before} />
              </td>
              <td>
                <StepList steps={steps} />
              </td>
              <td className="breakable">
                {outcome.kind === 'dropped' && (
                  <StateBadge state="unknown" word={t('jobs:droppedBy', { rule: outcome.rule })} />
                )}
                {outcome.kind === 'wrong' && <StateBadge state="critical" word={text(outcome.why)} />}
                {outcome.kind === 'target' && (
                  <>
                    <div>
                      {outcome.url} {outcome.isNew && <span className="soft">{t('jobs:isNew')}</span>}
                    </div>
                    <Labels labels={outcome.labels} />
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < total && <p className="soft">{t('jobs:firstOf', { shown: rows.length, total })}</p>}
    </section>
  );
}

/** What becomes of the samples that a target gives now; dropped ones first. */
export function SamplesPreview({ samples }: { readonly samples: NonNullable<JobPreview['samples']> }) {
  const { t } = useTranslation();
  const { url, rows, kept, dropped, total, error } = samples;
  return (
    <section className="stack-small rule-preview" data-testid="preview-samples">
      <h3>{t('jobs:previewSamples', { url, kept, dropped })}</h3>
      {error && <ErrorNotice error={error} />}
      {rows.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('jobs:before')}</th>
              <th scope="col">{t('jobs:steps')}</th>
              <th scope="col">{t('jobs:after')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <SampleRow key={`${JSON.stringify(row.before)} ${String(index)}`} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {rows.length < total && <p className="soft">{t('jobs:firstOf', { shown: rows.length, total })}</p>}
    </section>
  );
}

function SampleRow({ row: { before, steps, outcome } }: { readonly row: PreviewedSample }) {
  const { t } = useTranslation();
  return (
    <tr data-outcome={outcome.kind}>
      <td className="breakable">
        <Labels labels={before} />
      </td>
      <td>
        <StepList steps={steps} />
      </td>
      <td className="breakable">
        {outcome.kind === 'dropped' ? (
          <StateBadge state="unknown" word={t('jobs:droppedBy', { rule: outcome.rule })} />
        ) : steps.length === 0 ? (
          <span className="soft">{t('jobs:asIs')}</span>
        ) : (
          <Labels labels={outcome.labels} />
        )}
      </td>
    </tr>
  );
}

function StepList({ steps }: { readonly steps: Steps }) {
  const { t } = useTranslation();
  return (
    <ul className="plain-list">
      {steps.map(({ rule, set, removed }) => (
        <li key={rule} className="small">
          <span className="soft">{t('jobs:rule', { rule })}</span>{' '}
          <span className="mono">
            {[
              ...Object.entries(set).map(([name, value]) => `${name}="${value}"`),
              ...removed.map((name) => `−${name}`),
            ].join(', ')}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Labels as PromQL writes them. */
function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}="${value}"`);
  return <div className="mono small">{`${name}{${pairs.join(', ')}}`}</div>;
}
