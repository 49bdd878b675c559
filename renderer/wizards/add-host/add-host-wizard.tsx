import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useCall } from '../../components/use-request.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { TestSteps } from '../../pages/hosts/test-steps.tsx';
import { AddressStep } from './address-step.tsx';
import { DescribeStep } from './describe-step.tsx';
import {
  type AddHostDraft,
  addHostSteps,
  checkAddress,
  emptyDraft,
  hasErrors,
  hostOf,
  nameOf,
  parseLabels,
  scrapeOf,
  urlOf,
} from './steps.ts';

/** Address → test → name and tier → confirm → done. Nothing is stored before the confirm step. */
export function AddHostWizard() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [draft, setDraft] = useState<AddHostDraft>(emptyDraft);
  const [current, setCurrent] = useState(0);
  const [showErrors, setShowErrors] = useState(false);
  const [test, setTest] = useState<RequestOutput<'hosts.test'> | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const [addedId, setAddedId] = useState<string | null>(null);
  const step = addHostSteps[current];

  const edit = (change: Partial<AddHostDraft>): void => {
    setDraft((old) => ({ ...old, ...change }));
    setTest(null);
    setError(null);
  };
  const go = (index: number): void => {
    setError(null);
    setCurrent(index);
  };
  const runTest = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const result = await call('hosts.test', { scrape: scrapeOf(draft) });
    setBusy(false);
    if (result.ok) setTest(result.value);
    else setError(result.error);
  };
  const add = async (): Promise<void> => {
    setBusy(true);
    const result = await call('hosts.add', hostOf(draft));
    setBusy(false);
    if (!result.ok) {
      setError(result.error);
      return;
    }
    setAddedId(result.value.id);
    go(4);
  };
  const next = (): void => {
    if (step === 'address') {
      const wrong = hasErrors(checkAddress(draft));
      setShowErrors(wrong);
      if (wrong) return;
      go(1);
      if (test === null) void runTest();
    } else if (step === 'describe') {
      if (parseLabels(draft.labels).ok) go(3);
    } else if (step === 'confirm') void add();
    else go(current + 1);
  };
  const chosen: Readonly<Record<string, string>> = {
    address: current > 0 ? urlOf(draft) : '',
    test: current > 1 && test ? t(test.steps.every(({ ok }) => ok) ? 'hosts:test.ok' : 'hosts:test.bad') : '',
    describe: current > 2 ? `${nameOf(draft)} · ${t(`common:tier.${draft.tier}`)}` : '',
  };
  return (
    <Wizard
      title={t('hosts:wizard.title')}
      steps={addHostSteps.map((id) => ({ id, title: t(`hosts:wizard.${id}`), chosen: chosen[id] ?? '' }))}
      current={current}
      onJump={step === 'done' ? undefined : go}
      onBack={current > 0 && step !== 'done' ? () => go(current - 1) : undefined}
      onCancel={step === 'done' ? undefined : () => void navigate('/hosts')}
      onNext={step === 'done' ? undefined : next}
      nextDisabled={busy}
      nextLabel={t(step === 'confirm' ? 'hosts:wizard.addNow' : 'common:action.next')}
    >
      {step === 'address' && <AddressStep draft={draft} edit={edit} showErrors={showErrors} />}
      {step === 'test' && (
        <>
          <p className="soft">{t('hosts:wizard.testIntro')}</p>
          {busy && <p role="status">{t('hosts:target.testing')}</p>}
          {error && <ErrorNotice error={error} />}
          {test && <TestSteps answer={test} />}
          {test?.steps.some(({ ok }) => !ok) && <p>{t('hosts:wizard.failedHint')}</p>}
          <div className="row">
            <Button disabled={busy} onClick={() => void runTest()}>
              {t(test ? 'hosts:wizard.again' : 'hosts:wizard.runTest')}
            </Button>
          </div>
        </>
      )}
      {step === 'describe' && <DescribeStep draft={draft} edit={edit} />}
      {step === 'confirm' && (
        <>
          <p className="sentence">
            {t('hosts:wizard.confirmSentence', {
              name: nameOf(draft),
              tier: t(`common:tier.${draft.tier}`),
              interval: draft.intervalSeconds,
              url: urlOf(draft),
            })}
          </p>
          {error && <ErrorNotice error={error} />}
        </>
      )}
      {step === 'done' && (
        <>
          <div className="notice notice-ok" data-testid="host-added">
            <div className="notice-body">
              <strong>{t('hosts:wizard.doneTitle')}</strong>
              <div>{t('hosts:wizard.doneBody', { name: nameOf(draft) })}</div>
            </div>
          </div>
          <div className="row">
            <Link className="btn btn-primary" to={`/hosts/${encodeURIComponent(addedId ?? '')}`}>
              {t('hosts:wizard.openHost')}
            </Link>
            <Button
              onClick={() => {
                setDraft({ ...emptyDraft, port: draft.port, job: draft.job, tier: draft.tier });
                setTest(null);
                go(0);
              }}
            >
              {t('hosts:wizard.addAnother')}
            </Button>
          </div>
        </>
      )}
    </Wizard>
  );
}
