import type { AppCheckResult as Result } from '#shared/contract/restore.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { durationText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** What the application said to what came back. */
export function AppCheckResult({ result }: { readonly result: Result }) {
  const { t } = useTranslation();
  return (
    <div className="stack-small" data-testid="app-check" data-outcome={result.outcome}>
      <StateBadge
        state={result.outcome === 'successful' ? 'ok' : 'critical'}
        word={`${t('restore:verify.appCheck')}: ${t(`restore:verify.${result.outcome}`)} · ${durationText(t, result.durationMs)}`}
      />
      <div className="mono">{result.command}</div>
      {result.output !== '' && (
        <details>
          <summary>{t('restore:verify.output')}</summary>
          <pre className="mono small">{result.output}</pre>
        </details>
      )}
    </div>
  );
}
