import type { LogSource } from '#shared/contract/logs.ts';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

const shapes: Readonly<Record<LogSource['state'], StateName>> = {
  ok: 'ok',
  waiting: 'unknown',
  error: 'critical',
};

/** The state of a source as shape, colour and word. */
export function SourceState({ state }: { readonly state: LogSource['state'] }) {
  const { t } = useTranslation();
  return <StateBadge state={shapes[state]} word={t(`logs:sources.stateName.${state}`)} />;
}
