import { useLayoutEffect, useRef } from 'react';
import { type LogContextScope, type LogEvent, logContextScopeSchema } from '#shared/contract/logs.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { copyText, saveText } from '../../components/save-text.ts';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { LevelMark } from './level-mark.tsx';
import { CONTEXT_MOST, CONTEXT_STEP, type LogContextLines, useLogContext } from './use-log-context.ts';
import { useContextScope, useWrittenTimes } from './use-log-search.ts';

const SCOPES = logContextScopeSchema.options;

/** The lines around one, oldest first: of its log, of its host or of all logs; can be widened, copied and saved. */
export function LogContext({ event }: { readonly event: LogEvent }) {
  const { t } = useTranslation();
  const [scope, setScope] = useContextScope();
  const [asWritten] = useWrittenTimes();
  const lines = useLogContext(event.id, scope, !asWritten);
  return (
    <div className="stack-small" data-testid="log-context">
      <div className="row">
        <span className="soft">{t('logs:context.of')}</span>
        <fieldset className="segmented" aria-label={t('logs:context.of')}>
          {SCOPES.map((one) => (
            <Button key={one} aria-pressed={one === scope} onClick={() => setScope(one)}>
              {t(`logs:context.scope.${one}`)}
            </Button>
          ))}
        </fieldset>
        <span className="soft small">{t(`logs:context.means.${scope}`, { host: event.host })}</span>
      </div>
      <RequestView request={lines.first} rows={8}>
        {() => <ContextLines hit={event} scope={scope} lines={lines} asWritten={asWritten} />}
      </RequestView>
    </div>
  );
}

type ContextLinesProps = {
  readonly hit: LogEvent;
  readonly scope: LogContextScope;
  readonly lines: LogContextLines;
  readonly asWritten: boolean;
};

function ContextLines({ hit, scope, lines, asWritten }: ContextLinesProps) {
  const { t } = useTranslation();
  const { events, earlier, later, busy, error, unread, more } = lines;
  const here = events.findIndex(({ id }) => id === hit.id);
  const [before, after] = [Math.max(0, here), events.length - 1 - here];
  const list = useRef<HTMLOListElement>(null);
  useSteadyScroll(list, `${hit.id} ${scope} ${asWritten}`, events);
  const timeOf = (event: LogEvent): number =>
    scope === 'log' || asWritten ? event.time : (event.correctedTime ?? event.time);
  const textOf = (event: LogEvent): string =>
    scope === 'log'
      ? event.raw
      : [new Date(timeOf(event)).toISOString(), event.host, event.source, event.raw].join('\t');
  const text = (): string => events.map((event) => `${textOf(event)}\n`).join('');
  const name = scope === 'log' ? hit.source : scope === 'host' ? hit.host : scope;
  return (
    <>
      {unread.map(({ day, error: why }) => (
        <ErrorNotice key={day} error={why} still={t('logs:context.unread', { day })} />
      ))}
      {error !== null && <ErrorNotice error={error} />}
      <div className="row">
        <Button
          disabled={busy !== null || earlier?.more !== true || before >= CONTEXT_MOST}
          onClick={() => more('earlier')}
        >
          {t('logs:context.earlier', { count: CONTEXT_STEP })}
        </Button>
        <span className="soft figure" role="status">
          {busy !== null
            ? t('logs:context.loading')
            : t('logs:context.shown', {
                before: before.toLocaleString('en-US'),
                after: after.toLocaleString('en-US'),
              })}
        </span>
        <span className="spacer" />
        <Button kind="quiet" onClick={() => void copyText(text())}>
          {t('logs:context.copy')}
        </Button>
        <Button
          kind="quiet"
          onClick={() => void saveText(`context-${name.replace(/[^\p{L}\p{N}._-]/gu, '_')}.log`, text())}
        >
          {t('logs:context.save')}
        </Button>
      </div>
      <ol
        className={`log-context log-around${scope === 'log' ? '' : ' mixed'}`}
        ref={list}
        aria-label={t(`logs:context.label.${scope}`)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
      >
        {earlier?.more === false && <li className="list-edge soft">{t('logs:context.noEarlier')}</li>}
        {events.map((line) => (
          <li
            key={line.id}
            className={line.id === hit.id ? 'here' : ''}
            {...(line.id === hit.id ? { 'aria-current': true } : {})}
          >
            <span className="figure">{absoluteText(timeOf(line), true)}</span>
            <LevelMark level={line.level} />
            {scope !== 'log' && (
              <span className="ellipsis soft" title={`${line.host} · ${line.source}`}>
                {scope === 'all' ? `${line.host} · ${line.source}` : line.source}
              </span>
            )}
            <span className="mono">
              {timeOf(line) !== line.time && (
                <span className="soft">
                  {t('logs:clock.written', { time: absoluteText(line.time, true).slice(11) })}{' '}
                </span>
              )}
              {line.message}
              {line.id === hit.id && <span className="visually-hidden"> ({t('logs:context.here')})</span>}
            </span>
          </li>
        ))}
        {later?.more === false && <li className="list-edge soft">{t('logs:context.noLater')}</li>}
      </ol>
      <div className="row">
        {/* New lines may come at any time, so this can be asked again at the end. */}
        <Button disabled={busy !== null || after >= CONTEXT_MOST} onClick={() => more('later')}>
          {t('logs:context.later', { count: CONTEXT_STEP })}
        </Button>
        {(before >= CONTEXT_MOST || after >= CONTEXT_MOST) && (
          <span className="soft">
            {t('logs:context.most', { count: CONTEXT_MOST.toLocaleString('en-US') })}
          </span>
        )}
      </div>
    </>
  );
}

/** Shows the event in the middle at first; afterwards, lines that come in above move nothing that is being read. */
function useSteadyScroll(
  list: React.RefObject<HTMLOListElement | null>,
  subject: string,
  events: readonly LogEvent[],
): void {
  const seen = useRef({ subject: '', first: '', height: 0 });
  const first = events[0]?.id ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is measured changes with the lines that are shown.
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    if (seen.current.subject !== subject) {
      const hit = element.querySelector<HTMLElement>('.here');
      if (hit !== null) element.scrollTop = hit.offsetTop - (element.clientHeight - hit.offsetHeight) / 2;
    } else if (seen.current.first !== first) {
      element.scrollTop += element.scrollHeight - seen.current.height;
    }
    seen.current = { subject, first, height: element.scrollHeight };
  }, [subject, first, events.length]);
}
