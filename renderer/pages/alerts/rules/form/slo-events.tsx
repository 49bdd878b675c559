import { type FormMatcher, formMatcherSchema } from '#shared/contract/rule-forms.ts';
import { SelectField } from '../../../../components/select-field.tsx';
import { TextField } from '../../../../components/text-field.tsx';
import { useTranslation } from '../../../../locales/use-translation.ts';
import { MetricControl, SeriesMatchers } from './form-fields.tsx';

const KINDS = ['availability', 'events', 'latency'] as const;

type Events = {
  readonly kind: (typeof KINDS)[number];
  readonly metric: string;
  readonly bad?: readonly FormMatcher[];
  readonly bound?: string;
};

/** What an SLO counts, and which of it was bad. */
export function SloEvents({
  events,
  wrong,
  onChange,
}: {
  readonly events: Events;
  readonly wrong: ReadonlySet<string>;
  readonly onChange: (events: Events) => void;
}) {
  const { t } = useTranslation();
  const toKind = (kind: Events['kind']): Events => {
    const { metric } = events;
    if (kind === 'events') return { kind, metric, bad: [{ label: 'code', op: '=~', value: '5..' }] };
    return kind === 'latency' ? { kind, metric, bound: '0.5' } : { kind, metric };
  };
  return (
    <>
      <SelectField
        label={t('rules:form.events')}
        value={events.kind}
        options={KINDS.map((kind) => [kind, t(`rules:form.eventsName.${kind}`)])}
        onChange={(kind) => onChange(toKind(kind))}
      />
      <MetricControl
        label={t('rules:form.metric')}
        value={events.metric}
        wrong={wrong.has('events.metric')}
        onChange={(metric) => onChange({ ...events, metric })}
      />
      {events.kind === 'events' && (
        <SeriesMatchers
          legend={t('rules:form.bad')}
          matchers={events.bad ?? []}
          onChange={(bad) => onChange({ ...events, bad })}
        />
      )}
      {events.kind === 'latency' && (
        <TextField
          label={t('rules:form.bound')}
          mono
          value={events.bound ?? ''}
          onChange={(value) => onChange({ ...events, bound: value })}
        />
      )}
    </>
  );
}

/** What a draft says of its events; anything else begins anew. */
export function eventsOf(value: unknown): Events {
  if (typeof value !== 'object' || value === null) return { kind: 'availability', metric: 'up' };
  const { kind, metric, bad, bound } = value as Partial<Record<keyof Events, unknown>>;
  return {
    kind: KINDS.find((known) => known === kind) ?? 'availability',
    metric: typeof metric === 'string' ? metric : '',
    ...(Array.isArray(bad) ? { bad: matchersOf(bad) } : {}),
    ...(typeof bound === 'string' ? { bound } : {}),
  };
}

const looseMatcher = formMatcherSchema.extend({ label: formMatcherSchema.shape.value });

/** Conditions of a draft, whose labels may be unfinished. */
export function matchersOf(value: unknown): readonly FormMatcher[] {
  const parsed = looseMatcher.array().safeParse(value);
  return parsed.success ? parsed.data : [];
}
