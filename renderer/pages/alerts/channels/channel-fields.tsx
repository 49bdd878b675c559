import { SYSLOG_FACILITIES } from '#shared/contract/channel-settings.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { SecretInput } from '../../../components/secret-input.tsx';
import { type Translate, useTranslation } from '../../../locales/use-translation.ts';
import { playSound } from '../../../stores/sounds.ts';
import { type ChannelDraft, type FieldName, fieldsOf } from './channel-draft.ts';

const SOUNDS = ['none', 'notice', 'warning', 'critical'] as const;
const LINES: readonly FieldName[] = ['to', 'headers', 'labels', 'argv'];
const PROSE: readonly FieldName[] = ['timeout', 'resend', 'port', 'maxAlerts'];

/** Fields whose label says it all. */
const BARE = [
  'port',
  'username',
  'login',
  'language',
  'transport',
  'facility',
  'critical',
  'warning',
  'info',
  'volume',
  'quietAll',
] as const;

function isBare(name: FieldName): name is (typeof BARE)[number] {
  return BARE.some((one) => one === name);
}

/** What a choice offers; undefined where a text is typed. */
function optionsOf(
  t: Translate,
  draft: ChannelDraft,
  name: FieldName,
): readonly [string, string][] | undefined {
  switch (name) {
    case 'security':
      return (['starttls', 'tls', 'none'] as const).map((one) => [one, t(`channels:security.${one}`)]);
    case 'login': {
      const kinds =
        draft.type === 'smtp' ? (['none', 'basic'] as const) : (['none', 'basic', 'bearer'] as const);
      return kinds.map((one) => [one, t(`channels:login.${one}`)]);
    }
    case 'language':
      return (['zh', 'en', 'both'] as const).map((one) => [one, t(`channels:language.${one}`)]);
    case 'transport':
      return [
        ['tcp', 'TCP'],
        ['udp', 'UDP'],
        ['tls', 'TLS'],
      ];
    case 'facility':
      return SYSLOG_FACILITIES.map((one) => [one, one]);
    case 'critical':
    case 'warning':
    case 'info':
      return SOUNDS.map((one) => [one, t(`channels:sound.${one}`)]);
    case 'volume':
      return ['1', '0.7', '0.4', '0'].map((one) => [one, `${Number(one) * 100} %`]);
    case 'quietAll':
      return [
        ['', t('channels:quietAll.no')],
        ['yes', t('channels:quietAll.yes')],
      ];
    default:
      return undefined;
  }
}

export type ChannelFieldsProps = {
  readonly draft: ChannelDraft;
  readonly onChange: (draft: ChannelDraft) => void;
};

/** The fields of a channel's type. Secrets are sealed, or named by file. */
export function ChannelFields({ draft, onChange }: ChannelFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      {fieldsOf(draft).map(({ name, isNeeded }) => {
        const options = optionsOf(t, draft, name);
        const set = (value: string): void => onChange({ ...draft, [name]: value });
        return (
          <Field
            key={name}
            label={`${t(`channels:field.${name}`)}${isNeeded ? ' *' : ''}`}
            {...(isBare(name) ? {} : { hint: t(`channels:hint.${name}`) })}
          >
            {(field) => {
              const shared = { ...field, name, value: draft[name] };
              if (options !== undefined)
                return (
                  <span className="row">
                    <select {...shared} className="input" onChange={(event) => set(event.target.value)}>
                      {options.map(([value, word]) => (
                        <option key={value} value={value}>
                          {word}
                        </option>
                      ))}
                    </select>
                    {(name === 'critical' || name === 'warning' || name === 'info') &&
                      draft[name] !== 'none' && (
                        <Button
                          kind="quiet"
                          onClick={() =>
                            // The select above offers these values only.
                            void playSound(draft[name] as (typeof SOUNDS)[number], Number(draft.volume))
                          }
                        >
                          {t('channels:play')}
                        </Button>
                      )}
                  </span>
                );
              if (name === 'secret')
                return <SecretInput {...field} name={name} value={draft.secret} onChange={set} />;
              if (LINES.includes(name))
                return (
                  <textarea
                    {...shared}
                    className="input mono"
                    rows={name === 'argv' ? 4 : 2}
                    spellCheck={false}
                    maxLength={20_000}
                    onChange={(event) => set(event.target.value)}
                  />
                );
              return (
                <input
                  {...shared}
                  className={`input ${PROSE.includes(name) ? 'figure' : 'mono'}`}
                  spellCheck={false}
                  autoComplete="off"
                  maxLength={4_096}
                  onChange={(event) => set(event.target.value)}
                />
              );
            }}
          </Field>
        );
      })}
    </>
  );
}
