import type { DiscoveryFile } from '#shared/contract/discovery.ts';
import { Count, RelativeTime } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** The files of `file_sd_configs`: read when, with how many targets, and what is wrong with them; wrong ones first. */
export function DiscoveryFiles({ files }: { readonly files: readonly DiscoveryFile[] }) {
  const { t } = useTranslation();
  const text = useText();
  if (files.length === 0) return null;
  const wrong = files.filter(({ errors }) => errors.length > 0);
  const sound = files.filter(({ errors }) => errors.length === 0);
  return (
    <Panel title={t('jobs:files', { count: files.length })}>
      <table className="plain-table" data-testid="discovery-files">
        <thead>
          <tr>
            <th scope="col">{t('hosts:target.health')}</th>
            <th scope="col">{t('jobs:file')}</th>
            <th scope="col">{t('jobs:job')}</th>
            <th scope="col" className="right">
              {t('jobs:targets')}
            </th>
            <th scope="col" className="right">
              {t('jobs:dropped')}
            </th>
            <th scope="col" className="right">
              {t('jobs:changedAt')}
            </th>
            <th scope="col" className="right">
              {t('jobs:readAt')}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...wrong, ...sound].map(({ job, file, targets, dropped, changedAt, readAt, errors }) => (
            <tr key={`${job} ${file}`} data-wrong={errors.length > 0}>
              <td>
                <StateBadge
                  state={errors.length > 0 ? 'warning' : 'ok'}
                  word={t(errors.length > 0 ? 'jobs:wrong' : 'jobs:sound')}
                />
              </td>
              <td className="breakable">
                <span className="mono">{file}</span>
                {errors.map((error) => (
                  <div key={error.message.en} className="small">
                    {text(error.message)} <span className="soft">{text(error.hint)}</span>
                  </div>
                ))}
              </td>
              <td>{job}</td>
              <td className="right">
                <Count value={targets} />
              </td>
              <td className="right">
                <Count value={dropped} />
              </td>
              <td className="right">
                <RelativeTime time={changedAt} />
              </td>
              <td className="right">
                <RelativeTime time={readAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
