import { Overlay } from '../../../../components/drawer.tsx';
import { useTranslation } from '../../../../locales/use-translation.ts';
import { BacktestPanel } from './backtest-panel.tsx';

/** Looks back on a file that the console knows. */
export function BacktestDialog({ file, onClose }: { readonly file: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Overlay title={`${t('rules:backtest.title')} · ${file}`} onClose={onClose}>
      <BacktestPanel subject={{ file }} />
    </Overlay>
  );
}
