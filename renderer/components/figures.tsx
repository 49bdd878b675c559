import { formatBytes } from '#shared/units/bytes.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { absoluteText, durationText, relativeText, zoneText } from './time.ts';
import { useNow } from './use-now.ts';

/** A byte count in KiB, MiB, …, with the exact number on hover. */
export function Bytes({ value }: { readonly value: number }) {
  return (
    <span className="figure" title={`${value.toLocaleString('en-US')} B`}>
      {formatBytes(value)}
    </span>
  );
}

/** A whole number with grouped thousands. */
export function Count({ value }: { readonly value: number }) {
  return <span className="figure">{value.toLocaleString('en-US')}</span>;
}

/** A length of time in words. */
export function Duration({ ms }: { readonly ms: number }) {
  const { t } = useTranslation();
  return <span className="figure">{durationText(t, ms)}</span>;
}

/** How long ago a time is, kept up to date, with the absolute time and zone on hover; null is "never". */
export function RelativeTime({ time }: { readonly time: number | null }) {
  const { t } = useTranslation();
  // It says when to look again; at a time that is newer than its last tick, its own time would say "in 5 s".
  useNow(time !== null && Date.now() - time < 120_000 ? 5_000 : 30_000);
  if (time === null) return <span className="soft">{t('common:time.never')}</span>;
  return (
    <time
      className="figure"
      dateTime={new Date(time).toISOString()}
      title={`${absoluteText(time)} ${zoneText(time)}`}
    >
      {relativeText(t, time, Date.now())}
    </time>
  );
}

/** A local time with date, with the zone and the relative time on hover. */
export function AbsoluteTime({ time }: { readonly time: number | null }) {
  const { t } = useTranslation();
  if (time === null) return <span className="soft">{t('common:time.never')}</span>;
  return (
    <time
      className="figure"
      dateTime={new Date(time).toISOString()}
      title={`${zoneText(time)} · ${relativeText(t, time, Date.now())}`}
    >
      {absoluteText(time)}
    </time>
  );
}
