import { useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ExportDialog } from './export-dialog.tsx';

/** The whole configuration as one file, out and in. */
export function ConfigurationSection() {
  const { t } = useTranslation();
  return (
    <div className="stack">
      <p className="soft">{t('configuration:body')}</p>
      <div className="row">
        <ExportConfiguration />
        <Link className="btn" to="/hosts/import?what=site">
          {t('configuration:import')}
        </Link>
      </div>
    </div>
  );
}

/** The button that exports the whole configuration, and what came of it. */
export function ExportConfiguration() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [said, setSaid] = useState('');
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('configuration:export')}</Button>
      {said !== '' && <output className="soft small">{said}</output>}
      {isOpen && (
        <ExportDialog
          onClose={() => setOpen(false)}
          onSaved={(sentence) => {
            setSaid(sentence);
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
