import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PdfButton } from '../../../print/pdf-button.tsx';
import { MOST_REPORTED, ShiftReport } from './shift-report.tsx';
import type { Span } from './use-span.ts';

/** The report of a shift, to be printed and signed. */
export function ShiftReportView({ span }: { readonly span: Span }) {
  const { t } = useTranslation();
  const { from, to } = span;
  const request = useRequest('notify.history', { from, to, limit: MOST_REPORTED }, { patient: true });
  return (
    <Panel
      title={t('alerts:shift.title')}
      extra={
        <PdfButton
          kind="shift"
          id={`${from}-${to}`}
          name={`${t('alerts:shift.title')}-${absoluteText(from).slice(0, 16)}`}
        />
      }
    >
      <RequestView request={request} rows={8}>
        {({ records, total }) => <ShiftReport data={{ from, to, records, total }} />}
      </RequestView>
    </Panel>
  );
}
