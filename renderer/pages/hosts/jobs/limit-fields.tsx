import type { Target } from '#shared/contract/hosts.ts';
import type { JobLimits } from '#shared/contract/scrape-jobs.ts';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { LIMITS, limitOf, YAML } from './limits.ts';

type LimitFieldsProps = {
  readonly limits: JobLimits;
  readonly targets: readonly Target[];
  readonly onChange: (limits: JobLimits) => void;
};

/** Limits of a job: what happens beyond each, and how far its targets are from it now. */
export function LimitFields({ limits, targets, onChange }: LimitFieldsProps) {
  const { t } = useTranslation();
  return (
    <table className="plain-table" data-testid="limits">
      <caption className="visually-hidden">{t('jobs:limits')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('jobs:limits')}</th>
          <th scope="col">{t('jobs:limitValue')}</th>
          <th scope="col">{t('jobs:beyond')}</th>
          <th scope="col">{t('jobs:seen')}</th>
        </tr>
      </thead>
      <tbody>
        {LIMITS.map((name) => (
          <tr key={name}>
            <td className="mono">
              <label htmlFor={`limit-${name}`}>{YAML[name]}</label>
            </td>
            <td>
              <input
                id={`limit-${name}`}
                className="input figure"
                type="number"
                min={0}
                step={1}
                value={limits[name]}
                onChange={(event) => {
                  const value = Math.max(0, Math.trunc(Number(event.target.value)));
                  if (Number.isSafeInteger(value)) onChange({ ...limits, [name]: value });
                }}
              />
            </td>
            <td className="small">{t(`jobs:beyondOf.${name}`)}</td>
            <td>
              <Seen name={name} targets={targets} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How the targets stand to a limit. */
function Seen({ name, targets }: { readonly name: keyof JobLimits; readonly targets: readonly Target[] }) {
  const { t } = useTranslation();
  const text = useText();
  const over = targets.filter(({ lastError }) => limitOf(lastError?.code) === name);
  const first = over[0]?.lastError;
  if (first)
    return (
      <span className="stack tight">
        <StateBadge state="critical" word={t('jobs:over', { count: over.length })} />
        <span className="small">{text(first.message)}</span>
      </span>
    );
  const most = Math.max(0, ...targets.map(({ lastSamples }) => lastSamples ?? 0));
  if (name === 'sampleLimit') return <span className="figure">{t('jobs:mostSamples', { count: most })}</span>;
  if (name === 'targetLimit')
    return <span className="figure">{t('jobs:targetsNow', { count: targets.length })}</span>;
  return <span className="soft">{t('jobs:within')}</span>;
}
