import { useState } from 'react';
import type { WatchdogSettings, WatchdogState } from '#shared/contract/signals.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { RelativeTime } from '../../components/figures.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useCall, useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

const REFRESH_MS = 5_000;

/** How others notice that this console is dead, and which other consoles it listens to. */
export function WatchdogSection() {
  const { t } = useTranslation();
  const state = useRequest('signals.watchdog.get', {}, { refreshMs: REFRESH_MS });
  return (
    <div className="stack">
      <p className="soft">{t('settings:watchdog.body')}</p>
      <RequestView request={state} rows={3}>
        {(data) => (
          <>
            <Beating state={data} />
            <WatchdogForm
              key={JSON.stringify(data.settings)}
              settings={data.settings}
              onSaved={state.reload}
            />
          </>
        )}
      </RequestView>
    </div>
  );
}

/** The last beat, what hinders it, and the other consoles. */
function Beating({ state }: { readonly state: WatchdogState }) {
  const { t } = useTranslation();
  return (
    <div className="stack-small">
      <div className="row">
        <StateBadge
          state={state.beatAt === null ? 'unknown' : 'ok'}
          word={state.beatAt === null ? t('settings:watchdog.noBeat') : t('settings:watchdog.beat')}
        />
        <RelativeTime time={state.beatAt} />
        <code>{state.file}</code>
      </div>
      {state.fileError && <ErrorNotice error={state.fileError} />}
      {state.urlError && <ErrorNotice error={state.urlError} />}
      {state.peers.map(({ name, aliveAt, error }) => (
        <div key={name} className="row">
          <span>{name}</span>
          <span className="soft">{t('settings:watchdog.aliveAt')}</span>
          <RelativeTime time={aliveAt} />
          {error && <ErrorNotice error={error} />}
        </div>
      ))}
    </div>
  );
}

type Peer = WatchdogSettings['peers'][number];

function WatchdogForm({
  settings,
  onSaved,
}: {
  readonly settings: WatchdogSettings;
  readonly onSaved: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [seconds, setSeconds] = useState(String(settings.everyMs / 1000));
  const [file, setFile] = useState(settings.file);
  const [url, setUrl] = useState(settings.url);
  const [method, setMethod] = useState(settings.method);
  const [alert, setAlert] = useState(settings.alert);
  const [peers, setPeers] = useState<readonly Peer[]>(settings.peers);
  const [error, setError] = useState<AppError | null>(null);
  const isTimeBad = !/^\d{1,4}$/.test(seconds.trim()) || Number(seconds) < 1 || Number(seconds) > 3_600;
  const isUrlBad = url.trim() !== '' && !/^https?:\/\/\S+$/.test(url.trim());
  const save = async (): Promise<void> => {
    if (isTimeBad || isUrlBad) return;
    const result = await call('signals.watchdog.set', {
      everyMs: Number(seconds) * 1000,
      file: file.trim(),
      url: url.trim(),
      method,
      alert,
      peers: peers.filter(({ name, file: path }) => name.trim() !== '' && path.trim() !== ''),
    });
    setError(result.ok ? null : result.error);
    if (result.ok) onSaved();
  };
  const text = (label: string, hint: string, value: string, change: (text: string) => void, bad?: string) => (
    <Field label={label} hint={hint} error={bad ?? null}>
      {(props) => (
        <input
          {...props}
          className="input"
          spellCheck={false}
          value={value}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <form
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {text(
        t('settings:watchdog.every'),
        t('settings:watchdog.everyHint'),
        seconds,
        setSeconds,
        isTimeBad ? t('settings:watchdog.everyBad') : undefined,
      )}
      {text(t('settings:watchdog.file'), t('settings:watchdog.fileHint'), file, setFile)}
      {text(
        t('settings:watchdog.url'),
        t('settings:watchdog.urlHint'),
        url,
        setUrl,
        isUrlBad ? t('settings:watchdog.urlBad') : undefined,
      )}
      <SelectField
        label={t('settings:watchdog.method')}
        value={method}
        options={[
          ['POST', 'POST'],
          ['GET', 'GET'],
        ]}
        onChange={setMethod}
      />
      <label className="row">
        <input type="checkbox" checked={alert} onChange={(event) => setAlert(event.target.checked)} />
        {t('settings:watchdog.alert')}
      </label>
      <PeerRows peers={peers} onChange={setPeers} />
      {error && <ErrorNotice error={error} />}
      <div className="row">
        <Button kind="primary" type="submit">
          {t('settings:watchdog.save')}
        </Button>
      </div>
    </form>
  );
}

function PeerRows({
  peers,
  onChange,
}: {
  readonly peers: readonly Peer[];
  readonly onChange: (peers: readonly Peer[]) => void;
}) {
  const { t } = useTranslation();
  const change = (index: number, part: Partial<Peer>): void =>
    onChange(peers.map((peer, i) => (i === index ? { ...peer, ...part } : peer)));
  return (
    <fieldset className="stack-small">
      <legend>{t('settings:watchdog.peers')}</legend>
      {peers.map((peer, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own before one is typed.
        <div key={index} className="row">
          <input
            className="input"
            aria-label={t('settings:watchdog.peerName')}
            placeholder={t('settings:watchdog.peerName')}
            value={peer.name}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <input
            className="input"
            aria-label={t('settings:watchdog.peerFile')}
            placeholder={t('settings:watchdog.peerFile')}
            spellCheck={false}
            value={peer.file}
            onChange={(event) => change(index, { file: event.target.value })}
          />
          <input
            className="input"
            type="number"
            min={5}
            max={86_400}
            aria-label={t('settings:watchdog.peerAge')}
            title={t('settings:watchdog.peerAge')}
            value={peer.maxAgeMs / 1000}
            onChange={(event) => change(index, { maxAgeMs: Math.round(Number(event.target.value) * 1000) })}
          />
          <Button kind="quiet" onClick={() => onChange(peers.filter((_, i) => i !== index))}>
            {t('settings:watchdog.removePeer')}
          </Button>
        </div>
      ))}
      <div className="row">
        <Button onClick={() => onChange([...peers, { name: '', file: '', maxAgeMs: 60_000 }])}>
          {t('settings:watchdog.addPeer')}
        </Button>
      </div>
    </fieldset>
  );
}
