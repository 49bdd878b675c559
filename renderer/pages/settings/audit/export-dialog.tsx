import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { labelledName } from '../../../components/save-text.ts';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { useSite } from '../../../stores/site.ts';
import { FolderField } from '../../../wizards/folder-field.tsx';
import { isAbsolutePath, joinedPath } from '../../../wizards/paths.ts';
import { ProgressRow } from './progress-row.tsx';
import { useLongRequest } from './use-long-request.ts';

/** Writes the whole trail into a file that can be verified elsewhere. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const classification = useSite((state) => state.status?.classification ?? '');
  const [folder, setFolder] = useState('');
  const [name, setName] = useState(() =>
    labelledName(`audit-${new Date().toISOString().slice(0, 10)}.ndjson`, classification),
  );
  const [overwrite, setOverwrite] = useState(false);
  const exporting = useLongRequest('audit.export');
  const { progress, result, error } = exporting;
  const canStart = isAbsolutePath(folder) && name.trim() !== '' && !/[\\/]/.test(name) && progress === null;
  return (
    <Overlay kind="dialog" title={t('audit:exportTitle')} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="audit-export"
        onSubmit={(event) => {
          event.preventDefault();
          if (canStart) void exporting.start({ file: joinedPath(folder, name.trim()), overwrite });
        }}
      >
        <p>{t('audit:exportBody')}</p>
        <FolderField
          label={t('audit:folder')}
          chooseLabel={t('audit:choose')}
          value={folder}
          placeholder="/media/usb"
          onChange={setFolder}
        />
        <Field label={t('audit:fileName')}>
          {(field) => (
            <input
              {...field}
              className="input mono"
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <label className="choice">
          <input
            type="checkbox"
            checked={overwrite}
            onChange={(event) => setOverwrite(event.target.checked)}
          />
          <span>{t('audit:overwrite')}</span>
        </label>
        {progress !== null && (
          <ProgressRow progress={progress} words="audit:exporting" onCancel={exporting.cancel} />
        )}
        {error !== null && <ErrorNotice error={error} />}
        {result !== null && (
          <StateBadge
            state="ok"
            word={t('audit:exported', { entries: result.entries.toLocaleString('en-US'), file: result.file })}
          />
        )}
        <div className="row">
          <Button kind="primary" type="submit" disabled={!canStart}>
            {t('audit:start')}
          </Button>
          <Button onClick={onClose}>{t('common:action.close')}</Button>
        </div>
      </form>
    </Overlay>
  );
}
