import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { FolderField } from '../../../wizards/folder-field.tsx';

/** Writes the anchor and a copy of the whole chain into a folder, for instance of a removable medium. */
export function AnchorExport() {
  const { t } = useTranslation();
  const call = useCall();
  const [dir, setDir] = useState('');
  const [files, setFiles] = useState<readonly string[] | null>(null);
  const saving = useSaving(() => undefined);
  const write = async (): Promise<void> => {
    const answer = call('rotation.anchor.export', { dir });
    await saving.run(answer);
    const result = await answer;
    setFiles(result.ok ? result.value.files : null);
  };
  return (
    <form
      className="verify-line"
      data-testid="anchor-export"
      onSubmit={(event) => {
        event.preventDefault();
        if (!saving.busy && dir !== '') void write();
      }}
    >
      <FolderField
        label={t('rotation:anchor.dir')}
        chooseLabel={t('rotation:anchor.choose')}
        placeholder="/media/usb"
        value={dir}
        onChange={setDir}
      />
      <Button type="submit" disabled={saving.busy || dir === ''}>
        {t('rotation:anchor.write')}
      </Button>
      <p className="soft small">{t('rotation:anchor.hint')}</p>
      {saving.error && <ErrorNotice error={saving.error} />}
      {files && (
        <p className="soft small" role="status">
          {t('rotation:anchor.written')} <span className="mono hash">{files.join('  ')}</span>
        </p>
      )}
    </form>
  );
}
