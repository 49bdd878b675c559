import { useState } from 'react';
import type { DashboardVersion } from '#shared/contract/dashboards.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

export type VersionsDrawerProps = {
  readonly uid: string;
  /** The version that is shown. */
  readonly current: number;
  readonly onClose: () => void;
  readonly onLook: (version: number) => void;
  readonly onRestored: () => void;
};

/** Every save of a dashboard, the newest first; an earlier one can be looked at and made the newest again. */
export function VersionsDrawer({ uid, current, onClose, onLook, onRestored }: VersionsDrawerProps) {
  const { t } = useTranslation();
  const call = useCall();
  const request = useRequest('dashboards.versions', { uid }, { subject: uid });
  const [error, setError] = useState<AppError | null>(null);
  const restore = async ({ version }: DashboardVersion): Promise<void> => {
    const answer = await call('dashboards.restore', { uid, version });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onRestored();
  };
  return (
    <Overlay title={t('dashboards:versions.title')} onClose={onClose}>
      {error && <ErrorNotice error={error} />}
      <RequestView request={request} rows={5}>
        {({ versions }) => (
          <ul className="plain-list versions" data-testid="versions">
            {versions.map((version, index) => (
              <li key={version.version} className="version">
                <div className="row">
                  <strong className="figure">{t('dashboards:versions.n', { n: version.version })}</strong>
                  <span className="soft">{t(`dashboards:versions.kind_${version.kind}`)}</span>
                  {version.restoredFrom !== null && (
                    <span className="soft">{t('dashboards:versions.from', { n: version.restoredFrom })}</span>
                  )}
                  {index === 0 && <span className="badge">{t('dashboards:versions.newest')}</span>}
                </div>
                {version.message !== '' && <p>{version.message}</p>}
                <p className="soft small">
                  <AbsoluteTime time={version.savedAt} /> · {version.savedBy} ·{' '}
                  {t('dashboards:board.panels', { count: version.panels })}
                </p>
                {index > 0 && version.kind !== 'removed' && (
                  <div className="row">
                    <Button disabled={version.version === current} onClick={() => onLook(version.version)}>
                      {t('dashboards:versions.look')}
                    </Button>
                    <Button onClick={() => void restore(version)}>{t('dashboards:versions.restore')}</Button>
                  </div>
                )}
              </li>
            ))}
          </ul>
        )}
      </RequestView>
    </Overlay>
  );
}
