import type { RequestOutput } from '#shared/contract/index.ts';
import type { ImportItem } from '#shared/contract/logs-pipelines.ts';
import { ImportDialog, type ImportFile } from '../../../components/import-dialog.tsx';
import { type ImportFinding, ImportFindings } from '../../../components/import-findings.tsx';
import { useCall } from '../../../components/use-request.ts';
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
  const sent = ({ name, text }: ImportFile) => ({ fileName: name, text });
  return (
    <ImportDialog<Read>
      title={t('pipelines:logstash.open')}
      means={t('pipelines:logstash.means')}
      testId="logstash-import"
      source="text"
      initial={{}}
      extensions={['conf', 'config']}
      words={{
        choose: t('pipelines:logstash.choose'),
        input: t('pipelines:logstash.text'),
        look: t('pipelines:logstash.look'),
        take: () => t('pipelines:logstash.take'),
      }}
      look={(file) => call('logs.logstash.preview', sent(file))}
      canTake={({ refused }) => refused.length === 0}
      take={(file) => call('logs.logstash.apply', sent(file))}
      Found={Found}
      onClose={onClose}
      onDone={onDone}
    />
  );
}

const findings = (items: readonly ImportItem[]): ImportFinding[] =>
  items.map(({ line, name, text }) => ({ line, what: name, text }));

function Found({ found }: { readonly found: Read }) {
  const { t } = useTranslation();
  const { refused, notices, taken, sources, streams, outputs } = found;
  return (
    <div className="stack-small" data-testid="logstash-found" data-refused={refused.length}>
      <ImportFindings
        state="critical"
        title={t('pipelines:logstash.refused', { count: refused.length })}
        items={findings(refused)}
      />
      <ImportFindings
        state="warning"
        title={t('pipelines:logstash.notices', { count: notices.length })}
        items={findings(notices)}
      />
      <ImportFindings
        state="ok"
        title={t('pipelines:logstash.taken', { count: taken.length })}
        items={findings(taken)}
      />
      {sources.length > 0 && (
        <p>
          {t('pipelines:logstash.sources')}{' '}
          <span className="mono">{sources.map(({ path }) => path).join(' · ')}</span>
        </p>
      )}
      {streams.length > 0 && (
        <p>
          {t('pipelines:logstash.streams')} <span className="mono">{streams.join(' · ')}</span>
        </p>
      )}
      {outputs.length > 0 && (
        <p>
          {t('pipelines:logstash.outputs')}{' '}
          <span className="mono">{outputs.flatMap(({ servers }) => servers).join(' · ')}</span>
        </p>
      )}
    </div>
  );
}
