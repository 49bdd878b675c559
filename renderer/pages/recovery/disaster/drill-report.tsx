import type { ReactNode } from 'react';
import type { Drill } from '#shared/contract/recovery-drills.ts';
import { AbsoluteTime, Bytes, Count } from '../../../components/figures.tsx';
import { durationText, zoneText } from '../../../components/time.ts';
import { useText } from '../../../components/use-text.ts';
import { type Translate, useTranslation } from '../../../locales/use-translation.ts';
import { DrillBadge } from './drill-badge.tsx';

/** A measurement beside its promise, in one sentence. */
function against(t: Translate, measured: number | null, promised: number | null): string {
  const took = measured === null ? '—' : durationText(t, measured);
  if (promised === null || measured === null) return t('recovery:disaster.drills.noPromise', { took });
  const promise = durationText(t, promised);
  return measured <= promised
    ? t('recovery:disaster.drills.kept', { took, promise })
    : t('recovery:disaster.drills.broken', { took, promise });
}

/** Everything that a drill found, for the screen and for paper. */
export function DrillReport({ drill }: { readonly drill: Drill }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <article data-testid="drill-report" data-state={drill.state}>
      <dl className="facts">
        <Fact name={t('recovery:disaster.drills.outcome')}>
          <DrillBadge state={drill.state} />
          {drill.error && <div>{text(drill.error.message)}</div>}
        </Fact>
        <Fact name={t('recovery:disaster.drills.plan')}>
          {drill.plan} · {t(`recovery:disaster.class.${drill.dataClass}`)}
        </Fact>
        <Fact name={t('recovery:disaster.drills.point')}>
          <AbsoluteTime time={drill.pointAt} /> <span className="mono">{drill.pointId}</span>
        </Fact>
        <Fact name={t('recovery:disaster.drills.started')}>
          <AbsoluteTime time={drill.startedAt} /> ({zoneText(drill.startedAt)})
        </Fact>
        <Fact name={t('recovery:disaster.drills.rto')}>{against(t, drill.durationMs, drill.rtoMs)}</Fact>
        <Fact name={t('recovery:disaster.drills.rpo')}>{against(t, drill.dataAgeMs, drill.rpoMs)}</Fact>
        <Fact name={t('recovery:disaster.drills.verified')}>
          <Count value={drill.verified} /> / <Count value={drill.files} /> · <Bytes value={drill.bytes} />
        </Fact>
        {drill.databases.length > 0 && (
          <Fact name={t('recovery:disaster.drills.databases')}>
            {drill.databases.map((one) => (
              <div key={`${one.source}/${one.database}`}>
                {one.source}/{one.database} · {one.server} ·{' '}
                {t('recovery:disaster.drills.tables', { n: one.tables })} ·{' '}
                {one.error === null ? durationText(t, one.durationMs) : text(one.error.message)}
              </div>
            ))}
          </Fact>
        )}
        <Fact name={t('recovery:disaster.drills.appCheck')}>
          {drill.appCheck === null ? (
            t('recovery:disaster.drills.noCheck')
          ) : (
            <>
              {t(`recovery:disaster.drills.checkOutcome.${drill.appCheck.outcome}`)} ·{' '}
              <code>{drill.appCheck.command}</code>
              {drill.appCheck.output !== '' && <pre>{drill.appCheck.output}</pre>}
            </>
          )}
        </Fact>
        <Fact name={t('recovery:disaster.drills.cleaned')}>
          {drill.cleaned
            ? t('recovery:disaster.drills.cleanedYes')
            : t('recovery:disaster.drills.cleanedNo', { dir: drill.scratchDir })}
        </Fact>
        <Fact name={t('recovery:disaster.drills.by')}>
          {drill.by} · {t(`recovery:disaster.drills.trigger.${drill.trigger}`)}
        </Fact>
        <Fact name={t('recovery:disaster.drills.machine')}>
          {drill.workstation} · HMTT Console {drill.version}
        </Fact>
        <Fact name={t('recovery:disaster.drills.sha256')}>
          <span className="mono">{drill.sha256 || '—'}</span>
        </Fact>
      </dl>
      {drill.failures.length > 0 && (
        <>
          <h2>{t('recovery:disaster.drills.failures')}</h2>
          <ul>
            {drill.failures.slice(0, 200).map((failure) => (
              <li key={failure.path}>
                <span className="mono">{failure.path}</span> · {text(failure.error.message)}
              </li>
            ))}
          </ul>
        </>
      )}
    </article>
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
