import { appError, err, ok } from '#shared/errors/index.ts';
import { absoluteText } from '../components/time.ts';
import { MOST_REPORTED, ShiftReport, type ShiftReportData } from '../pages/alerts/history/shift-report.tsx';
import { definePrint } from './print-module.tsx';
import { Signatures } from './signatures.tsx';

/** The report of a shift: `/print/shift/FROM-TO`, both UTC milliseconds. */
export const shiftDocument = definePrint<ShiftReportData>({
  load: async (client, id) => {
    const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(id ?? '') ?? [];
    if (from === undefined || to === undefined) {
      return err(appError('NOT_FOUND', { what: 'shift', id: id ?? '' }));
    }
    const span = { from: Number(from), to: Number(to) };
    const answer = await client.call('notify.history', { ...span, limit: MOST_REPORTED });
    return answer.ok ? ok({ ...span, ...answer.value }) : answer;
  },
  title: ({ from }, t) => `${t('alerts:shift.title')} ${absoluteText(from).slice(0, 10)}`,
  View: ({ data }) => (
    <>
      <ShiftReport data={data} />
      <Signatures first="alerts:shift.handedOver" second="alerts:shift.takenOver" />
    </>
  ),
});
