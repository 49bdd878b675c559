import type { RequestOutput } from '#shared/contract/index.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

type Problem = RequestOutput<'rules.forms.preview'>['problems'][number] & { readonly file?: string };

/** What is wrong with a rule file, each with its line. */
export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  const { t } = useTranslation();
  if (problems.length === 0) return null;
  return (
    <ul className="plain-list notice notice-critical rule-problems" role="alert">
      {problems.map(({ file, line, rule, message }) => (
        <li key={`${file ?? ''}:${line}:${message}`}>
          {file !== undefined && file !== '' && <span className="mono">{`${file} `}</span>}
          <strong>{t('rules:text.line', { line })}</strong>
          {rule !== undefined && rule.name !== '' && ` · ${rule.name}`}
          {`: ${message}`}
        </li>
      ))}
    </ul>
  );
}
