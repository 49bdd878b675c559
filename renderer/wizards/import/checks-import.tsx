import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { CheckImport } from '#shared/contract/checks.ts';
import type { AppError } from '#shared/errors/index.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { useCall, useRequest } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { ChecksFound } from './checks-found.tsx';
import { FileChoice } from './file-choice.tsx';
import { KindPicker } from './kind-picker.tsx';

const STEPS = ['file', 'preview', 'done'] as const;
const PLUGINS = '/usr/lib/nagios/plugins';
const AGENT_PORT = 10_050;

type Chosen = { readonly name: string; readonly text: string };

/** Checks out of Nagios object files, or out of a template export of Zabbix for one host. */
export function ChecksImport({ kind }: { readonly kind: 'nagios' | 'zabbix' }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const hosts = useRequest('hosts.list', {}, { enabled: kind === 'zabbix' });
  const [current, setCurrent] = useState(0);
  const [files, setFiles] = useState<readonly Chosen[]>([]);
  const [plugins, setPlugins] = useState(PLUGINS);
  const [hostId, setHostId] = useState('');
  const [agent, setAgent] = useState('');
  const [answer, setAnswer] = useState<CheckImport | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const step = STEPS[current];
  const all = hosts.data?.hosts.filter(({ thisWorkstation }) => !thisWorkstation) ?? [];
  const chosenHost = hostId === '' ? (all[0]?.id ?? '') : hostId;

  const send = (dryRun: boolean) => {
    if (kind === 'nagios')
      return call('checks.importNagios', { files: [...files], pluginFolder: plugins, dryRun });
    const [, host = '', port = String(AGENT_PORT)] = /^(.+?)(?::(\d+))?$/.exec(agent.trim()) ?? [];
    const [file] = files;
    return call('checks.importZabbix', {
      ...{ fileName: file?.name ?? '', text: file?.text ?? '', hostId: chosenHost, dryRun },
      agent: host === '' ? null : { host, port: Number(port) },
    });
  };
  const ask = async (dryRun: boolean): Promise<void> => {
    setBusy(true);
    const result = await send(dryRun);
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    setAnswer(result.value);
    setCurrent(dryRun ? 1 : 2);
  };
  const takes = answer === null ? 0 : answer.added.length + answer.changed;
  const isReady = files.length > 0 && (kind === 'nagios' || chosenHost !== '');
  return (
    <Wizard
      title={t(`imports:title.${kind}`)}
      steps={STEPS.map((id, index) => ({
        id,
        title: t(`hosts:importer.${id}`),
        chosen: index === 0 && current > 0 ? files.map(({ name }) => name).join(', ') : '',
      }))}
      current={current}
      onBack={step === 'preview' ? () => setCurrent(0) : undefined}
      onCancel={step === 'done' ? undefined : () => void navigate('/hosts')}
      onNext={step === 'done' ? undefined : () => void ask(step === 'file')}
      nextDisabled={busy || !isReady || (step === 'preview' && takes === 0)}
      nextLabel={t(step === 'preview' ? 'hosts:importer.importNow' : 'hosts:importer.check')}
    >
      {error && <ErrorNotice error={error} />}
      {error?.line !== undefined && files.length === 1 && (
        <pre className="source-line">{`${error.line}: ${files[0]?.text.split('\n')[error.line - 1] ?? ''}`}</pre>
      )}
      {step === 'file' && (
        <>
          <KindPicker kind={kind} />
          <p>{t(`imports:intro.${kind}`)}</p>
          <FileChoice
            label={t(`imports:choose.${kind}`)}
            accept={kind === 'nagios' ? '.cfg,text/*' : '.yaml,.yml,text/*'}
            multiple={kind === 'nagios'}
            chosen={files.map(({ name }) => name).join(', ')}
            onChoose={(list) => {
              setError(null);
              void Promise.all(list.map(async (file) => ({ name: file.name, text: await file.text() }))).then(
                setFiles,
              );
            }}
          />
          {kind === 'nagios' ? (
            <Field label={t('imports:plugins')} hint={t('imports:pluginsHint')}>
              {(props) => (
                <input
                  {...props}
                  className="input mono"
                  value={plugins}
                  onChange={(event) => setPlugins(event.target.value)}
                />
              )}
            </Field>
          ) : (
            <>
              <SelectField
                label={t('imports:host')}
                hint={t('imports:hostHint')}
                value={chosenHost}
                options={all.map(({ id, name, address }) => [
                  id,
                  name === address ? name : `${name} (${address})`,
                ])}
                onChange={setHostId}
              />
              <Field label={t('imports:agent')} hint={t('imports:agentHint')}>
                {(props) => (
                  <input
                    {...props}
                    className="input mono"
                    value={agent}
                    onChange={(event) => setAgent(event.target.value)}
                  />
                )}
              </Field>
            </>
          )}
        </>
      )}
      {step === 'preview' && answer && <ChecksFound answer={answer} />}
      {step === 'done' && answer && (
        <>
          <div className="notice notice-ok" data-testid="imported">
            <div className="notice-body">
              <strong>{t('hosts:importer.doneTitle')}</strong>
              <div>{t('imports:done', { added: answer.added.length, changed: answer.changed })}</div>
            </div>
          </div>
          <Link className="btn btn-primary row" to="/hosts">
            {t('hosts:importer.openHosts')}
          </Link>
        </>
      )}
    </Wizard>
  );
}
