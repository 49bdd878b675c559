import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { copyText, saveText } from '../../../components/save-text.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { FindingsTable } from '../findings-table.tsx';

export type ExportDrawerProps = { readonly uid: string; readonly onClose: () => void };

const forms = ['console', 'grafana'] as const;

/** A dashboard as a file: the console's own, or one for Grafana with what Grafana has no place for. */
export function ExportDrawer({ uid, onClose }: ExportDrawerProps) {
  const { t, i18n } = useTranslation();
  const [as, setAs] = useState<(typeof forms)[number]>('console');
  const request = useRequest(
    'dashboards.export',
    { uid, as, language: i18n.language === 'en' ? 'en' : 'zh' },
    { subject: `${uid} ${as}` },
  );
  return (
    <Overlay title={t('dashboards:export.title')} onClose={onClose}>
      <fieldset className="segmented" aria-label={t('dashboards:export.form')}>
        {forms.map((form) => (
          <Button key={form} aria-pressed={as === form} onClick={() => setAs(form)}>
            {t(`dashboards:export.${form}`)}
          </Button>
        ))}
      </fieldset>
      <RequestView request={request} rows={8}>
        {({ name, text, left }) => (
          <>
            <div className="row">
              <Button kind="primary" onClick={() => void saveText(name, text)}>
                {t('dashboards:export.save')}
              </Button>
              <Button onClick={() => void copyText(text)}>{t('common:action.copy')}</Button>
            </div>
            {left.length > 0 && <FindingsTable findings={left} omitted={0} />}
            <textarea className="input mono board-json" aria-label="JSON" readOnly value={text} />
          </>
        )}
      </RequestView>
    </Overlay>
  );
}
