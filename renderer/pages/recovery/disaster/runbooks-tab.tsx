import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Runbook, RunbookRun } from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PdfButton } from '../../../print/pdf-button.tsx';
import { FileButtons } from './file-buttons.tsx';
import { useSaveAction } from './save-action.ts';
import { useWords } from './words-field.tsx';

/** The address of a runbook. */
function runbookPath(id: string): string {
  return `/recovery/runbooks/${encodeURIComponent(id)}`;
}

/** The address of a runbook being followed. */
export function runPath(id: string): string {
  return `/recovery/runs/${encodeURIComponent(id)}`;
}

/** The minutes that a runbook is expected to take. */
function expectedMinutes({ steps }: Pick<Runbook, 'steps'>): number {
  return steps.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** Runbooks of the site, those being followed on top, and templates to begin from. */
export function RunbooksTab() {
  const { t } = useTranslation();
  const runbooks = useRequest('recovery.runbooks.list', {});
  const runs = useRequest('recovery.runs.list', {});
  useEvent('recovery.changed', () => {
    runbooks.reload();
    runs.reload();
  });
  const open = runs.data?.runs.filter(({ endedAt }) => endedAt === null) ?? [];
  return (
    <>
      {open.length > 0 && <OpenRuns runs={open} />}
      <RequestView request={runbooks} rows={4}>
        {(answer) =>
          answer.runbooks.length === 0 ? (
            <EmptyState
              title={t('recovery:disaster.runbooks.none')}
              body={t('recovery:disaster.runbooks.noneBody')}
            />
          ) : (
            <Panel title={t('recovery:disaster.runbooks.title')} extra={<FileButtons />}>
              <p className="soft small">{t('recovery:disaster.runbooks.printHint')}</p>
              {answer.runbooks.map((runbook) => (
                <RunbookLine key={runbook.id} runbook={runbook} />
              ))}
            </Panel>
          )
        }
      </RequestView>
      <Templates withFiles={runbooks.data?.runbooks.length === 0} />
    </>
  );
}

function OpenRuns({ runs }: { readonly runs: readonly RunbookRun[] }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <Panel title={t('recovery:disaster.runbooks.active')}>
      {runs.map((run) => (
        <div key={run.id} className="unfinished" data-testid="open-run">
          <StateBadge
            state={run.kind === 'activation' ? 'critical' : 'info'}
            word={t(`recovery:disaster.runs.kind.${run.kind}`)}
          />
          <strong>{words(run.runbook.title)}</strong>
          <span className="soft">
            {t('recovery:disaster.runs.started', { at: absoluteText(run.startedAt), by: run.startedBy })} ·{' '}
            {t('recovery:disaster.runs.progress', {
              done: run.ticks.length,
              total: run.runbook.steps.length,
            })}
          </span>
          <span className="spacer" />
          <Link className="btn btn-primary" to={runPath(run.id)}>
            {t('recovery:disaster.runbooks.resume')}
          </Link>
        </div>
      ))}
    </Panel>
  );
}

function RunbookLine({ runbook }: { readonly runbook: Runbook }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <div className="unfinished" data-testid="runbook" data-incident={runbook.incident}>
      <div className="notice-body">
        <Link to={runbookPath(runbook.id)}>
          <strong>{words(runbook.title)}</strong>
        </Link>
        <div className="soft small">
          {t('recovery:disaster.runbooks.steps', { count: runbook.steps.length })} ·{' '}
          {t('recovery:disaster.runbooks.expected', { n: expectedMinutes(runbook) })}
          {runbook.owner !== '' && ` · ${runbook.owner}`}
        </div>
      </div>
      <PdfButton kind="runbook" id={runbook.id} name={`runbook-${words(runbook.title)}`} />
      <Link className="btn" to={runbookPath(runbook.id)}>
        {t('recovery:disaster.runbooks.open')}
      </Link>
    </div>
  );
}

function Templates({ withFiles }: { readonly withFiles: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const navigate = useNavigate();
  const adopt = useSaveAction();
  const [shown, setShown] = useState(true);
  const request = useRequest('recovery.runbooks.templates', {});
  return (
    <Panel
      title={t('recovery:disaster.runbooks.templates')}
      extra={
        <span className="row">
          {withFiles && <FileButtons />}
          <Button aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t(`recovery:disaster.runbooks.${shown ? 'hideTemplates' : 'showTemplates'}`, {
              count: request.data?.templates.length ?? 0,
            })}
          </Button>
        </span>
      }
    >
      {adopt.error && <ErrorNotice error={adopt.error} />}
      {shown &&
        request.data?.templates.map((template) => (
          <div key={template.id} className="unfinished" data-testid="template">
            <div className="notice-body">
              <strong>{words(template.title)}</strong>
              <div className="soft small">{words(template.purpose)}</div>
            </div>
            <PdfButton kind="runbook" id={template.id} name={`runbook-${words(template.title)}`} />
            <Button
              disabled={adopt.busy}
              onClick={() =>
                void adopt.run('recovery.runbooks.adopt', { incident: template.incident }, ({ id }) =>
                  navigate(runbookPath(id)),
                )
              }
            >
              {t('recovery:disaster.runbooks.adopt')}
            </Button>
          </div>
        ))}
    </Panel>
  );
}
