import type { AuditOutcome } from '#shared/contract/audit.ts';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

const STATES: Readonly<Record<AuditOutcome, StateName>> = {
  done: 'ok',
  failed: 'critical',
  refused: 'warning',
  cancelled: 'info',
  begun: 'info',
  open: 'unknown',
};

/** What came of an action, as shape, colour and word. */
export function OutcomeBadge({ outcome }: { readonly outcome: AuditOutcome }) {
  const { t } = useTranslation();
  return <StateBadge state={STATES[outcome]} word={t(`audit:outcome.${outcome}`)} />;
}
