import { Button } from '../../../components/button.tsx';
import { ProgressBar } from '../../../components/progress-bar.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

/** How far a verification or an export is, and a way to stop it. */
export function ProgressRow({
  progress,
  words,
  onCancel,
}: {
  readonly progress: { readonly done: number; readonly total: number };
  readonly words: 'audit:verifying' | 'audit:exporting';
  readonly onCancel: () => void;
}) {
  const { t } = useTranslation();
  const { done, total } = progress;
  const figure = (count: number): string => count.toLocaleString('en-US');
  const label = t(words, { done: figure(done), total: total === 0 ? '…' : figure(total) });
  return (
    <div className="stack-small">
      <span className="figure">{label}</span>
      <ProgressBar done={done} total={total === 0 ? null : total} label={label} />
      <div className="row">
        <Button onClick={onCancel}>{t('common:action.cancel')}</Button>
      </div>
    </div>
  );
}
