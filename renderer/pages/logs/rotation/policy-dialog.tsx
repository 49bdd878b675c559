import { useEffect, useState } from 'react';
import type { RotationCodecs, RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { Button } from '../../../components/button.tsx';
import { ConfirmByTyping } from '../../../components/confirm-by-typing.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { newPolicy, readPolicy } from './policy-draft.ts';
import { PolicyFields } from './policy-fields.tsx';
import { PolicyOutlook } from './policy-outlook.tsx';
import { policySentence } from './policy-sentence.ts';

export type PolicyDialogProps = {
  /** Null: a new one. */
  readonly policy: RotationPolicy | null;
  /** What the engine writes for each codec. */
  readonly codecs: RotationCodecs;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Typing is waited for this long before the engine is asked what a policy would do, milliseconds. */
const TYPING_MS = 400;

/** A policy as a form; beside it the policy as a sentence, what it would do now, and the space it will need. */
export function PolicyDialog({ policy, codecs, onClose, onDone }: PolicyDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState(() => policy ?? { ...newPolicy(), name: '', paths: [] });
  const read = readPolicy(draft);
  const saving = useSaving(onDone);
  const removing = useSaving(onDone);
  const [asking, setAsking] = useState(false);
  const settled = useSettled(read.policy);
  return (
    <Overlay title={t(policy === null ? 'rotation:form.new' : 'rotation:form.edit')} onClose={onClose}>
      <div className="log-form">
        <form
          className="stack-small"
          data-testid="rotation-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (read.policy) void saving.run(call('rotation.policies.put', read.policy));
          }}
        >
          <PolicyFields
            draft={draft}
            codecs={codecs}
            wrong={read.wrong ?? new Set()}
            named={policy !== null}
            onChange={(change) => setDraft((old) => ({ ...old, ...change }))}
          />
          {saving.error && <ErrorNotice error={saving.error} />}
          <div className="row">
            <Button kind="primary" type="submit" disabled={read.policy === null || saving.busy}>
              {t('common:action.save')}
            </Button>
            <Button onClick={onClose}>{t('common:action.cancel')}</Button>
            <span className="spacer" />
            {policy !== null && !asking && (
              <Button kind="danger" onClick={() => setAsking(true)}>
                {t('rotation:form.remove')}
              </Button>
            )}
          </div>
        </form>
        <div className="stack-small">
          {settled === null ? (
            <p className="soft">{t('rotation:form.incomplete')}</p>
          ) : (
            <>
              <p className="sentence">{policySentence(t, settled, codecs)}</p>
              <PolicyOutlook policy={settled} />
            </>
          )}
        </div>
      </div>
      {policy !== null && asking && (
        <>
          <p>{t('rotation:form.removeAsk')}</p>
          <ConfirmByTyping
            word={policy.name}
            actionLabel={t('rotation:form.remove')}
            busy={removing.busy}
            onConfirm={() => void removing.run(call('rotation.policies.remove', { name: policy.name }))}
          />
          {removing.error && <ErrorNotice error={removing.error} />}
        </>
      )}
    </Overlay>
  );
}

/** A policy once the typing rests; null while it is none. */
function useSettled(policy: RotationPolicy | null): RotationPolicy | null {
  const key = JSON.stringify(policy);
  const [settled, setSettled] = useState(policy);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the policy's content is what matters, not which object it is.
  useEffect(() => {
    const timer = setTimeout(() => setSettled(policy), TYPING_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return policy === null ? null : settled;
}
