import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { ImportItem } from '#shared/contract/logs-pipelines.ts';
import { shell } from '../../../app/shell.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

type Read = RequestOutput<'logs.logstash.preview'>;

/** Takes over a Logstash pipeline: what is taken, what is noted and what is refused, by line; then, on a second press, for real. */
export function LogstashDialog({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [file, setFile] = useState({ fileName: '', text: '' });
  const [read, setRead] = useState<Read | null>(null);
  const looking = useSaving(() => undefined);
  const saving = useSaving(onDone);
  const choose = async (): Promise<void> => {
    const answer = await shell()?.chooseFile({
      title: t('pipelines:logstash.open'),
      extensions: ['conf', 'config'],
    });
    if (!answer?.ok || answer.value === null) return;
    setFile({ fileName: answer.value.name, text: answer.value.text });
    setRead(null);
  };
  const look = async (): Promise<void> => {
    const answer = call('logs.logstash.preview', file);
    await looking.run(answer);
    const result = await answer;
    setRead(result.ok ? result.value : null);
  };
  const canTake = read !== null && read.refused.length === 0;
  return (
    <Overlay title={t('pipelines:logstash.open')} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="logstash-import"
        onSubmit={(event) => {
          event.preventDefault();
          if (file.text.trim() === '') return;
          if (canTake) void saving.run(call('logs.logstash.apply', file));
          else void look();
        }}
      >
        <p className="soft">{t('pipelines:logstash.means')}</p>
        {shell() && (
          <div className="row">
            <Button onClick={() => void choose()}>{t('pipelines:logstash.choose')}</Button>
            <span className="soft">{file.fileName}</span>
          </div>
        )}
        <Field label={t('pipelines:logstash.text')}>
          {(field) => (
            <textarea
              {...field}
              className="input mono"
              rows={10}
              data-autofocus
              spellCheck={false}
              maxLength={1_000_000}
              value={file.text}
              onChange={(event) => {
                setFile({ ...file, text: event.target.value });
                setRead(null);
              }}
            />
          )}
        </Field>
        {looking.error && <ErrorNotice error={looking.error} />}
        {saving.error && <ErrorNotice error={saving.error} />}
        {read && <Found read={read} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
          <Button
            kind="primary"
            type="submit"
            disabled={file.text.trim() === '' || looking.busy || saving.busy || (read !== null && !canTake)}
          >
            {t(canTake ? 'pipelines:logstash.take' : 'pipelines:logstash.look')}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}

function Found({ read }: { readonly read: Read }) {
  const { t } = useTranslation();
  return (
    <div className="stack-small" data-testid="logstash-found" data-refused={read.refused.length}>
      <Items
        state="critical"
        title={t('pipelines:logstash.refused', { count: read.refused.length })}
        items={read.refused}
      />
      <Items
        state="warning"
        title={t('pipelines:logstash.notices', { count: read.notices.length })}
        items={read.notices}
      />
      <Items
        state="ok"
        title={t('pipelines:logstash.taken', { count: read.taken.length })}
        items={read.taken}
      />
      {read.sources.length > 0 && (
        <p>
          {t('pipelines:logstash.sources')}{' '}
          <span className="mono">{read.sources.map(({ path }) => path).join(' · ')}</span>
        </p>
      )}
      {read.streams.length > 0 && (
        <p>
          {t('pipelines:logstash.streams')} <span className="mono">{read.streams.join(' · ')}</span>
        </p>
      )}
      {read.outputs.length > 0 && (
        <p>
          {t('pipelines:logstash.outputs')}{' '}
          <span className="mono">{read.outputs.flatMap(({ servers }) => servers).join(' · ')}</span>
        </p>
      )}
    </div>
  );
}

type ItemsProps = {
  readonly state: StateName;
  readonly title: string;
  readonly items: readonly ImportItem[];
};

function Items({ state, title, items }: ItemsProps) {
  const { t } = useTranslation();
  const text = useText();
  if (items.length === 0) return null;
  return (
    <div>
      <StateBadge state={state} word={title} />
      <ul className="plain-list import-items">
        {items.map((item) => (
          <li key={`${item.line} ${item.name} ${item.text.en}`}>
            <span className="soft figure">{t('common:error.line', { line: item.line })}</span>{' '}
            <code>{item.name}</code> {text(item.text)}
          </li>
        ))}
      </ul>
    </div>
  );
}
