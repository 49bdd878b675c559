import { useState } from 'react';
import type { VerifyReport } from '#shared/contract/logs-rotation-runs.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { copyText } from '../../../components/save-text.ts';
import { StateBadge } from '../../../components/state-badge.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { AnchorExport } from './anchor-export.tsx';

/** Reads every segment and every signed checkpoint again, and says which one is not as it was. */
export function VerifyPanel({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const [anchor, setAnchor] = useState('');
  const [report, setReport] = useState<VerifyReport | null>(null);
  const saving = useSaving(onDone);
  const verify = async (): Promise<void> => {
    const answer = call('rotation.verify', anchor.trim() === '' ? {} : { anchor: anchor.trim() });
    await saving.run(answer);
    const result = await answer;
    setReport(result.ok ? result.value : null);
  };
  return (
    <Panel title={t('rotation:verify.title')}>
      <form
        className="verify-line"
        onSubmit={(event) => {
          event.preventDefault();
          if (!saving.busy) void verify();
        }}
      >
        <TextField
          mono
          label={t('rotation:verify.anchor')}
          placeholder="hmtt-anchor:1:…"
          maxLength={300}
          value={anchor}
          onChange={setAnchor}
        />
        <Button type="submit" disabled={saving.busy}>
          {t(saving.busy ? 'rotation:verify.running' : 'rotation:verify.run')}
        </Button>
      </form>
      {saving.error && <ErrorNotice error={saving.error} />}
      {report && <Report report={report} />}
      <AnchorExport />
    </Panel>
  );
}

function Report({ report }: { readonly report: VerifyReport }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <div className="stack-small" role="status" data-testid="verify-report" data-ok={report.ok}>
      <StateBadge
        state={report.ok ? 'ok' : 'critical'}
        word={
          report.ok
            ? t('rotation:verify.ok', {
                segments: report.segments.toLocaleString('en-US'),
                checkpoints: report.checkpoints.toLocaleString('en-US'),
                size: formatBytes(report.bytes),
                time: durationText(t, report.tookMs),
              })
            : t('rotation:verify.bad', { count: report.findings.length })
        }
      />
      {report.removed > 0 && (
        <span className="soft">{t('rotation:verify.removed', { count: report.removed })}</span>
      )}
      <ul className="plain-list">
        {report.findings.map((finding) => (
          <li key={`${finding.kind} ${finding.checkpoint} ${finding.file}`}>
            <StateBadge state="critical" word={text(finding.sentence)} />
          </li>
        ))}
      </ul>
      <div className="row">
        <span className="soft">{t('rotation:verify.write')}</span>
        <code className="mono hash">{report.anchor.text}</code>
        <Button kind="quiet" onClick={() => void copyText(report.anchor.text)}>
          {t('common:action.copy')}
        </Button>
      </div>
    </div>
  );
}
