import { useEffect, useState } from 'react';
import { useTranslation } from '../locales/use-translation.ts';

/** Grey rows in the shape of what is coming, shown only when it takes longer than 150 ms. */
export function Skeleton({
  rows = 4,
  rowHeight = 24,
}: {
  readonly rows?: number;
  readonly rowHeight?: number;
}) {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className="skeleton" role="status" aria-label={t('common:request.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never reordered.
        <div key={row} style={{ height: rowHeight - 8 }} />
      ))}
    </div>
  );
}
