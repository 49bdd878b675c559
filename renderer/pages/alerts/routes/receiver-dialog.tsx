import { useState } from 'react';
import type { ConfigProblem } from '#shared/contract/notify.ts';
import type { Receiver, ReceiverTarget } from '#shared/contract/notify-config.ts';
import type { Result } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { Icon } from '../../../components/icon.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ConfigDialogFoot, useConfigSaving } from './config-saving.tsx';
import { type Names, targetWords } from './route-words.ts';

export type ReceiverDialogProps = {
  /** Null: a new one. */
  readonly receiver: Receiver | null;
  readonly names: Names;
  /** A receiver that routes name cannot be removed. */
  readonly isUsed: boolean;
  readonly onClose: () => void;
  /** Null removes it. */
  readonly onSave: (receiver: Receiver | null) => Promise<Result<readonly ConfigProblem[]>>;
};

const keyOf = (target: ReceiverTarget): string => JSON.stringify(target);

/** Everything that can be told. */
function offered(names: Names): readonly ReceiverTarget[] {
  return [
    ...[...names.channels.keys()].map((channel) => ({ kind: 'channel' as const, channel, to: null })),
    ...[...names.contacts.keys()].map((contact) => ({ kind: 'contact' as const, contact })),
    ...[...names.rotas.keys()].flatMap((rota) => [
      { kind: 'on_call' as const, rota, who: 'now' as const },
      { kind: 'on_call' as const, rota, who: 'next' as const },
    ]),
    { kind: 'full_screen' },
  ];
}

/** Writes one receiver: its name and whom it tells. */
export function ReceiverDialog({ receiver, names, isUsed, onClose, onSave }: ReceiverDialogProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Receiver>(receiver ?? { name: '', targets: [], sendResolved: true });
  const saving = useConfigSaving(onClose);
  const chosen = new Set(draft.targets.map(keyOf));
  const rest = offered(names).filter((target) => !chosen.has(keyOf(target)));
  return (
    <Overlay
      kind="dialog"
      title={t(receiver === null ? 'alerts:receivers.new' : 'alerts:receivers.change')}
      onClose={onClose}
    >
      <form
        className="stack-small"
        data-testid="receiver-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.name.trim() !== '') void saving.run(onSave(draft));
        }}
      >
        <TextField
          label={t('alerts:receivers.name')}
          name="name"
          autoFocus
          maxLength={200}
          value={draft.name}
          onChange={(value) => setDraft({ ...draft, name: value })}
        />
        <div>
          <h3>{t('alerts:receivers.targets')}</h3>
          <ul className="plain-list lines">
            {draft.targets.map((target) => (
              <li key={keyOf(target)} className="row">
                <span className="grow">
                  {targetWords(t, target, names)}{' '}
                  <span className="soft">{t(`alerts:receivers.kind.${target.kind}`)}</span>
                </span>
                <Button
                  kind="quiet"
                  aria-label={`${t('common:action.remove')} ${targetWords(t, target, names)}`}
                  onClick={() =>
                    setDraft({
                      ...draft,
                      targets: draft.targets.filter((one) => keyOf(one) !== keyOf(target)),
                    })
                  }
                >
                  <Icon name="close" size={12} />
                </Button>
              </li>
            ))}
          </ul>
          {draft.targets.length === 0 && <p className="soft">{t('alerts:receivers.tellsNobody')}</p>}
        </div>
        {rest.length > 0 && (
          <SelectField
            label={t('alerts:receivers.add')}
            value=""
            options={[
              ['', t('alerts:receivers.choose')],
              ...rest.map(
                (target) =>
                  [
                    keyOf(target),
                    `${t(`alerts:receivers.kind.${target.kind}`)}: ${targetWords(t, target, names)}`,
                  ] as const,
              ),
            ]}
            onChange={(key) => {
              const target = rest.find((one) => keyOf(one) === key);
              if (target) setDraft({ ...draft, targets: [...draft.targets, target] });
            }}
          />
        )}
        <label className="row">
          <input
            type="checkbox"
            checked={draft.sendResolved}
            onChange={(event) => setDraft({ ...draft, sendResolved: event.target.checked })}
          />
          {t('alerts:receivers.resolved')}
        </label>
        <ConfigDialogFoot saving={saving} isComplete={draft.name.trim() !== ''} onClose={onClose}>
          {receiver !== null && (
            <Button
              kind="danger"
              disabled={isUsed}
              title={isUsed ? t('alerts:receivers.isUsed') : undefined}
              onClick={() => void saving.run(onSave(null))}
            >
              {t('common:action.remove')}
            </Button>
          )}
        </ConfigDialogFoot>
      </form>
    </Overlay>
  );
}
