import type { RequestOutput } from '#shared/contract/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { absoluteText } from '../../components/time.ts';
import { useRequest } from '../../components/use-request.ts';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';

type Version = RequestOutput<'backup.find'>['files'][number]['versions'][number];

/** What a version is against the one before it: by hash, size and time. */
function changeText(t: Translate, version: Version, older: Version | undefined): string {
  if (older === undefined) return t('restore:versions.first');
  if (version.sha256 !== null && version.sha256 === older.sha256)
    return t(version.mtimeMs === older.mtimeMs ? 'restore:versions.same' : 'restore:versions.metadata');
  const delta = version.size - older.size;
  return t('restore:versions.differs', { delta: `${delta < 0 ? '−' : '+'}${formatBytes(Math.abs(delta))}` });
}

function whereText(t: Translate, { copies }: Version): string {
  return copies
    .map(({ name, state }) =>
      state === 'intact'
        ? name
        : t(state === 'broken' ? 'restore:versions.broken' : 'restore:versions.absent', { name }),
    )
    .join(', ');
}

export type FileVersionsProps = {
  readonly path: string;
  readonly plan: string;
  readonly chosenPoint: string | null;
  readonly onChoose: (pointId: string) => void;
};

/** All versions of one file over time, newest first: what changed, where each lies, and the way to have it back. */
export function FileVersions({ path, plan, chosenPoint, onChoose }: FileVersionsProps) {
  const { t } = useTranslation();
  const request = useRequest('backup.find', { text: path, limit: 50 });
  return (
    <RequestView request={request} rows={2}>
      {({ files }) => {
        const versions = (files.find((file) => file.path === path)?.versions ?? [])
          .filter((version) => version.plan === plan)
          .toSorted((a, b) => b.at - a.at);
        if (versions.length === 0) return null;
        return (
          <details data-testid="file-versions">
            <summary>{t('restore:versions.show', { count: versions.length })}</summary>
            <table className="table figure" aria-label={t('restore:versions.title', { path })}>
              <thead>
                <tr>
                  {(['at', 'size', 'modified', 'change', 'where', 'use'] as const).map((name) => (
                    <th key={name} scope="col">
                      {t(`restore:versions.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {versions.map((version, index) => (
                  <tr
                    key={version.pointId}
                    aria-current={version.pointId === chosenPoint ? 'true' : undefined}
                  >
                    <td>{absoluteText(version.at)}</td>
                    <td>{formatBytes(version.size)}</td>
                    <td>{absoluteText(version.mtimeMs)}</td>
                    <td>{changeText(t, version, versions[index + 1])}</td>
                    <td className="mono">{whereText(t, version)}</td>
                    <td>
                      <Button
                        kind="quiet"
                        aria-pressed={version.pointId === chosenPoint}
                        aria-label={t('restore:versions.useOf', { path, at: absoluteText(version.at) })}
                        onClick={() => onChoose(version.pointId)}
                      >
                        {t('restore:versions.use')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        );
      }}
    </RequestView>
  );
}
