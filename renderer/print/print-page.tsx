import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { shell } from '../app/shell.ts';
import { applyPalette } from '../app/theme.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { absoluteText } from '../components/time.ts';
import { i18n, type Language } from '../locales/index.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { useConnection } from '../stores/connection.ts';
import { usePreferences } from '../stores/preferences.ts';
import './print.css';
import type { LoadedDocument } from './print-module.tsx';
import { printRegistry } from './registry.ts';

/** A document with what stands in the head of its pages. */
type Loaded = LoadedDocument & { readonly siteName: string; readonly classification: string };

/**
 * The address `/print/KIND/ID?lang=`: one document, alone, black on white, in the language of the address whatever the
 * window's is. A printing window is told when it stands or why it cannot; anybody else sees it as it will be printed.
 */
export function PrintPage() {
  const { kind = '', id = null } = useParams();
  const [search] = useSearchParams();
  const own = usePreferences((state) => state.language);
  const wanted = search.get('lang');
  const language: Language = wanted === 'en' || wanted === 'zh-CN' ? wanted : own;
  // A translator of its own: the window's language is nobody's business here.
  const translator = useMemo(() => i18n.cloneInstance({ lng: language }), [language]);
  const loaded = useDocument(kind, id);
  useLayoutEffect(() => {
    applyPalette('light');
    document.documentElement.lang = language;
    return () => {
      applyPalette(usePreferences.getState().palette);
      document.documentElement.lang = own;
    };
  }, [language, own]);
  return <I18nextProvider i18n={translator}>{loaded && <Sheet loaded={loaded} />}</I18nextProvider>;
}

/** Loads kind and data once there is an engine; null until then. */
function useDocument(kind: string, id: string | null): Result<Loaded> | null {
  const client = useConnection((state) => state.client);
  const [loaded, setLoaded] = useState<Result<Loaded> | null>(null);
  useEffect(() => {
    if (client === null) return;
    let wanted = true;
    const load = async (): Promise<Result<Loaded>> => {
      const loadKind = Object.hasOwn(printRegistry, kind) ? printRegistry[kind] : undefined;
      if (loadKind === undefined) return err(appError('PRINT_UNKNOWN', { kind }));
      const [opened, status] = await Promise.all([
        loadKind().then((module) => module.open(client, id)),
        client.call('site.status', {}),
      ]);
      if (!opened.ok) return opened;
      if (!status.ok) return status;
      const { siteName, classification } = status.value;
      return ok({ ...opened.value, siteName, classification });
    };
    load()
      .catch((thrown: unknown) => err(appError('PRINT_FAILED', { why: describeThrown(thrown) })))
      .then((answer) => {
        if (wanted) setLoaded(answer);
      });
    return () => {
      wanted = false;
    };
  }, [client, kind, id]);
  return loaded;
}

function Sheet({ loaded }: { readonly loaded: Result<Loaded> }) {
  return loaded.ok ? <Document document={loaded.value} /> : <Failed error={loaded.error} />;
}

function Failed({ error }: { readonly error: AppError }) {
  useEffect(() => void shell()?.documentReady({ ok: false, error }).catch(notPrinting), [error]);
  return (
    <main className="print-sheet" data-print="failed">
      <ErrorNotice error={error} />
    </main>
  );
}

/** The shown window may not say that it is ready to be printed; it is only being looked at. */
function notPrinting(): void {}

function Document({ document: { title, View, siteName, classification } }: { readonly document: Loaded }) {
  const { t, i18n: translator } = useTranslation();
  const [now] = useState(() => Date.now());
  const heading = title(t, translator.language === 'en' ? 'en' : 'zh-CN');
  useEffect(() => {
    document.title = heading;
    const head = [siteName, classification, absoluteText(now)].filter(Boolean).join(' · ');
    const tell = async (): Promise<void> => {
      await document.fonts.ready;
      await shell()?.documentReady({ ok: true, title: heading.slice(0, 300), head: head.slice(0, 400) });
    };
    void tell().catch(notPrinting);
  }, [heading, siteName, classification, now]);
  return (
    <main className="print-sheet" data-print="ready">
      <nav className="print-tools">
        <Button onClick={() => history.back()}>{t('print:back')}</Button>
      </nav>
      <header>
        <h1>{heading}</h1>
        {classification && <span className="classification">{classification}</span>}
      </header>
      <View />
    </main>
  );
}
