import { Overlay } from '../components/drawer.tsx';
import { KeyHint } from '../components/key-hint.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { closeFloating } from './floating-store.ts';
import type { PageKey } from './page-module.ts';
import { useShownPage } from './shown-page.ts';

const globalKeys: readonly PageKey[] = [
  { keys: 'Ctrl+K', does: 'common:keys.palette' },
  { keys: 'F1', does: 'common:keys.help' },
  { keys: '?', does: 'common:keys.keys' },
  { keys: 'Esc', does: 'common:keys.close' },
  { keys: 'Alt+1', does: 'common:keys.goPage' },
  { keys: 'Alt+←', does: 'common:keys.back' },
  { keys: '/', does: 'common:keys.filter' },
];

/** The keys of the page and those that work everywhere. */
export function KeyList() {
  const { t } = useTranslation();
  const page = useShownPage((state) => state.page);
  return (
    <Overlay kind="dialog" title={t('common:keys.title')} onClose={closeFloating}>
      {page && page.keys.length > 0 && <Group title={t('common:keys.page')} keys={page.keys} />}
      <Group title={t('common:keys.global')} keys={globalKeys} />
    </Overlay>
  );
}

function Group({ title, keys }: { readonly title: string; readonly keys: readonly PageKey[] }) {
  const { t } = useTranslation();
  return (
    <section>
      <h3>{title}</h3>
      <table className="key-table">
        <tbody>
          {keys.map((key) => (
            <tr key={key.keys}>
              <th scope="row">
                <KeyHint keys={key.keys} />
                <span className="visually-hidden">{key.keys}</span>
              </th>
              <td>{t(key.does)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
