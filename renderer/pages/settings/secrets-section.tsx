import { useState } from 'react';
import type { SealedSecret, SecretsStatus } from '#shared/contract/secrets.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../components/use-request.ts';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';
import { NamedSecretForm } from './named-secret-form.tsx';
import { PassphraseDialog, type PassphraseTask } from './passphrase-dialog.tsx';

/** The sealed store: open or locked, what guards it, and which secrets it holds. */
export function SecretsSection() {
  const { t } = useTranslation();
  const status = useRequest('secrets.status', {});
  useEvent('secrets.changed', status.reload);
  const [task, setTask] = useState<PassphraseTask | null>(null);
  return (
    <div className="stack" data-testid="secrets">
      <p className="soft">{t('secrets:body')}</p>
      <RequestView request={status} rows={3}>
        {(data) => (
          <>
            <Now status={data} onTask={setTask} />
            <DataTable
              id="secrets"
              label={t('secrets:table')}
              columns={columnsOf(t)}
              rows={data.secrets}
              rowKey={({ id }) => id}
              empty={<EmptyState title={t('secrets:none')} body={t('secrets:noneBody')} />}
              maxHeight={300}
              bare
            />
            {data.state === 'open' && (
              <NamedSecretForm
                names={data.secrets.filter(({ area }) => area === 'named').map(({ field }) => field)}
                onChanged={status.reload}
              />
            )}
          </>
        )}
      </RequestView>
      {task !== null && (
        <PassphraseDialog
          task={task}
          onClose={() => {
            setTask(null);
            status.reload();
          }}
        />
      )}
    </div>
  );
}

function Now({
  status,
  onTask,
}: {
  readonly status: SecretsStatus;
  readonly onTask: (task: PassphraseTask) => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const has = (kind: SecretsStatus['guards'][number]['kind']): boolean =>
    status.guards.some((guard) => guard.kind === kind);
  const isLocked = status.state === 'locked';
  return (
    <>
      <div className="row">
        <StateBadge
          state={isLocked || has('file') ? 'warning' : 'ok'}
          word={t(isLocked ? 'secrets:locked' : 'secrets:open')}
        />
        <span className="soft">
          {status.guards.length === 0
            ? t('secrets:noGuards')
            : `${t('secrets:guards')} ${status.guards.map(({ kind }) => t(`secrets:guard.${kind}`)).join(' + ')}`}
        </span>
      </div>
      {isLocked && <p>{t('secrets:lockedBody')}</p>}
      {has('file') && <p>{t('secrets:fileBody')}</p>}
      {!status.keyStoreOffered && <p className="soft small">{t('secrets:noKeyStore')}</p>}
      <div className="row">
        {isLocked && has('passphrase') && (
          <Button kind="primary" onClick={() => onTask('unlock')}>
            {t('secrets:unlock')}
          </Button>
        )}
        {!isLocked && (
          <Button onClick={() => onTask(has('passphrase') ? 'change' : 'set')}>
            {t(has('passphrase') ? 'secrets:change' : 'secrets:set')}
          </Button>
        )}
        {!isLocked && has('passphrase') && (
          <Button onClick={() => void call('secrets.lock', {})}>{t('secrets:lock')}</Button>
        )}
        {!isLocked && has('passphrase') && status.keyStoreOffered && (
          <Button onClick={() => onTask('remove')}>{t('secrets:remove')}</Button>
        )}
      </div>
    </>
  );
}

function columnsOf(t: Translate): readonly Column<SealedSecret>[] {
  const AREAS = ['scrape', 'remote', 'channel', 'ssh', 'named'] as const;
  const area = ({ area: name }: SealedSecret): string => {
    const known = AREAS.find((one) => one === name);
    return known === undefined ? name : t(`secrets:areas.${known}`);
  };
  const FIELDS = ['password', 'bearerToken', 'key', 'privateKey', 'passphrase'] as const;
  /** What a setting holds goes by the last part of its path; a name that somebody gave is shown as it is. */
  const what = ({ area: name, field }: SealedSecret): string => {
    const known = name === 'named' ? undefined : FIELDS.find((one) => one === field.split('.').at(-1));
    return known === undefined ? field : t(`secrets:fields.${known}`);
  };
  return [
    { id: 'area', title: t('secrets:area'), text: area, sortBy: area, width: 150 },
    { id: 'field', title: t('secrets:field'), text: what, width: 180 },
    {
      id: 'place',
      title: t('secrets:place'),
      text: ({ place }) => (place === '' ? t('secrets:nowhere') : place),
      width: 280,
    },
    {
      id: 'since',
      title: t('secrets:since'),
      text: ({ sealedAt }) => absoluteText(sealedAt),
      sortBy: ({ sealedAt }) => sealedAt,
      width: 180,
    },
  ];
}
