import { type DashboardAnnotation, dashboardLimits } from '#shared/domain/dashboard/model.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { Button } from '../../../components/button.tsx';
import { CheckField } from '../../../components/check-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { TextField } from './field-inputs.tsx';

export type MarkQueriesFormProps = {
  readonly annotations: readonly DashboardAnnotation[];
  readonly onChange: (annotations: DashboardAnnotation[]) => void;
};

/** Marks that stand wherever an expression has a value, e.g. `changes(process_start_time_seconds[5m]) > 0`. */
export function MarkQueriesForm({ annotations, onChange }: MarkQueriesFormProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const put = (at: number, next: DashboardAnnotation): void =>
    onChange(annotations.map((annotation, place) => (place === at ? next : annotation)));
  const add = (): void =>
    onChange([
      ...annotations,
      {
        name: t('dashboards:markQuery.new'),
        color: 'accent',
        shown: true,
        hidden: false,
        source: { of: 'query', expr: '', minStep: '60s', title: '', text: '', tagLabels: [] },
        panels: null,
      },
    ]);
  return (
    <fieldset className="fields">
      <legend>{t('dashboards:markQuery.title')}</legend>
      <p className="soft">{t('dashboards:markQuery.hint')}</p>
      {annotations.map((annotation, at) => {
        const { source } = annotation;
        if (source.of !== 'query') return null;
        const name = localize(annotation.name, language);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an annotation is known by its place.
          <section key={at} className="panel fields" aria-label={name}>
            <TextField
              label={t('dashboards:option.title')}
              value={name}
              onChange={(text) => put(at, { ...annotation, name: text })}
            />
            <TextField
              label={t('dashboards:variable.expr')}
              mono
              rows={2}
              value={source.expr}
              onChange={(expr) => put(at, { ...annotation, source: { ...source, expr } })}
            />
            <TextField
              label={t('dashboards:markQuery.words')}
              hint={t('dashboards:markQuery.wordsHint', { example: '{{instance}}' })}
              value={source.title}
              onChange={(title) => put(at, { ...annotation, source: { ...source, title } })}
            />
            <CheckField
              label={t('dashboards:markQuery.shown')}
              value={annotation.shown}
              onChange={(shown) => put(at, { ...annotation, shown })}
            />
            <Button kind="quiet" onClick={() => onChange(annotations.filter((_, place) => place !== at))}>
              {t('dashboards:markQuery.remove', { name })}
            </Button>
          </section>
        );
      })}
      <div>
        <Button kind="quiet" disabled={annotations.length >= dashboardLimits.annotations} onClick={add}>
          + {t('dashboards:markQuery.add')}
        </Button>
      </div>
    </fieldset>
  );
}
