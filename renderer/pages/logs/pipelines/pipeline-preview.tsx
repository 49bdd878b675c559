import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { LogPipeline, PipelineEvent } from '#shared/contract/logs-pipelines.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { TextAreaField } from '../../../components/text-area-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { LevelMark } from '../level-mark.tsx';
import { stepWords } from './step-words.ts';

type Previewed = RequestOutput<'logs.pipelines.preview'>['events'];

/** What a pipeline makes of lines that are pasted, or of lines that are stored; nothing is changed by looking. */
export function PipelinePreview({ pipeline }: { readonly pipeline: LogPipeline | null }) {
  const { t } = useTranslation();
  const call = useCall();
  const [kind, setKind] = useState<'stored' | 'lines'>('stored');
  const [text, setText] = useState('');
  const [query, setQuery] = useState('');
  const [events, setEvents] = useState<Previewed | null>(null);
  const asking = useSaving(() => undefined);
  const look = async (): Promise<void> => {
    if (pipeline === null) return;
    const answer = call('logs.pipelines.preview', {
      pipeline,
      sample:
        kind === 'lines'
          ? { kind, text, ...(pipeline.sources[0] === undefined ? {} : { source: pipeline.sources[0] }) }
          : { kind, query, limit: 30 },
    });
    await asking.run(answer);
    const result = await answer;
    if (result.ok) setEvents(result.value.events);
  };
  return (
    <div className="stack-small" data-testid="pipeline-preview">
      <h3>{t('pipelines:preview.title')}</h3>
      <SelectField
        label={t('pipelines:preview.on')}
        value={kind}
        options={[
          ['stored', t('pipelines:preview.stored')],
          ['lines', t('pipelines:preview.lines')],
        ]}
        onChange={setKind}
      />
      {kind === 'stored' ? (
        <TextField
          mono
          label={t('pipelines:preview.query')}
          placeholder="level:error"
          maxLength={4000}
          value={query}
          onChange={setQuery}
        />
      ) : (
        <TextAreaField
          label={t('pipelines:preview.text')}
          rows={5}
          maxLength={200_000}
          value={text}
          onChange={setText}
        />
      )}
      <div>
        <Button disabled={pipeline === null || asking.busy} onClick={() => void look()}>
          {t('pipelines:preview.look')}
        </Button>
      </div>
      {asking.error && <ErrorNotice error={asking.error} />}
      {events?.length === 0 && <p className="soft">{t('pipelines:preview.none')}</p>}
      <ul className="plain-list preview-events">
        {events?.map(({ before, after, trail }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is made anew with every look.
          <li key={index}>
            <EventLine event={before} />
            {after === null ? (
              <StateBadge state="warning" word={t('pipelines:preview.dropped')} />
            ) : (
              <Difference before={before} after={after} />
            )}
            <span className="soft small">
              {trail
                .filter(({ effect }) => effect !== 'unchanged')
                .map(({ step, label, effect, changed }) =>
                  t('pipelines:preview.trail', {
                    step,
                    label: stepWords(t, label),
                    effect: t(`pipelines:effect.${effect}`),
                    changed: changed.join(', '),
                  }),
                )
                .join(' → ')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function EventLine({ event }: { readonly event: PipelineEvent }) {
  return (
    <>
      <span className="row">
        <span className="figure">{absoluteText(event.time, true)}</span>
        <LevelMark level={event.level} />
      </span>
      <span className="mono">{event.text.slice(0, 1_000)}</span>
    </>
  );
}

/** What is another one afterwards, in the order of reading. */
function Difference({ before, after }: { readonly before: PipelineEvent; readonly after: PipelineEvent }) {
  const { t } = useTranslation();
  const rows: (readonly [string, string, string])[] = [];
  const compare = (name: string, a: string, b: string): void => {
    if (a !== b) rows.push([name, a, b]);
  };
  compare(t('pipelines:preview.line'), before.text, after.text);
  compare(t('logs:list.time'), absoluteText(before.time, true), absoluteText(after.time, true));
  compare(t('logs:list.level'), t(`logs:level.${before.level}`), t(`logs:level.${after.level}`));
  compare(t('logs:list.message'), before.message, after.message);
  compare(t('logs:details.stream'), before.stream, after.stream);
  compare(t('logs:details.tag'), before.tags.join(' '), after.tags.join(' '));
  for (const name of new Set([...Object.keys(before.fields), ...Object.keys(after.fields)]))
    compare(name, before.fields[name] ?? '', after.fields[name] ?? '');
  if (rows.length === 0) return <span className="soft">{t('pipelines:preview.same')}</span>;
  return (
    <dl className="difference">
      {rows.map(([name, a, b]) => (
        <div key={name}>
          <dt className="mono">{name}</dt>
          <dd>
            {a !== '' && <del className="mono">{a.slice(0, 500)}</del>}{' '}
            {b === '' ? (
              <span className="soft">{t('pipelines:preview.gone')}</span>
            ) : (
              <ins className="mono">{b.slice(0, 500)}</ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
