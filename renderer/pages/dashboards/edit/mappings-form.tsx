import type { Mapping } from '#shared/domain/dashboard/field.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { TextField } from './field-inputs.tsx';

export type MappingsFormProps = {
  readonly mappings: readonly Mapping[];
  readonly onChange: (mappings: readonly Mapping[]) => void;
};

const COLOURS = ['', 'ok', 'warning', 'critical', 'unknown', 'accent', 'neutral'] as const;

/** What a mapping is about, in one line. */
function aboutOf(mapping: Mapping): string {
  switch (mapping.of) {
    case 'value':
      return mapping.value;
    case 'range':
      return `${mapping.from ?? '−∞'} … ${mapping.to ?? '+∞'}`;
    case 'regex':
      return mapping.pattern;
    case 'special':
      return mapping.match;
  }
}

/** Words in the place of values: `1` is "up". Ranges and patterns of imported panels are kept and can be removed. */
export function MappingsForm({ mappings, onChange }: MappingsFormProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const put = (at: number, next: Mapping): void =>
    onChange(mappings.map((mapping, index) => (index === at ? next : mapping)));
  return (
    <section className="panel fields">
      <h3>{t('dashboards:mapping.title')}</h3>
      {mappings.map((mapping, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a mapping is known by its place.
        <div key={at} className="row threshold">
          {mapping.of === 'value' ? (
            <TextField
              label={t('dashboards:mapping.value')}
              value={mapping.value}
              onChange={(value) => put(at, { ...mapping, value })}
            />
          ) : (
            <span className="threshold-base mono">{aboutOf(mapping)}</span>
          )}
          <TextField
            label={t('dashboards:mapping.text')}
            value={localize(mapping.text ?? '', language)}
            onChange={(text) => put(at, { ...mapping, text })}
          />
          <SelectField
            label={t('dashboards:threshold.state')}
            value={COLOURS.find((colour) => colour === mapping.color) ?? ''}
            options={COLOURS.map((value) => [
              value,
              value === '' ? t('dashboards:mapping.noColor') : t(`dashboards:color.${value}`),
            ])}
            onChange={(color) => {
              const { color: _, ...rest } = mapping;
              put(at, color === '' ? rest : { ...rest, color });
            }}
          />
          <Button
            kind="quiet"
            className="icon-btn"
            aria-label={t('dashboards:mapping.remove')}
            onClick={() => onChange(mappings.filter((_, index) => index !== at))}
          >
            <Icon name="close" size={14} />
          </Button>
        </div>
      ))}
      <div>
        <Button kind="quiet" onClick={() => onChange([...mappings, { of: 'value', value: '1', text: '' }])}>
          + {t('dashboards:mapping.add')}
        </Button>
      </div>
    </section>
  );
}
