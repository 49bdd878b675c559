import type { Drill } from '#shared/contract/recovery-drills.ts';
import { appError, err } from '#shared/errors/index.ts';
import { DrillReport } from '../pages/recovery/disaster/drill-report.tsx';
import { definePrint } from './print-module.tsx';
import { Signatures } from './signatures.tsx';

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
      <Signatures first="recovery:disaster.drills.signature" second="recovery:disaster.drills.reviewer" />
    </>
  ),
});
