import { useState } from 'react';
import type { AuditReport } from '#shared/contract/audit.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { copyText } from '../../../components/save-text.ts';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ProgressRow } from './progress-row.tsx';
import type { LongRequest } from './use-long-request.ts';

/** Findings that are shown; the command shows all. */
const MOST_SHOWN = 50;

/** What verifying says, and the line to keep elsewhere. Nothing before it was asked for. */
export function VerifyPanel({ verifying }: { readonly verifying: LongRequest<'audit.verify'> }) {
  const { t } = useTranslation();
  const { progress, result, error } = verifying;
  if (progress === null && result === null && error === null) return null;
  return (
    <Panel title={t('audit:verify')}>
      <div className="stack" data-testid="audit-verify" aria-live="polite">
        {progress !== null && (
          <ProgressRow progress={progress} words="audit:verifying" onCancel={verifying.cancel} />
        )}
        {error !== null && <ErrorNotice error={error} />}
        {result !== null && <Report report={result} />}
      </div>
    </Panel>
  );
}

function Report({ report }: { readonly report: AuditReport }) {
  const { t } = useTranslation();
  const text = useText();
  const { entries, found, findings } = report;
  const shown = findings.slice(0, MOST_SHOWN);
  const figure = (count: number): string => count.toLocaleString('en-US');
  return (
    <>
      <StateBadge
        state={report.ok ? 'ok' : 'critical'}
        word={
          report.ok
            ? t('audit:ok', {
                entries: figure(entries),
                size: formatBytes(report.bytes),
                checkpoints: figure(report.checkpoints),
                unsigned: figure(report.unsigned),
              })
            : t('audit:found', { count: found, entries: figure(entries) })
        }
      />
      {shown.length > 0 && (
        <ul>
          {shown.map(({ kind, n, sentence }) => (
            <li key={`${kind} ${n}`}>{text(sentence)}</li>
          ))}
          {found > shown.length && <li>{t('audit:more', { count: found - shown.length })}</li>}
        </ul>
      )}
      {report.ok && entries > 0 && <AnchorLine />}
    </>
  );
}

/** The line that proves later that the trail still holds what it holds now. */
function AnchorLine() {
  const { t } = useTranslation();
  const anchor = useRequest('audit.anchor', {});
  const [copied, setCopied] = useState(false);
  if (anchor.error) return <ErrorNotice error={anchor.error} />;
  if (anchor.data === null) return null;
  const { text } = anchor.data;
  return (
    <div className="stack-small">
      <strong>{t('audit:anchor')}</strong>
      <p className="soft">{t('audit:anchorBody')}</p>
      <div className="row">
        <code className="break">{text}</code>
        <Button onClick={() => void copyText(text).then(() => setCopied(true))}>
          {copied ? t('audit:copied') : t('audit:copy')}
        </Button>
      </div>
    </div>
  );
}
