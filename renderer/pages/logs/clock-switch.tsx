import { Button } from '../../components/button.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { useWrittenTimes } from './use-log-search.ts';

/** Shows times by this workstation's clock where a host's was off, or only as they were written. The address keeps it. */
export function ClockSwitch() {
  const { t } = useTranslation();
  const [asWritten, setAsWritten] = useWrittenTimes();
  return (
    <Button
      aria-pressed={!asWritten}
      title={t('logs:clock.switchTitle')}
      onClick={() => setAsWritten(!asWritten)}
    >
      {t('logs:clock.switch')}
    </Button>
  );
}
