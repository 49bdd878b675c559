import { Fragment } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { SegmentPlace } from '#shared/contract/logs-rotation-runs.ts';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { CONTEXT_FIRST, CONTEXT_STEP, ContextPane, useInView } from '../context-pane.tsx';
import { LevelMark } from '../level-mark.tsx';
import { type Further, useFurther } from '../use-further.ts';

type Hit = RequestOutput<'rotation.segments.search'>['lines'][number];
type Answer = RequestOutput<'rotation.segments.context'>;

/** The name of a line of the archive. */
export function lineKey({ segmentId, line }: SegmentPlace): string {
  return `${segmentId} ${line}`;
}

/** The lines around one that was found in an archived segment, over the segments of its log; can be widened, copied and saved. */
export function ArchiveContext({ hit }: { readonly hit: Hit }) {
  const call = useCall();
  const { segmentId, line } = hit;
  const asked = { segmentId, line, before: CONTEXT_FIRST, after: CONTEXT_FIRST };
  const first = useRequest('rotation.segments.context', asked, { subject: lineKey(hit) });
  const element = useInView(first.data !== null);
  const further = useFurther(first.data, (side, from, signal) => {
    const next = from[side];
    if (next === null) return null;
    const [before, after] = side === 'earlier' ? [CONTEXT_STEP - 1, 0] : [0, CONTEXT_STEP - 1];
    return call('rotation.segments.context', { ...next, before, after }, signal);
  });
  return (
    <div className="stack-small" data-testid="archive-context" ref={element}>
      <RequestView request={first} rows={8}>
        {() => <ArchiveLines hit={hit} further={further} />}
      </RequestView>
    </div>
  );
}

type ArchiveLinesProps = { readonly hit: Hit; readonly further: Further<Answer> };

function ArchiveLines({ hit, further }: ArchiveLinesProps) {
  const { t } = useTranslation();
  const { answers, outermost, busy, error, more } = further;
  const lines = answers.flatMap((answer) => answer.lines);
  const failed = new Map(answers.flatMap((answer) => answer.failed.map((one) => [one.file, one.error])));
  const keys = lines.map(lineKey);
  const may = {
    earlier: (outermost('earlier')?.earlier ?? null) !== null,
    later: (outermost('later')?.later ?? null) !== null,
  };
  return (
    <>
      {[...failed].map(([file, why]) => (
        <ErrorNotice key={file} error={why} />
      ))}
      {error !== null && <ErrorNotice error={error} />}
      <ContextPane
        subject={lineKey(hit)}
        label={t('rotation:archive.aroundLabel')}
        keys={keys}
        here={keys.indexOf(lineKey(hit))}
        busy={busy}
        may={may}
        onMore={more}
        text={() => lines.map(({ text }) => `${text}\n`).join('')}
        name={hit.source}
      >
        {!may.earlier && <li className="list-edge soft">{t('rotation:archive.noEarlier')}</li>}
        {lines.map((line, at) => {
          const isHit = keys[at] === lineKey(hit);
          return (
            <Fragment key={keys[at]}>
              {line.file !== lines[at - 1]?.file && (
                <li className="list-edge soft small mono hash">
                  {line.host} · {line.file}
                </li>
              )}
              <li className={isHit ? 'here' : ''} {...(isHit ? { 'aria-current': true } : {})}>
                <span className="figure">{line.time === null ? '–' : absoluteText(line.time, true)}</span>
                <LevelMark level={line.level} />
                <span className="mono">
                  <span className="soft figure">{line.line}</span> {line.text}
                  {isHit && <span className="visually-hidden"> ({t('logs:context.here')})</span>}
                </span>
              </li>
            </Fragment>
          );
        })}
        {!may.later && <li className="list-edge soft">{t('rotation:archive.noLater')}</li>}
      </ContextPane>
    </>
  );
}
