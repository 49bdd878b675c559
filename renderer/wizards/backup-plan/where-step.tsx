import { useTranslation } from '../../locales/use-translation.ts';
import { FolderField } from '../folder-field.tsx';
import { StepForm } from '../step-form.tsx';
import type { StepViewProps } from './backup-plan-wizard.tsx';
import { CopyField } from './copy-field.tsx';

/** The folder for the archives, and where they are copied to. */
export function WhereStep({ draft, change, onNext }: StepViewProps) {
  const { t } = useTranslation();
  return (
    <StepForm onNext={onNext}>
      <FolderField
        label={t('backups:wizard.target')}
        hint={t('backups:wizard.targetHint')}
        chooseLabel={t('backups:wizard.chooseTarget')}
        placeholder="/mnt/backup"
        value={draft.targetDir}
        onChange={(targetDir) => change((old) => ({ ...old, targetDir }))}
      />
      <CopyField value={draft.copyTo} onChange={(copyTo) => change((old) => ({ ...old, copyTo }))} />
    </StepForm>
  );
}
