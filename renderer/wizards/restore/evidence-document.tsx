import type { ReactNode } from 'react';
import type { Evidence } from '#shared/contract/restore.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { AbsoluteTime, Bytes, Count } from '../../components/figures.tsx';
import { StateBadge, type StateName } from '../../components/state-badge.tsx';
import { durationText, zoneText } from '../../components/time.ts';
import { useText } from '../../components/use-text.ts';
import { type Translate, useTranslation } from '../../locales/use-translation.ts';
import { useSite } from '../../stores/site.ts';
import { AppCheckResult } from './app-check-result.tsx';
import { placeText } from './place-text.ts';
import { Failures } from './verify-step.tsx';

/** Selected paths that the document names one by one; the evidence file holds them all. */
const PATHS_SHOWN = 20;

const shapes: Readonly<Record<Evidence['outcome'], StateName>> = {
  verified: 'ok',
  with_failures: 'warning',
  cancelled: 'unknown',
  failed: 'critical',
};

/** The outcome of a restore as shape, colour and word. */
export function OutcomeBadge({ outcome }: { readonly outcome: Evidence['outcome'] }) {
  const { t } = useTranslation();
  return <StateBadge state={shapes[outcome]} word={t(`recovery:outcome.${outcome}`)} />;
}

/** Promise against measurement, in one sentence. */
function rtoText(t: Translate, rtoMs: number | null, durationMs: number): string {
  const took = durationText(t, durationMs);
  if (rtoMs === null) return t('recovery:wizard.evidence.rtoNone', { took });
  const rto = durationText(t, rtoMs);
  return durationMs <= rtoMs
    ? t('recovery:wizard.evidence.rtoKept', { rto, took })
    : t('recovery:wizard.evidence.rtoBroken', { rto, took });
}

/** The document that is printed and signed: what was done, verified how, how long it took. */
export function EvidenceDocument({
  evidence,
  printed = false,
}: {
  readonly evidence: Evidence;
  /** On paper every failure is listed; in the window the table scrolls. */
  readonly printed?: boolean;
}) {
  const { t } = useTranslation();
  const text = useText();
  const siteName = useSite((state) => state.status?.siteName ?? '');
  const classification = useSite((state) => state.status?.classification ?? '');
  const { plan } = evidence;
  return (
    <article className="evidence" data-testid="evidence" data-outcome={evidence.outcome}>
      <header className="row">
        <h3>
          {siteName} {t('recovery:wizard.evidence.document')}
        </h3>
        {classification && <span className="classification">{classification}</span>}
        <span className="spacer" />
        <OutcomeBadge outcome={evidence.outcome} />
      </header>
      <dl className="facts">
        <Fact name={t('recovery:wizard.evidence.from')}>
          {plan.planName} · <AbsoluteTime time={plan.pointAt} /> <span className="mono">{plan.pointId}</span>
        </Fact>
        <Fact name={t('recovery:wizard.evidence.selection')}>
          {plan.selection.length === 0 ? (
            t('recovery:wizard.evidence.everything')
          ) : (
            <ul className="plain-list mono">
              {plan.selection.slice(0, PATHS_SHOWN).map((path) => (
                <li key={path}>{path}</li>
              ))}
            </ul>
          )}
          {plan.selection.length > PATHS_SHOWN &&
            t('recovery:wizard.evidence.morePaths', {
              shown: PATHS_SHOWN,
              total: plan.selection.length.toLocaleString('en-US'),
            })}
        </Fact>
        <Fact name={t('recovery:wizard.evidence.target')}>
          {plan.original ? (
            t('recovery:wizard.chosen.original')
          ) : (
            <span className="mono">{placeText(plan)}</span>
          )}
        </Fact>
        <Fact name={t('recovery:wizard.evidence.overwrite')}>
          {t(`recovery:wizard.where.${plan.overwrite}`)}
        </Fact>
        <Fact name={t('recovery:wizard.evidence.files')}>
          <Count value={evidence.files} /> · <Bytes value={evidence.bytes} />
        </Fact>
        <Fact name={t('recovery:wizard.evidence.verifiedFiles')}>
          {t('recovery:wizard.verify.ok', { count: evidence.verified.toLocaleString('en-US') })}
        </Fact>
        <Fact name={t('recovery:wizard.evidence.rto')}>
          {rtoText(t, evidence.rtoMs, evidence.durationMs)}
        </Fact>
        <Fact name={t('recovery:wizard.evidence.dataAge')}>
          {t('recovery:wizard.evidence.dataAgeText', { age: durationText(t, evidence.dataAgeMs) })}
        </Fact>
        {evidence.rpoMs != null && (
          <Fact name={t('restore:evidence.rpo')}>
            {t(
              evidence.dataAgeMs <= evidence.rpoMs
                ? 'restore:evidence.rpoKept'
                : 'restore:evidence.rpoBroken',
              {
                rpo: durationText(t, evidence.rpoMs),
                age: durationText(t, evidence.dataAgeMs),
              },
            )}
          </Fact>
        )}
        {plan.undoOf !== null && (
          <Fact name={t('restore:evidence.undoOf')}>
            <span className="mono">{plan.undoOf}</span>
          </Fact>
        )}
        {evidence.appCheck && (
          <Fact name={t('restore:verify.appCheck')}>
            <AppCheckResult result={evidence.appCheck} />
          </Fact>
        )}
        {evidence.hosts !== undefined && evidence.hosts.length > 0 && (
          <Fact name={t('restore:evidence.hosts')}>
            {evidence.hosts.map(({ name, state }) => `${name}: ${state}`).join(', ')}
          </Fact>
        )}
        {evidence.approvers !== undefined && (
          <Fact name={t('restore:evidence.approvers')}>
            {evidence.approvers.length === 0 ? t('restore:evidence.nobody') : evidence.approvers.join(', ')}
          </Fact>
        )}
        {evidence.safety && (
          <Fact name={t('restore:safety.column')}>
            {t('restore:safety.kept', {
              files: evidence.safety.files.toLocaleString('en-US'),
              bytes: formatBytes(evidence.safety.bytes),
            })}{' '}
            <span className="mono">{evidence.safety.dir}</span>
          </Fact>
        )}
        <Fact name={t('recovery:wizard.evidence.started')}>
          <AbsoluteTime time={evidence.startedAt} />
        </Fact>
        <Fact name={t('recovery:wizard.evidence.finished')}>
          <AbsoluteTime time={evidence.finishedAt} /> ({zoneText(evidence.finishedAt)})
        </Fact>
        <Fact name={t('recovery:wizard.evidence.interruptions')}>
          <Count value={evidence.interruptions} />
        </Fact>
        <Fact name={t('recovery:wizard.evidence.who')}>
          {evidence.operator} · {evidence.workstation} · HMTT Console {evidence.consoleVersion}
        </Fact>
        <Fact name={t('recovery:wizard.evidence.planHash')}>
          <span className="mono">{evidence.planHash}</span>
        </Fact>
        <Fact name={t('recovery:wizard.evidence.document256')}>
          <span className="mono">{evidence.sha256}</span>
        </Fact>
        <Fact name={t('restore:evidence.signature')}>
          {evidence.signature === undefined ? (
            t('restore:evidence.unsigned')
          ) : (
            <>
              <span className="mono">
                {t('restore:evidence.signed', { fingerprint: evidence.signature.fingerprint })}
              </span>
              <div className="soft small">{t('restore:evidence.verifyHint')}</div>
            </>
          )}
        </Fact>
        {evidence.notes.length > 0 && (
          <Fact name={t('recovery:wizard.evidence.notes')}>
            {evidence.notes.map((note) => (
              <div key={note.en}>{text(note)}</div>
            ))}
          </Fact>
        )}
      </dl>
      {evidence.failures.length > 0 &&
        (printed ? (
          <PrintedFailures failures={evidence.failures} />
        ) : (
          <Failures failures={evidence.failures} />
        ))}
      <footer className="signatures">
        <span>{t('recovery:wizard.evidence.signature')}</span>
        <span>{t('recovery:wizard.evidence.reviewer')}</span>
      </footer>
    </article>
  );
}

function PrintedFailures({ failures }: { readonly failures: Evidence['failures'] }) {
  const text = useText();
  return (
    <ol>
      {failures.map(({ path, error }) => (
        <li key={path}>
          <span className="mono">{path}</span>: {text(error.message)}
        </li>
      ))}
    </ol>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
