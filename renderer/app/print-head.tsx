import { AbsoluteTime } from '../components/figures.tsx';
import { useNow } from '../components/use-now.ts';
import { useSite } from '../stores/site.ts';

/** The first line of everything that is printed: site, classification label, time. Not shown on the screen. */
export function PrintHead() {
  const now = useNow(60_000);
  const siteName = useSite((state) => state.status?.siteName ?? '');
  const classification = useSite((state) => state.status?.classification ?? '');
  return (
    <div className="print-head">
      <span>{siteName}</span>
      {classification && <strong className="classification">{classification}</strong>}
      <AbsoluteTime time={now} />
    </div>
  );
}
