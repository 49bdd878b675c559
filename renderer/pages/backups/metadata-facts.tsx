import type { RunReport } from '#shared/contract/backup.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** Words of docs/archive-format.md (section 4, `kept`) that are told to people; the others go without saying. */
const WORDS = {
  mode: 'backups:metadata.mode',
  owner: 'backups:metadata.owner',
  'mtime-ns': 'backups:metadata.times',
  'hard-links': 'backups:metadata.hardLinks',
  xattrs: 'backups:metadata.xattrs',
  acls: 'backups:metadata.acls',
  'file-flags': 'backups:metadata.fileFlags',
  'birth-time': 'backups:metadata.birthTime',
  atime: 'backups:metadata.accessTime',
} as const;

/** Which metadata a point has and which it has not. Reports of before do not tell. */
export function MetadataFacts({ report }: { readonly report: RunReport }) {
  const { t } = useTranslation();
  const said = (words: readonly string[]): string =>
    Object.entries(WORDS)
      .filter(([word]) => words.includes(word))
      .map(([, key]) => t(key))
      .join(t('backups:metadata.separator'));
  const { kept, notKept } = report;
  if (kept === undefined || notKept === undefined) return null;
  return (
    <>
      <dt>{t('backups:metadata.kept')}</dt>
      <dd>{said(kept)}</dd>
      <dt>{t('backups:metadata.notKept')}</dt>
      <dd>
        {said(notKept)}
        {notKept.includes('xattrs') && (
          <div className="state-warning">{t('backups:metadata.attrMissing')}</div>
        )}
      </dd>
    </>
  );
}
