import type { DocumentImport, DocumentSection } from '#shared/contract/site-document.ts';
import { absoluteText } from '../../components/time.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { sectionAt } from './document-section.ts';

const ROWS_SHOWN = 200;

/** Entries of all sections, by what becomes of them. */
export function documentCounts({ sections }: Pick<DocumentImport, 'sections'>) {
  const sum = (what: 'added' | 'changed' | 'same' | 'left'): number =>
    sections.reduce((all, section) => all + section[what], 0);
  return { added: sum('added'), changed: sum('changed'), same: sum('same'), left: sum('left') };
}

/** What a document would change, what is wrong with it, and what to mind. */
export function ConfigurationPreview({ answer }: { readonly answer: DocumentImport }) {
  const { t } = useTranslation();
  const say = useText();
  const counts = documentCounts(answer);
  const at = Date.parse(answer.exportedAt ?? '');
  return (
    <div className="stack" data-testid="import-preview">
      {answer.faultCount > 0 ? (
        <div className="notice notice-critical">
          <div className="notice-body">
            <strong>{t('configuration:importer.refused', { count: answer.faultCount })}</strong>
            <Notes
              count={answer.faultCount}
              notes={answer.faults.map(({ path, message }) => [path, say(message)])}
            />
          </div>
        </div>
      ) : (
        <p className="sentence">
          {t(
            counts.added + counts.changed === 0
              ? 'configuration:importer.nothing'
              : 'configuration:importer.sentence',
            counts,
          )}
        </p>
      )}
      {!Number.isNaN(at) && (
        <p className="soft">
          {t('configuration:importer.from', {
            console: answer.console ?? '?',
            time: absoluteText(at),
            version: answer.version,
          })}
        </p>
      )}
      {answer.warnings.length > 0 && (
        <div className="notice notice-warning">
          <div className="notice-body">
            <strong>{t('configuration:importer.warnings', { count: answer.warningCount })}</strong>
            <Notes
              count={answer.warningCount}
              notes={answer.warnings.map(({ path, message }) => [path, say(message)])}
            />
          </div>
        </div>
      )}
      <SecretsToEnter names={answer.secretsToEnter} />
      <Sections sections={answer.sections} />
    </div>
  );
}

/** Secrets that somebody has to enter after the import. */
export function SecretsToEnter({ names }: { readonly names: readonly string[] }) {
  const { t } = useTranslation();
  if (names.length === 0) return null;
  return (
    <div className="notice notice-warning" data-testid="secrets-to-enter">
      <div className="notice-body">
        <strong>{t('configuration:importer.toEnter', { count: names.length })}</strong>
        <div>{t('configuration:importer.toEnterHint')}</div>
        <ul>
          {names.slice(0, ROWS_SHOWN).map((name) => (
            <li key={name} className="mono">
              {name}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** What is said of places in a document, the most urgent first. @param count how many there are in all */
function Notes({
  notes,
  count,
}: {
  readonly notes: readonly (readonly [path: string, why: string])[];
  readonly count: number;
}) {
  const { t } = useTranslation();
  const name = useSectionName();
  const more = count - Math.min(notes.length, ROWS_SHOWN);
  return (
    <>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('configuration:importer.place')}</th>
            <th scope="col">{t('configuration:importer.why')}</th>
          </tr>
        </thead>
        <tbody>
          {notes.slice(0, ROWS_SHOWN).map(([path, why]) => (
            <tr key={`${path} ${why}`}>
              <td>
                {sectionAt(path) !== null && name(path)} <span className="mono soft">{path}</span>
              </td>
              <td>{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>{t('configuration:importer.more', { count: more })}</p>}
    </>
  );
}

/** Sections that were taken, but are not in force before the next start. */
export function NotInForce({ sections }: { readonly sections: readonly string[] }) {
  const { t } = useTranslation();
  const name = useSectionName();
  if (sections.length === 0) return null;
  return (
    <div className="notice notice-warning">
      <div className="notice-body">
        {t('configuration:importer.notInForce', { names: sections.map(name).join(', ') })}
      </div>
    </div>
  );
}

/** What people call the section of a place in the document. */
function useSectionName(): (path: string) => string {
  const { t } = useTranslation();
  return (path) => {
    const section = sectionAt(path);
    return section === null ? path : t(`configuration:names.${section}`);
  };
}

function Sections({ sections }: { readonly sections: readonly DocumentSection[] }) {
  const { t } = useTranslation();
  const name = useSectionName();
  const shown = sections.filter(({ added, changed, same, left }) => added + changed + same + left > 0);
  const rows = sections.flatMap(({ section, rows: own }) => own.map((row) => ({ section, ...row })));
  return (
    <>
      <table className="plain-table">
        <caption className="visually-hidden">{t('configuration:importer.sections')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('configuration:importer.section')}</th>
            {(['added', 'changed', 'same', 'left'] as const).map((what) => (
              <th key={what} scope="col" className="right">
                {t(`configuration:importer.${what}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ section, added, changed, same, left }) => (
            <tr key={section}>
              <th scope="row">{name(section)}</th>
              <td className="right">{added}</td>
              <td className="right">{changed}</td>
              <td className="right">{same}</td>
              <td className="right">{left}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > 0 && (
        <details>
          <summary>{t('configuration:importer.rows')}</summary>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('configuration:importer.section')}</th>
                <th scope="col">{t('configuration:importer.action')}</th>
                <th scope="col">{t('configuration:importer.name')}</th>
                <th scope="col">{t('configuration:importer.fields')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, ROWS_SHOWN).map((row) => (
                <tr key={`${row.section} ${row.name} ${row.action}`}>
                  <td>{name(row.section)}</td>
                  <td>{t(`configuration:importer.${row.action}`)}</td>
                  <td>{row.name}</td>
                  <td className="mono">{row.fields.join(' ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}
