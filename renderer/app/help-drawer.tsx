import { Overlay } from '../components/drawer.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { closeFloating } from './floating-store.ts';
import { useShownPage } from './shown-page.ts';

/** The bundled help of the shown page: a few short paragraphs, one a line of the text. */
export function HelpDrawer() {
  const { t } = useTranslation();
  const page = useShownPage((state) => state.page);
  const id = page?.id ?? 'overview';
  const paragraphs = t(`help:${id}`).split('\n');
  return (
    <Overlay title={`${t('common:help.title')} · ${t(`common:nav.${id}`)}`} onClose={closeFloating}>
      {paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </Overlay>
  );
}
