import type { Problem } from '#shared/contract/site.ts';
import { ok } from '#shared/errors/index.ts';
import { AbsoluteTime } from '../components/figures.tsx';
import { useText } from '../components/use-text.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { definePrint } from './print-module.tsx';

/** What is wrong right now, for the paper that goes from one shift to the next. */
export const problemsDocument = definePrint<readonly Problem[]>({
  load: async (client) => {
    const answer = await client.call('alerts.list', { state: 'firing' });
    return answer.ok ? ok(answer.value.alerts) : answer;
  },
  title: (_problems, t) => t('print:problems'),
  View: ({ data }) => <Problems problems={data} />,
});

function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  const { t } = useTranslation();
  const text = useText();
  if (problems.length === 0) return <p>{t('print:noProblems')}</p>;
  return (
    <ol>
      {problems.map((problem) => (
        <li key={problem.id}>
          <strong>{text(problem.sentence)}</strong> <AbsoluteTime time={problem.since} />
        </li>
      ))}
    </ol>
  );
}
