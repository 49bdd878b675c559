import type { ConfigProblem } from '#shared/contract/notify.ts';
import { StateShape } from '../../../components/state-badge.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** Why a configuration was not taken; nothing when it was. */
export function ConfigProblems({ problems }: { readonly problems: readonly ConfigProblem[] }) {
  const { t } = useTranslation();
  const text = useText();
  if (problems.length === 0) return null;
  return (
    <div className="notice notice-critical" role="alert">
      <StateShape state="critical" />
      <div className="notice-body">
        <strong>{t('alerts:routes.refused')}</strong>
        <ul className="plain-list">
          {problems.map((problem) => (
            <li key={`${problem.path} ${problem.text.en}`}>
              {text(problem.text)} {problem.path !== '' && <code className="soft">{problem.path}</code>}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
