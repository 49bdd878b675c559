import type { Risk } from '#shared/contract/recovery-register.ts';
import { ok } from '#shared/errors/index.ts';
import { absoluteText } from '../components/time.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { riskLevel } from '../pages/recovery/disaster/risks-tab.tsx';
import { useWords } from '../pages/recovery/disaster/words-field.tsx';
import { definePrint } from './print-module.tsx';

type Register = { readonly risks: readonly Risk[]; readonly overdue: readonly string[] };

/** The risk register, the highest first. */
export const risksDocument = definePrint<Register>({
  load: async (client) => {
    const answer = await client.call('recovery.risks.list', {});
    return answer.ok ? ok(answer.value) : answer;
  },
  title: (_risks, t) => t('recovery:disaster.risks.title'),
  View: ({ data }) => <RisksPaper {...data} />,
});

function RisksPaper({ risks, overdue }: Register) {
  const { t } = useTranslation();
  const words = useWords();
  if (risks.length === 0) return <p>{t('recovery:disaster.risks.none')}</p>;
  return (
    <table>
      <thead>
        <tr>
          <th>{t('recovery:disaster.risks.level')}</th>
          <th>{t('recovery:disaster.risks.risk')}</th>
          <th>{t('recovery:disaster.risks.kind')}</th>
          <th>{t('recovery:disaster.risks.measures')}</th>
          <th>{t('recovery:disaster.owner')}</th>
          <th>{t('recovery:disaster.risks.review')}</th>
        </tr>
      </thead>
      <tbody>
        {risks.map((risk) => (
          <tr key={risk.id}>
            <td>
              {risk.likelihood} × {risk.impact} {t(`recovery:disaster.risks.levels.${riskLevel(risk)}`)}
            </td>
            <td>{words(risk.title)}</td>
            <td>{t(`recovery:disaster.risks.kinds.${risk.kind}`)}</td>
            <td>{words(risk.measures)}</td>
            <td>{risk.owner || t('recovery:disaster.risks.unset')}</td>
            <td>
              {risk.reviewAt === null
                ? t('recovery:disaster.risks.unset')
                : absoluteText(risk.reviewAt).slice(0, 10)}{' '}
              {overdue.includes(risk.id) && t('recovery:disaster.risks.overdue')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
