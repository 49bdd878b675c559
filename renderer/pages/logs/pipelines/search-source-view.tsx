import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import { type LogSearchSource, remoteLogServerSchema } from '#shared/contract/logs-pipelines.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { areServers, noServer, ServerFields, serverDraft, serverOf } from './server-fields.tsx';

/** Where the page searches: in the console's own store, or on a server. */
export function SearchSourceView() {
  const { t } = useTranslation();
  const request = useRequest('logs.remote.get', {});
  useEvent('logs.pipelines.changed', request.reload);
  return (
    <Panel title={t('pipelines:remote.title')}>
      <RequestView request={request}>
        {({ source }) => <SourceForm key={JSON.stringify(source)} source={source} onSaved={request.reload} />}
      </RequestView>
    </Panel>
  );
}

function SourceForm({ source, onSaved }: { readonly source: LogSearchSource; readonly onSaved: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const old = source.kind === 'server' ? source.server : undefined;
  const [kind, setKind] = useState(source.kind);
  const [server, setServer] = useState(old ? serverDraft(old) : noServer);
  const [indices, setIndices] = useState(old?.indices ?? 'hmtt-*');
  const [tested, setTested] = useState<RequestOutput<'logs.remote.test'> | null>(null);
  const testing = useSaving(() => undefined);
  const saving = useSaving(onSaved);
  const complete =
    kind === 'local' || (areServers(server.servers) && /^[^\s/\\?"<>|#]+$/.test(indices.trim()));
  const made = () => remoteLogServerSchema.parse({ ...serverOf(server), indices: indices.trim() });
  const test = async (): Promise<void> => {
    const answer = call('logs.remote.test', made());
    await testing.run(answer);
    const result = await answer;
    setTested(result.ok ? result.value : null);
  };
  return (
    <form
      className="stack-small fields"
      data-testid="log-search-source"
      onSubmit={(event) => {
        event.preventDefault();
        if (complete)
          void saving.run(call('logs.remote.set', kind === 'local' ? { kind } : { kind, server: made() }));
      }}
    >
      <p className="soft">{t('pipelines:remote.means')}</p>
      <SelectField
        label={t('pipelines:remote.where')}
        value={kind}
        options={[
          ['local', t('pipelines:remote.local')],
          ['server', t('pipelines:remote.server')],
        ]}
        onChange={setKind}
      />
      {kind === 'server' && (
        <>
          <ServerFields draft={server} stored={old !== undefined} onChange={setServer} />
          <TextField
            mono
            label={t('pipelines:remote.indices')}
            hint={t('pipelines:remote.indicesHint')}
            maxLength={500}
            value={indices}
            onChange={setIndices}
          />
          {testing.error && <ErrorNotice error={testing.error} />}
          {tested && (
            <StateBadge
              state="ok"
              word={`${t('pipelines:server.tested', {
                product: tested.product,
                version: tested.version,
                time: durationText(t, tested.tookMs),
              })} · ${t('pipelines:remote.events', { count: tested.events.toLocaleString('en-US') })}`}
            />
          )}
        </>
      )}
      {saving.error && <ErrorNotice error={saving.error} />}
      <div className="row">
        <Button kind="primary" type="submit" disabled={!complete || saving.busy}>
          {t('common:action.save')}
        </Button>
        {kind === 'server' && (
          <Button disabled={!complete || testing.busy} onClick={() => void test()}>
            {t('pipelines:server.test')}
          </Button>
        )}
      </div>
    </form>
  );
}
