import {
  type EnvironmentItem,
  phaseSchema,
  type Runbook,
  type RunbookRun,
} from '#shared/contract/recovery-register.ts';
import { appError, type Bilingual, err, ok } from '#shared/errors/index.ts';
import { AbsoluteTime } from '../components/figures.tsx';
import { absoluteText } from '../components/time.ts';
import type { Language } from '../locales/index.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { StepText } from '../pages/recovery/disaster/runbook-steps.tsx';
import { useWords } from '../pages/recovery/disaster/words-field.tsx';
import { definePrint } from './print-module.tsx';

type Paper = {
  readonly runbook: Runbook;
  readonly run: RunbookRun | null;
  readonly items: readonly EnvironmentItem[];
};

const missing = (what: string) => err(appError('NOT_FOUND', { what, id: '' }));

/** A runbook to be followed by hand: boxes to tick, lines for times and names, contacts at the end. */
export const runbookDocument = definePrint<Paper>({
  load: async (client, id) => {
    if (id === null) return missing('runbook');
    const [runbook, environment] = await Promise.all([
      client.call('recovery.runbooks.get', { id }),
      client.call('recovery.environment.list', {}),
    ]);
    if (!runbook.ok) return runbook;
    if (!environment.ok) return environment;
    return ok({ runbook: runbook.value, run: null, items: environment.value.items });
  },
  title: ({ runbook }, t, language) => t('print:runbook', { title: pick(runbook.title, language) }),
  View: ({ data }) => <RunbookPaper {...data} />,
});

/** A runbook as it was followed: what was ticked, when, by whom. */
export const runDocument = definePrint<Paper>({
  load: async (client, id) => {
    if (id === null) return missing('run');
    const run = await client.call('recovery.runs.get', { id });
    return run.ok ? ok({ runbook: run.value.runbook, run: run.value, items: [] }) : run;
  },
  title: ({ runbook }, t, language) =>
    `${t('recovery:disaster.runs.title')} ${pick(runbook.title, language)}`,
  View: ({ data }) => <RunbookPaper {...data} />,
});

function pick({ zh, en }: Bilingual, language: Language): string {
  return language === 'en' ? en || zh : zh || en;
}

function RunbookPaper({ runbook, run, items }: Paper) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <>
      <p>{words(runbook.purpose)}</p>
      <p>
        {[
          runbook.owner && `${t('recovery:disaster.owner')}: ${runbook.owner}`,
          runbook.plans.length > 0 && `${t('recovery:disaster.runbooks.plans')}: ${runbook.plans.join('、')}`,
          t('recovery:disaster.runbooks.expected', {
            n: runbook.steps.reduce((sum, { minutes }) => sum + minutes, 0),
          }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {run && (
        <p>
          {t(`recovery:disaster.runs.kind.${run.kind}`)} ·{' '}
          {t('recovery:disaster.runs.started', { at: absoluteText(run.startedAt), by: run.startedBy })}
          {run.outcome !== null && (
            <>
              {' · '}
              <AbsoluteTime time={run.endedAt} /> · {t(`recovery:disaster.runs.ends.${run.outcome}`)} ·{' '}
              {run.lessons}
            </>
          )}
        </p>
      )}
      {phaseSchema.options.map((phase) => (
        <section key={phase}>
          <h2>{t(`recovery:disaster.runbooks.phase.${phase}`)}</h2>
          <table>
            <thead>
              <tr>
                <th>#</th>
                <th>{t('recovery:disaster.runbooks.step')}</th>
                <th>{t('recovery:disaster.runbooks.done')}</th>
                <th>{t('recovery:disaster.runbooks.time')}</th>
                <th>{t('recovery:disaster.runbooks.signature')}</th>
              </tr>
            </thead>
            <tbody>
              {runbook.steps.map((step, index) =>
                step.phase === phase ? (
                  <tr key={step.id}>
                    <td>{index + 1}</td>
                    <td>
                      <StepText step={step} paper />
                    </td>
                    <Ticked run={run} stepId={step.id} />
                  </tr>
                ) : null,
              )}
            </tbody>
          </table>
        </section>
      ))}
      {items.length > 0 && <Contacts items={items} />}
    </>
  );
}

/** What was ticked, or room to tick it by hand. */
function Ticked({ run, stepId }: { readonly run: RunbookRun | null; readonly stepId: string }) {
  const { t } = useTranslation();
  const tick = run?.ticks.find((one) => one.stepId === stepId);
  if (tick === undefined) {
    return (
      <>
        <td>
          <span className="print-box" />
        </td>
        <td className="print-room" />
        <td className="print-room" />
      </>
    );
  }
  return (
    <>
      <td>
        {t(`recovery:disaster.runs.outcome.${tick.outcome}`)}
        {tick.note !== '' && <div>{tick.note}</div>}
      </td>
      <td>{absoluteText(tick.at)}</td>
      <td>{tick.by}</td>
    </>
  );
}

function Contacts({ items }: { readonly items: readonly EnvironmentItem[] }) {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t('recovery:disaster.runbooks.contacts')}</h2>
      <table>
        <thead>
          <tr>
            <th>{t('recovery:disaster.environment.kind')}</th>
            <th>{t('recovery:disaster.name')}</th>
            <th>{t('recovery:disaster.environment.reach')}</th>
            <th>{t('recovery:disaster.environment.place')}</th>
            <th>{t('recovery:disaster.environment.detail')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td>{t(`recovery:disaster.environment.kinds.${item.kind}`)}</td>
              <td>{item.name}</td>
              <td>{item.reach}</td>
              <td>{item.place}</td>
              <td>{item.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
