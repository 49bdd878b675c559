import type { RestorePlan } from '#shared/contract/restore.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

/** What is kept of the files that a plan overwrites; nothing where none is. */
export function SafetyLine({ plan }: { readonly plan: RestorePlan }) {
  const { t } = useTranslation();
  const { safety, totals } = plan;
  if (safety !== null) {
    const figures = {
      files: safety.files.toLocaleString('en-US'),
      bytes: formatBytes(safety.bytes),
      dir: safety.dir,
    };
    return <StateBadge state="ok" word={t(`restore:safety.${safety.method}`, figures)} />;
  }
  return totals.update.files + totals.remove.files === 0 ? null : (
    <StateBadge
      state="critical"
      word={t('restore:confirm.unsafe', { update: totals.update.files.toLocaleString('en-US') })}
    />
  );
}
