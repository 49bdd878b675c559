import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { Runbook } from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { PageHeader, Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PdfButton } from '../../../print/pdf-button.tsx';
import { RunbookEditor } from './runbook-editor.tsx';
import { RunbookSteps } from './runbook-steps.tsx';
import { runPath } from './runbooks-tab.tsx';
import { useSaveAction } from './save-action.ts';
import { useWords } from './words-field.tsx';

/** One runbook: to read, to print, to change, to follow. */
export function RunbookPage() {
  const { runbookId = '' } = useParams();
  const request = useRequest('recovery.runbooks.get', { id: runbookId }, { subject: runbookId });
  return (
    <div className="page stack">
      <RequestView request={request} rows={10}>
        {(runbook) => <Shown runbook={runbook} onSaved={request.reload} />}
      </RequestView>
    </div>
  );
}

function Shown({ runbook, onSaved }: { readonly runbook: Runbook; readonly onSaved: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const [editing, setEditing] = useState(false);
  const [starting, setStarting] = useState<'exercise' | 'activation' | null>(null);
  if (editing) {
    return (
      <RunbookEditor
        runbook={runbook}
        onClose={(saved) => {
          setEditing(false);
          if (saved) onSaved();
        }}
      />
    );
  }
  return (
    <>
      <PageHeader
        title={words(runbook.title)}
        summary={<Link to="/recovery?tab=runbooks">{t('recovery:disaster.runbooks.title')}</Link>}
        actions={
          <>
            <PdfButton kind="runbook" id={runbook.id} name={`runbook-${words(runbook.title)}`} />
            <Button onClick={() => setEditing(true)}>{t('recovery:disaster.edit')}</Button>
            <Button kind="primary" onClick={() => setStarting('exercise')}>
              {t('recovery:disaster.runbooks.exercise')}
            </Button>
            <Button kind="danger" onClick={() => setStarting('activation')}>
              {t('recovery:disaster.runbooks.activate')}
            </Button>
          </>
        }
      />
      <Panel>
        <p>{words(runbook.purpose)}</p>
        {runbook.plans.length > 0 && (
          <p className="soft small">
            {t('recovery:disaster.runbooks.plans')}: {runbook.plans.join('、')}
          </p>
        )}
      </Panel>
      <RunbookSteps runbook={runbook} />
      {starting && <StartRun runbook={runbook} kind={starting} onClose={() => setStarting(null)} />}
    </>
  );
}

function StartRun({
  runbook,
  kind,
  onClose,
}: {
  readonly runbook: Runbook;
  readonly kind: 'exercise' | 'activation';
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const start = useSaveAction();
  const [by, setBy] = useState('');
  const title = t(`recovery:disaster.runbooks.${kind === 'exercise' ? 'exercise' : 'activate'}`);
  return (
    <Overlay kind="dialog" title={title} onClose={onClose}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          if (by.trim() === '') return;
          void start.run('recovery.runs.start', { runbookId: runbook.id, kind, by: by.trim() }, ({ id }) =>
            navigate(runPath(id)),
          );
        }}
      >
        {kind === 'activation' && <p>{t('recovery:disaster.runbooks.activateSure')}</p>}
        <TextField
          label={t('recovery:disaster.runs.by')}
          autoFocus
          maxLength={100}
          value={by}
          onChange={setBy}
        />
        {start.error && <ErrorNotice error={start.error} />}
        <Button type="submit" kind="primary" disabled={start.busy || by.trim() === ''}>
          {title}
        </Button>
      </form>
    </Overlay>
  );
}
