import { type LogMultiline, logMultilineSchema } from '#shared/contract/logs-reading.ts';
import { SelectField } from '../../components/select-field.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { isKnownZone, type ReadingDraft } from './steps.ts';

export type ReadingFieldsProps = {
  readonly reading: ReadingDraft;
  readonly onChange: (change: Partial<ReadingDraft>) => void;
};

/** The zone of this workstation, e.g. `Asia/Shanghai`. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const PATTERN = '^(?<time>\\S+) (?<level>\\S+) (?<message>.*)$';
const GROK = 'grok:%{TIMESTAMP_ISO8601:time} %{LOGLEVEL:level} %{GREEDYDATA:message}';
const START = '^\\d{4}-\\d{2}-\\d{2}';

/** How the form says a format: a built-in one, or one of one's own. */
function kindOf(format: string, builtIn: readonly string[]): string {
  if (builtIn.includes(format)) return format;
  return format.startsWith('grok:') ? 'grok' : 'pattern';
}

/** How bytes become text, lines become events, and events get their time and fields. */
export function ReadingFields({ reading, onChange }: ReadingFieldsProps) {
  const { t } = useTranslation();
  const text = useText();
  const request = useRequest('logs.formats', {});
  const formats = request.data?.formats ?? [];
  const builtIn = formats.length === 0 ? ['auto', 'plain'] : formats.map(({ name }) => name);
  const kind = kindOf(reading.format, builtIn);
  const chosen = formats.find(({ name }) => name === kind);
  const { multiline } = reading;
  return (
    <>
      <SelectField
        label={t('logs:wizard.format')}
        hint={chosen ? text(chosen.sentence) : t('logs:wizard.formatHint')}
        value={kind}
        options={[
          ...builtIn.map((name) => {
            const known = formats.find((format) => format.name === name);
            return [name, known ? text(known.title) : name] as const;
          }),
          ['grok', t('logs:wizard.formatName.grok')] as const,
          ['pattern', t('logs:wizard.formatName.pattern')] as const,
        ]}
        onChange={(next) =>
          onChange({ format: next === 'grok' ? GROK : next === 'pattern' ? PATTERN : next })
        }
      />
      {(kind === 'grok' || kind === 'pattern') && (
        <TextField
          mono
          label={t(kind === 'grok' ? 'logs:wizard.grok' : 'logs:wizard.pattern')}
          maxLength={2000}
          value={reading.format}
          onChange={(format) => onChange({ format })}
        />
      )}
      <div className="fields-row">
        <SelectField
          label={t('logs:wizard.encoding')}
          value={reading.encoding}
          options={(['auto', 'utf-8', 'gb18030', 'utf-16le', 'utf-16be'] as const).map((encoding) => [
            encoding,
            t(`logs:wizard.encodingName.${encoding}`),
          ])}
          onChange={(encoding) => onChange({ encoding })}
        />
        <SelectField
          label={t('logs:wizard.multiline')}
          value={multiline.kind}
          options={(['none', 'indent', 'time', 'start'] as const).map((each) => [
            each,
            t(`logs:wizard.multilineName.${each}`),
          ])}
          onChange={(next) => onChange({ multiline: multilineOf(next) })}
        />
        <TextField
          label={t('logs:wizard.zoneShort')}
          placeholder={localZone()}
          error={isKnownZone(reading.zone) ? null : t('logs:wizard.issue.zoneUnknown')}
          maxLength={64}
          value={reading.zone}
          onChange={(zone) => onChange({ zone: zone.trim() })}
        />
      </div>
      {multiline.kind === 'start' && (
        <TextField
          mono
          label={t('logs:wizard.startPattern')}
          maxLength={1000}
          value={multiline.pattern}
          onChange={(pattern) =>
            onChange({ multiline: { ...multiline, pattern: pattern === '' ? START : pattern } })
          }
        />
      )}
    </>
  );
}

function multilineOf(kind: LogMultiline['kind']): LogMultiline {
  return logMultilineSchema.parse(kind === 'start' ? { kind, pattern: START } : { kind });
}
