import { useState } from 'react';
import type { LogEvent } from '#shared/contract/logs.ts';
import { Button } from '../../components/button.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { copyText, saveText } from '../../components/save-text.ts';
import { absoluteText } from '../../components/time.ts';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { LevelMark } from './level-mark.tsx';

const STEP = 10;
const MOST = 1000;

/** The lines of the same source around one, oldest first; can be widened, copied and saved. */
export function LogContext({ event }: { readonly event: LogEvent }) {
  const { t } = useTranslation();
  const [before, setBefore] = useState(STEP);
  const [after, setAfter] = useState(STEP);
  const request = useRequest('logs.context', { id: event.id, before, after });
  return (
    <RequestView request={request}>
      {({ events }) => {
        const here = events.findIndex((candidate) => candidate.id === event.id);
        const text = (): string => `${events.map((line) => line.raw).join('\n')}\n`;
        return (
          <div className="stack-small" data-testid="log-context">
            <div className="row">
              <span className="soft figure" role="status">
                {t('logs:context.shown', { before: Math.max(0, here), after: events.length - 1 - here })}
              </span>
              <Button kind="quiet" disabled={before >= MOST} onClick={() => setBefore(grown(before))}>
                {t('logs:context.before', { count: grown(before) - before })}
              </Button>
              <Button kind="quiet" disabled={after >= MOST} onClick={() => setAfter(grown(after))}>
                {t('logs:context.after', { count: grown(after) - after })}
              </Button>
              <Button kind="quiet" onClick={() => void copyText(text())}>
                {t('logs:context.copy')}
              </Button>
              <Button
                kind="quiet"
                onClick={() =>
                  void saveText(`context-${event.source.replace(/[^\p{L}\p{N}._-]/gu, '_')}.log`, text())
                }
              >
                {t('logs:context.save')}
              </Button>
            </div>
            <ol className="log-context" aria-label={t('logs:context.label')}>
              {events.map((line) => (
                <li key={line.id} className={line.id === event.id ? 'here' : ''}>
                  <span className="figure">{absoluteText(line.time, true)}</span>
                  <LevelMark level={line.level} />
                  <span className="mono">
                    {line.message}
                    {line.id === event.id && (
                      <span className="visually-hidden"> ({t('logs:context.here')})</span>
                    )}
                  </span>
                </li>
              ))}
            </ol>
          </div>
        );
      }}
    </RequestView>
  );
}

function grown(count: number): number {
  return Math.min(MOST, count * 4);
}
