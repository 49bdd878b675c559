import type { DashboardAnnotation } from '#shared/domain/dashboard/model.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { CheckField } from '../../../components/check-field.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { Draft } from '../use-draft.ts';
import { ListField, TextField } from './field-inputs.tsx';
import { MarkQueriesForm } from './mark-queries-form.tsx';
import { commaParts } from './variable-source-form.tsx';

export type SettingsDrawerProps = { readonly draft: Draft; readonly onClose: () => void };

const own = ['alerts', 'deployments', 'backups', 'restores', 'drills'] as const;
const ranges = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;

/** What a dashboard is called, its range, and what is marked on its time axis. */
export function SettingsDrawer({ draft, onClose }: SettingsDrawerProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const { dashboard, edit } = draft;
  const range = ranges.find((name) => dashboard.time.from === `now-${name}`) ?? '';
  const marks = (of: (typeof own)[number], on: boolean): void =>
    edit((before) => {
      const left = before.annotations.filter(({ source }) => source.of !== of);
      const added: DashboardAnnotation = {
        name: t(`dashboards:marks.${of}`),
        color: 'accent',
        shown: true,
        hidden: false,
        source: { of },
        panels: null,
      };
      return { ...before, annotations: on ? [...left, added] : left };
    });
  return (
    <Overlay title={t('dashboards:settings.title')} onClose={onClose}>
      <TextField
        label={t('dashboards:option.title')}
        value={localize(dashboard.title, language)}
        onChange={(title) => {
          if (title.trim() !== '') edit((before) => ({ ...before, title }), 'title');
        }}
      />
      <TextField
        label={t('dashboards:option.description')}
        rows={3}
        value={localize(dashboard.description, language)}
        onChange={(description) => edit((before) => ({ ...before, description }), 'description')}
      />
      <ListField
        label={t('dashboards:settings.tags')}
        hint={t('dashboards:settings.tagsHint')}
        value={dashboard.tags.join(', ')}
        canonical={(text) => commaParts(text).join(', ')}
        onChange={(text) => edit((before) => ({ ...before, tags: commaParts(text) }), 'tags')}
      />
      <SelectField
        label={t('dashboards:settings.range')}
        value={range}
        options={[
          ...(range === '' ? [['', dashboard.time.from] as const] : []),
          ...ranges.map((value) => [value, t(`common:ranges.${value}`)] as const),
        ]}
        onChange={(value) => {
          if (value !== '') edit((before) => ({ ...before, time: { from: `now-${value}`, to: 'now' } }));
        }}
      />
      <fieldset className="fields">
        <legend>{t('dashboards:marks.title')}</legend>
        {own.map((of) => (
          <CheckField
            key={of}
            label={t(`dashboards:marks.${of}`)}
            value={dashboard.annotations.some(({ source }) => source.of === of)}
            onChange={(on) => marks(of, on)}
          />
        ))}
      </fieldset>
      <MarkQueriesForm
        annotations={dashboard.annotations}
        onChange={(annotations) => edit((before) => ({ ...before, annotations }), 'markQueries')}
      />
    </Overlay>
  );
}
