import type { Score } from '#shared/contract/recovery-drills.ts';
import { Panel } from '../../../components/page-header.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** The live 3-2-1-1-0 score of a class of data: five digits, what counts for each, and what to do for the missing ones. */
export function ScorePanel({ score }: { readonly score: Score }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <Panel
      title={`${t('recovery:disaster.score.title')} · ${t(`recovery:disaster.class.${score.dataClass}`)}`}
      extra={<strong className="figure">{t('recovery:disaster.score.reached', { n: score.reached })}</strong>}
    >
      <p className="soft small">{t('recovery:disaster.score.hint')}</p>
      <ol className="score" data-testid={`score-${score.dataClass}`}>
        {score.digits.map((digit) => (
          <li key={digit.name} data-reached={digit.reached}>
            <span className="score-digit figure">
              <StateShape state={digit.reached ? 'ok' : 'warning'} /> {digit.have}
              {digit.name !== 'errors' && ` / ${digit.target}`}{' '}
              {t(`recovery:disaster.score.digit.${digit.name}`)}
            </span>
            <span>
              <span className="soft">{digit.reasons.map(text).join('；')}</span>
              {digit.next && (
                <strong className="score-next">
                  {t('recovery:disaster.score.next', { next: text(digit.next) })}
                </strong>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
