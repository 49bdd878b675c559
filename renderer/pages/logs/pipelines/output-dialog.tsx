import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import { type LogOutput, type LogOutputState, logOutputSchema } from '#shared/contract/logs-pipelines.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { ListField } from '../../../components/list-field.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { areServers, noServer, ServerFields, serverDraft, serverOf } from './server-fields.tsx';

export type OutputDialogProps = {
  /** Null: a new one. */
  readonly output: LogOutputState | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** A server that events are sent to, which can be asked who it is before anything is saved. */
export function OutputDialog({ output, onClose, onDone }: OutputDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const old = output?.output;
  const [server, setServer] = useState(old ? serverDraft(old) : noServer);
  const [name, setName] = useState(old?.name ?? '');
  const [index, setIndex] = useState(old?.index ?? '%{stream}-%{+YYYY.MM.dd}');
  const [streams, setStreams] = useState<readonly string[]>(old?.streams ?? []);
  const [from, setFrom] = useState(old?.from ?? 'beginning');
  const [tested, setTested] = useState<RequestOutput<'logs.outputs.test'> | null>(null);
  const testing = useSaving(() => undefined);
  const saving = useSaving(onDone);
  const complete = name.trim() !== '' && index.trim() !== '' && areServers(server.servers);
  const made = (): LogOutput =>
    logOutputSchema.parse({
      ...(old === undefined
        ? {}
        : { timeoutMs: old.timeoutMs, maxEvents: old.maxEvents, maxBytes: old.maxBytes }),
      ...serverOf(server),
      name: name.trim(),
      index: index.trim(),
      streams: [...streams],
      from,
    });
  const test = async (): Promise<void> => {
    const answer = call('logs.outputs.test', made());
    await testing.run(answer);
    const result = await answer;
    setTested(result.ok ? result.value : null);
  };
  return (
    <Overlay
      title={t(output === null ? 'pipelines:output.new' : 'pipelines:output.change')}
      onClose={onClose}
    >
      <form
        className="stack-small fields"
        data-testid="log-output-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete)
            void saving.run(
              call('logs.outputs.put', { ...(output === null ? {} : { id: output.id }), output: made() }),
            );
        }}
      >
        <TextField
          autoFocus
          label={t('pipelines:output.name')}
          maxLength={80}
          value={name}
          onChange={setName}
        />
        <ServerFields draft={server} stored={output !== null} onChange={setServer} />
        <TextField
          mono
          label={t('pipelines:output.index')}
          hint={t('pipelines:output.indexHint')}
          maxLength={250}
          value={index}
          onChange={setIndex}
        />
        <ListField
          label={t('pipelines:output.streams')}
          hint={t('pipelines:output.streamsHint')}
          rows={1}
          value={streams}
          onChange={setStreams}
        />
        {output === null && (
          <SelectField
            label={t('pipelines:output.from')}
            value={from}
            options={[
              ['beginning', t('pipelines:output.fromBeginning')],
              ['now', t('pipelines:output.fromNow')],
            ]}
            onChange={setFrom}
          />
        )}
        {testing.error && <ErrorNotice error={testing.error} />}
        {tested && (
          <StateBadge
            state="ok"
            word={t('pipelines:server.tested', {
              product: tested.product,
              version: tested.version,
              time: durationText(t, tested.tookMs),
            })}
          />
        )}
        {saving.error && <ErrorNotice error={saving.error} />}
        <div className="row">
          <Button kind="primary" type="submit" disabled={!complete || saving.busy}>
            {t('common:action.save')}
          </Button>
          <Button disabled={!complete || testing.busy} onClick={() => void test()}>
            {t('pipelines:server.test')}
          </Button>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <span className="spacer" />
          {output !== null && (
            <Button
              kind="danger"
              title={t('pipelines:output.removeHint')}
              onClick={() => void saving.run(call('logs.outputs.remove', { id: output.id }))}
            >
              {t('common:action.remove')}
            </Button>
          )}
        </div>
      </form>
    </Overlay>
  );
}
