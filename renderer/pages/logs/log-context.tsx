import { type LogContextScope, type LogEvent, logContextScopeSchema } from '#shared/contract/logs.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { ContextPane, useInView } from './context-pane.tsx';
import { LevelMark } from './level-mark.tsx';
import { type LogContextLines, useLogContext } from './use-log-context.ts';
import { useContextScope, useWrittenTimes } from './use-log-search.ts';

const SCOPES = logContextScopeSchema.options;

/** The lines around one, oldest first: of its log, of its host or of all logs; can be widened, copied and saved. */
export function LogContext({ event }: { readonly event: LogEvent }) {
  const { t } = useTranslation();
  const [scope, setScope] = useContextScope();
  const [asWritten] = useWrittenTimes();
  const lines = useLogContext(event.id, scope, !asWritten);
  const element = useInView(lines.first.data !== null);
  return (
    <div className="stack-small" data-testid="log-context" ref={element}>
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
      <ContextPane
        subject={`${hit.id} ${scope} ${asWritten}`}
        label={t(`logs:context.label.${scope}`)}
        keys={events.map(({ id }) => id)}
        here={events.findIndex(({ id }) => id === hit.id)}
        isMixed={scope !== 'log'}
        busy={busy}
        // New lines may come at any time, so later ones can be asked for again at the end.
        may={{ earlier: earlier?.more === true, later: true }}
        onMore={more}
        text={text}
        name={name}
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
      </ContextPane>
    </>
  );
}
