import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { ImportRemark } from '#shared/contract/notify.ts';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../../app/shell.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

type Imported = RequestOutput<'notify.config.import'>;

/** Takes over an alertmanager.yml: first what would be taken and what not, then, on a second press, for real. */
export function ImportDialog({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [file, setFile] = useState({ name: 'alertmanager.yml', text: '' });
  const [preview, setPreview] = useState<Imported | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const choose = async (): Promise<void> => {
    const answer = await shell()?.chooseFile({
      title: t('alerts:import.title'),
      extensions: ['yml', 'yaml'],
    });
    if (!answer?.ok) return setError(answer?.error ?? null);
    if (answer.value === null) return;
    setFile({ name: answer.value.name, text: answer.value.text });
    setPreview(null);
  };
  const run = async (dryRun: boolean): Promise<void> => {
    setBusy(true);
    const answer = await call('notify.config.import', { fileName: file.name, text: file.text, dryRun });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    setPreview(answer.value);
    if (!dryRun && answer.value.config !== null) onDone();
  };
  const canTake = preview !== null && preview.config !== null;
  return (
    <Overlay kind="dialog" title={t('alerts:import.title')} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="import-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && file.text.trim() !== '') void run(!canTake);
        }}
      >
        <p className="soft">{t('alerts:import.means')}</p>
        <div className="row">
          <Button onClick={() => void choose()}>{t('alerts:import.choose')}</Button>
          <span className="soft">{file.text === '' ? '' : file.name}</span>
        </div>
        <Field label={t('alerts:import.text')}>
          {(field) => (
            <textarea
              {...field}
              className="input mono"
              rows={8}
              spellCheck={false}
              value={file.text}
              onChange={(event) => {
                setFile({ ...file, text: event.target.value });
                setPreview(null);
              }}
            />
          )}
        </Field>
        {error && <ErrorNotice error={error} />}
        {preview && <Preview imported={preview} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={busy || file.text.trim() === ''}>
            {t(canTake ? 'alerts:import.take' : 'alerts:import.look')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}

function Preview({ imported }: { readonly imported: Imported }) {
  const { t } = useTranslation();
  const { config, problems, leftOut, channels } = imported;
  return (
    <div className="stack-small" data-testid="import-preview">
      {problems.length > 0 && <Remarks title={t('alerts:import.wrong')} remarks={problems} isBad />}
      {config && (
        <p>
          {t('alerts:import.takes', {
            receivers: config.receivers.length,
            routes: countRoutes(config.route) - 1,
            inhibit: config.inhibitRules.length,
            times: config.timeIntervals.length,
          })}
        </p>
      )}
      {channels.length > 0 && (
        <div>
          <h3>{t('alerts:import.channels')}</h3>
          <ul className="plain-list">
            {channels.map((channel) => (
              <li key={`${channel.receiver} ${channel.line}`}>
                {channel.receiver}: {channel.kind} {channel.name}{' '}
                <span className="soft small">{t('common:error.line', { line: channel.line })}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {leftOut.length > 0 && <Remarks title={t('alerts:import.leftOut')} remarks={leftOut} />}
      {config && leftOut.length === 0 && <p>{t('alerts:import.whole')}</p>}
    </div>
  );
}

function countRoutes(route: NonNullable<Imported['config']>['route']): number {
  return 1 + route.routes.reduce((sum, one) => sum + countRoutes(one), 0);
}

function Remarks({
  title,
  remarks,
  isBad = false,
}: {
  readonly title: string;
  readonly remarks: readonly ImportRemark[];
  readonly isBad?: boolean;
}) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <div className={`notice ${isBad ? 'notice-critical' : 'notice-warning'}`}>
      <div className="notice-body">
        <strong>{title}</strong>
        <ul className="plain-list">
          {remarks.map((remark) => (
            <li key={`${remark.line} ${remark.field} ${remark.text.en}`}>
              <span className="soft figure">{t('common:error.line', { line: remark.line })}</span>{' '}
              <code>{remark.field}</code> {text(remark.text)}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
