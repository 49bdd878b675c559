import { useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { saveText } from '../../../components/save-text.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** Saves the site file: hosts, targets, components and links, without secrets. */
export function ExportSite() {
  const { t } = useTranslation();
  const call = useCall();
  const [said, setSaid] = useState<{ readonly path?: string; readonly error?: AppError }>({});
  const save = async (): Promise<void> => {
    const answer = await call('inventory.export', {});
    const saved = answer.ok ? await saveText('hmtt-site.json', answer.value.text) : answer;
    if (!saved.ok) setSaid({ error: saved.error });
    else setSaid(saved.value === null ? {} : { path: saved.value });
  };
  return (
    <>
      {said.error && <ErrorNotice error={said.error} />}
      {said.path !== undefined && (
        <output className="soft small">{t('inventory:exported', { path: said.path })}</output>
      )}
      <Button onClick={() => void save()}>{t('inventory:exportSite')}</Button>
    </>
  );
}
