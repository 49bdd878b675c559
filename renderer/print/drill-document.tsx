import type { Drill } from '#shared/contract/recovery-drills.ts';
import { appError, err } from '#shared/errors/index.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { DrillReport } from '../pages/recovery/disaster/drill-report.tsx';
import { definePrint } from './print-module.tsx';

/** The report of one drill, to be signed. */
export const drillDocument = definePrint<Drill>({
  load: async (client, id) =>
    id === null
      ? err(appError('NOT_FOUND', { what: 'drill', id: '' }))
      : client.call('recovery.drills.get', { id }),
  title: (drill, t) => `${t('recovery:disaster.drills.title')} ${drill.plan}`,
  View: ({ data }) => (
    <>
      <DrillReport drill={data} />
      <Signatures />
    </>
  ),
});

function Signatures() {
  const { t } = useTranslation();
  return (
    <footer className="print-signatures">
      <span>{t('recovery:disaster.drills.signature')}</span>
      <span>{t('recovery:disaster.drills.reviewer')}</span>
    </footer>
  );
}
