import './import-findings.css';
import type { Bilingual } from '#shared/errors/index.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { StateBadge, type StateName } from './state-badge.tsx';
import { useText } from './use-text.ts';

/** Something of an imported file: where it stands, what it is, and what became of it or why not. */
export type ImportFinding = {
  readonly line: number;
  /** The file, when there are several. */
  readonly file?: string;
  readonly what: string;
  readonly text: Bilingual;
};

type FindingsProps = {
  readonly state: StateName;
  readonly title: string;
  readonly items: readonly ImportFinding[];
};

/** What became of parts of an imported file, each with its line; nothing when there are none. */
export function ImportFindings({ state, title, items }: FindingsProps) {
  const { t } = useTranslation();
  const text = useText();
  if (items.length === 0) return null;
  return (
    <div>
      <StateBadge state={state} word={title} />
      <ul className="plain-list import-items">
        {items.map(({ line, file, what, text: words }) => (
          <li key={`${file ?? ''} ${line} ${what} ${words.en}`}>
            <span className="soft figure">
              {file === undefined ? t('common:error.line', { line }) : `${file}:${line}`}
            </span>{' '}
            {what !== '' && <code>{what}</code>} {text(words)}
          </li>
        ))}
      </ul>
    </div>
  );
}
