import type { Reopen } from '#shared/contract/logs-rotation-policy.ts';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { REOPEN_FOLDER } from './policy-draft.ts';

export type ReopenFieldsProps = {
  readonly reopen: Reopen;
  /** The writer runs on a host: only what the list of commands allows can tell it. */
  readonly onHost: boolean;
  readonly wrong: ReadonlySet<string>;
  readonly onChange: (reopen: Reopen) => void;
};

const first: Readonly<Record<Reopen['kind'], Reopen>> = {
  none: { kind: 'none' },
  signal: { kind: 'signal', signal: 'HUP', pidFile: null, pid: null },
  command: { kind: 'command', command: '' },
  service: { kind: 'service', unit: '', action: 'reload' },
};

/** How the program that writes is told that it has another file now. */
export function ReopenFields({ reopen, onHost, wrong, onChange }: ReopenFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <SelectField
        label={t('rotation:form.reopen')}
        hint={t(`rotation:form.${onHost ? 'reopenThere' : 'reopenHint'}.${reopen.kind}`)}
        value={reopen.kind}
        options={(['none', 'signal', 'command', 'service'] as const).map((kind) => [
          kind,
          t(`rotation:form.reopenKind.${kind}`),
        ])}
        onChange={(kind) =>
          onChange(onHost && kind === 'command' ? { kind, command: REOPEN_FOLDER } : first[kind])
        }
      />
      {reopen.kind === 'signal' && (
        <div className="fields-row">
          <SelectField
            label={t('rotation:form.signal')}
            value={reopen.signal}
            options={(['HUP', 'USR1', 'USR2', 'WINCH', 'CONT'] as const).map((signal) => [signal, signal])}
            onChange={(signal) => onChange({ ...reopen, signal })}
          />
          <TextField
            mono
            label={t('rotation:form.pidFile')}
            placeholder="/run/hmtt.pid"
            value={reopen.pidFile ?? ''}
            onChange={(value) => onChange({ ...reopen, pidFile: value.trim() === '' ? null : value.trim() })}
          />
        </div>
      )}
      {reopen.kind === 'command' && (
        <TextField
          mono
          label={t('rotation:form.command')}
          error={wrong.has('reopen.command') && reopen.command !== '' ? t('rotation:form.commandBad') : null}
          value={reopen.command}
          maxLength={16_384}
          onChange={(command) => onChange({ ...reopen, command })}
        />
      )}
      {reopen.kind === 'service' && (
        <div className="fields-row">
          <TextField
            mono
            label={t('rotation:form.unit')}
            placeholder="hmtt.service"
            error={wrong.has('reopen.unit') && reopen.unit !== '' ? t('rotation:form.unitBad') : null}
            value={reopen.unit}
            maxLength={200}
            onChange={(unit) => onChange({ ...reopen, unit })}
          />
          {!onHost && (
            <SelectField
              label={t('rotation:form.actionLabel')}
              value={reopen.action}
              options={(['reload', 'restart', 'reload-or-restart'] as const).map((action) => [
                action,
                t(`rotation:action.${action}`),
              ])}
              onChange={(action) => onChange({ ...reopen, action })}
            />
          )}
        </div>
      )}
    </>
  );
}
