import type { RotationHostPlan, RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Bytes } from '../../../components/figures.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ForecastView } from './forecast-view.tsx';

/** Files that are listed; more are only counted. */
const MOST_FILES = 20;

/** What a policy would do with the files that are there, what it would remove, and the space it will need. */
export function PolicyOutlook({ policy }: { readonly policy: RotationPolicy }) {
  const { t } = useTranslation();
  const text = useText();
  const preview = useRequest('rotation.preview', { policy });
  const forecast = useRequest('rotation.forecast', { policy, days: [30, 90, 180] });
  return (
    <>
      <RequestView request={preview} rows={3}>
        {({ files, warnings, remove, host }) => {
          const removed = remove.filter((decision) => decision.remove);
          return (
            <>
              {warnings.map((warning) => (
                <StateBadge key={warning.en} state="warning" word={text(warning)} />
              ))}
              <h3>{t('rotation:outlook.files', { count: files.length })}</h3>
              {files.length === 0 && <p className="soft">{t('rotation:outlook.noFiles')}</p>}
              <ul className="plain-list outlook-files">
                {files.slice(0, MOST_FILES).map((file) => (
                  <li key={file.path}>
                    <span className="row">
                      <span className="mono">{file.path}</span>
                      <Bytes value={file.bytes} />
                      <StateBadge
                        state={file.due ? 'info' : 'unknown'}
                        word={t(file.due ? 'rotation:outlook.due' : 'rotation:outlook.notDue')}
                      />
                    </span>
                    <span className="soft small">
                      {text(file.why)} · {t('rotation:outlook.target', { path: file.target })}
                    </span>
                  </li>
                ))}
              </ul>
              {host !== null && <HostPlan plan={host} />}
              {removed.length > 0 && (
                <StateBadge
                  state="warning"
                  word={t('rotation:outlook.removes', {
                    count: removed.length,
                    size: formatBytes(removed.reduce((sum, { segment }) => sum + segment.storedBytes, 0)),
                  })}
                />
              )}
            </>
          );
        }}
      </RequestView>
      <h3>{t('rotation:forecast.title')}</h3>
      <RequestView request={forecast} rows={3}>
        {(data) => <ForecastView forecast={data} />}
      </RequestView>
    </>
  );
}

/** Every command that would run on the host, and what its administrator has to allow before. */
function HostPlan({ plan }: { readonly plan: RotationHostPlan }) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('rotation:outlook.commands', { host: plan.name })}</h3>
      <ol className="host-commands">
        {plan.commands.map(({ step, line }) => (
          <li key={line}>
            <span className="soft small">{t(`rotation:step.${step}`)}</span>
            <code>{line}</code>
          </li>
        ))}
      </ol>
      {plan.sudoers !== null && (
        <details>
          <summary>{t('rotation:outlook.sudoers')}</summary>
          <p className="soft small">{t('rotation:outlook.sudoersHint')}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard, too. */}
          <pre tabIndex={0}>{plan.sudoers}</pre>
        </details>
      )}
    </>
  );
}
