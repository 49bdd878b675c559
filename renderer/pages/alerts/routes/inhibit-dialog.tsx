import { useState } from 'react';
import type { ConfigProblem } from '#shared/contract/notify.ts';
import type { InhibitRule } from '#shared/contract/notify-config.ts';
import type { Result } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { formatMatchers, parseMatchers } from '../alert-address.ts';
import { ConfigDialogFoot, useConfigSaving } from './config-saving.tsx';

/** Writes one rule of inhibition: while this fires, that is not told of. */
export function InhibitDialog({
  rule,
  onClose,
  onSave,
}: {
  readonly rule: InhibitRule | null;
  readonly onClose: () => void;
  /** Null removes it. */
  readonly onSave: (rule: InhibitRule | null) => Promise<Result<readonly ConfigProblem[]>>;
}) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(rule?.title ?? '');
  const [source, setSource] = useState(rule ? formatMatchers(rule.source) : 'severity="critical"');
  const [target, setTarget] = useState(rule ? formatMatchers(rule.target) : 'severity="warning"');
  const [equal, setEqual] = useState(rule?.equal.join(', ') ?? 'host');
  const saving = useConfigSaving(onClose);
  const sources = parseMatchers(source) ?? [];
  const targets = parseMatchers(target) ?? [];
  const isComplete = sources.length > 0 && targets.length > 0;
  const fields = [
    { label: t('alerts:quieting.source'), value: source, set: setSource, isBad: sources.length === 0 },
    { label: t('alerts:quieting.target'), value: target, set: setTarget, isBad: targets.length === 0 },
    { label: t('alerts:quieting.equalLabels'), value: equal, set: setEqual, isBad: false },
    { label: t('alerts:routes.titleOf'), value: title, set: setTitle, isBad: false },
  ];
  return (
    <Overlay kind="dialog" title={t('alerts:quieting.newInhibit')} onClose={onClose}>
      <form
        className="stack-small"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isComplete) return;
          const labels = equal.split(/[\s,，]+/).filter(Boolean);
          void saving.run(onSave({ title, source: [...sources], target: [...targets], equal: labels }));
        }}
      >
        {fields.map(({ label, value, set, isBad }) => (
          <TextField
            key={label}
            label={label}
            error={isBad ? t('alerts:filter.badLabels') : null}
            mono
            value={value}
            onChange={set}
          />
        ))}
        <ConfigDialogFoot saving={saving} isComplete={isComplete} onClose={onClose}>
          {rule !== null && (
            <Button kind="danger" onClick={() => void saving.run(onSave(null))}>
              {t('common:action.remove')}
            </Button>
          )}
        </ConfigDialogFoot>
      </form>
    </Overlay>
  );
}
