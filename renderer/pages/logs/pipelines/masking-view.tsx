import { useState } from 'react';
import type { MaskingRule } from '#shared/contract/logs-pipelines.ts';
import { Button } from '../../../components/button.tsx';
import { CheckField } from '../../../components/check-field.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { linesOf } from '../../../components/list-field.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { SaveFoot } from '../../../components/save-foot.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextAreaField } from '../../../components/text-area-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useSaving } from '../../../components/use-saving.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** What is hidden, where, and what lines look like then. */
export function MaskingView() {
  const { t } = useTranslation();
  const call = useCall();
  const request = useRequest('logs.masking.list', {});
  useEvent('logs.pipelines.changed', request.reload);
  const saving = useSaving(request.reload);
  const [editing, setEditing] = useState<MaskingRule | 'new' | null>(null);
  const put = (rule: MaskingRule): void => void saving.run(call('logs.masking.put', rule));
  return (
    <div className="log-form">
      <Panel
        title={t('pipelines:masking.title')}
        extra={
          <Button kind="primary" onClick={() => setEditing('new')}>
            {t('pipelines:masking.new')}
          </Button>
        }
      >
        <p className="soft">{t('pipelines:masking.means')}</p>
        {saving.error && <ErrorNotice error={saving.error} />}
        <RequestView request={request} rows={6}>
          {({ rules }) => (
            <table className="plain-table wide" data-testid="masking-rules">
              <caption className="visually-hidden">{t('pipelines:masking.title')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('pipelines:masking.rule')}</th>
                  <th scope="col">{t('pipelines:masking.pattern')}</th>
                  <th scope="col">{t('pipelines:masking.replacement')}</th>
                  <th scope="col">{t('pipelines:masking.atIngest')}</th>
                  <th scope="col">{t('pipelines:masking.atExport')}</th>
                  <th scope="col" />
                </tr>
              </thead>
              <tbody>
                {rules.map((rule) => {
                  const name = rule.kind === 'pattern' ? rule.name : t(`pipelines:masking.kind.${rule.kind}`);
                  return (
                    <tr key={rule.id}>
                      <td>{name}</td>
                      <td className="mono">
                        {rule.kind === 'pattern' ? (
                          rule.pattern
                        ) : (
                          <span className="soft">{t('pipelines:masking.builtIn')}</span>
                        )}
                      </td>
                      <td className="mono one-line">{rule.replacement}</td>
                      {(['atIngest', 'atExport'] as const).map((at) => (
                        <td key={at}>
                          <input
                            type="checkbox"
                            aria-label={`${name} ${t(`pipelines:masking.${at}`)}`}
                            checked={rule[at]}
                            onChange={(event) => put({ ...rule, [at]: event.target.checked })}
                          />
                        </td>
                      ))}
                      <td>
                        <Button onClick={() => setEditing(rule)}>{t('pipelines:list.edit')}</Button>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </RequestView>
      </Panel>
      <MaskingPreview />
      {editing !== null && (
        <RuleDialog
          rule={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            request.reload();
          }}
        />
      )}
    </div>
  );
}

type RuleDialogProps = {
  /** Null: a new one. */
  readonly rule: MaskingRule | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

function RuleDialog({ rule, onClose, onDone }: RuleDialogProps) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState(
    rule ?? {
      kind: 'pattern' as const,
      name: '',
      pattern: '',
      replacement: '***',
      atIngest: true,
      atExport: true,
    },
  );
  const saving = useSaving(onDone);
  const own = draft.kind === 'pattern';
  const complete = draft.name.trim() !== '' && (!own || draft.pattern !== '');
  return (
    <Overlay
      kind="dialog"
      title={t(rule === null ? 'pipelines:masking.new' : 'pipelines:masking.change')}
      onClose={onClose}
    >
      <form
        className="stack-small"
        data-testid="masking-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete) void saving.run(call('logs.masking.put', draft));
        }}
      >
        {own && (
          <>
            <TextField
              autoFocus
              label={t('pipelines:masking.rule')}
              maxLength={100}
              value={draft.name}
              onChange={(name) => setDraft({ ...draft, name })}
            />
            <TextField
              mono
              label={t('pipelines:masking.pattern')}
              hint={t('pipelines:masking.patternHint')}
              maxLength={2000}
              value={draft.pattern}
              onChange={(pattern) => setDraft({ ...draft, pattern })}
            />
          </>
        )}
        <TextField
          mono
          label={t('pipelines:masking.replacement')}
          maxLength={200}
          value={draft.replacement}
          onChange={(replacement) => setDraft({ ...draft, replacement })}
        />
        <CheckField
          label={t('pipelines:masking.atIngestLong')}
          value={draft.atIngest}
          onChange={(atIngest) => setDraft({ ...draft, atIngest })}
        />
        <CheckField
          label={t('pipelines:masking.atExportLong')}
          value={draft.atExport}
          onChange={(atExport) => setDraft({ ...draft, atExport })}
        />
        <SaveFoot error={saving.error} canSave={complete && !saving.busy} onClose={onClose}>
          {rule !== null && own && (
            <Button
              kind="danger"
              onClick={() => void saving.run(call('logs.masking.remove', { id: rule.id }))}
            >
              {t('common:action.remove')}
            </Button>
          )}
        </SaveFoot>
      </form>
    </Overlay>
  );
}

/** What the rules in force make of lines that somebody pastes. */
function MaskingPreview() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [at, setAt] = useState<'ingest' | 'export'>('ingest');
  const lines = linesOf(text).slice(0, 500);
  const request = useRequest('logs.masking.preview', { lines, at }, { enabled: lines.length > 0 });
  return (
    <Panel title={t('pipelines:masking.try')}>
      <div className="stack-small">
        <SelectField
          label={t('pipelines:masking.at')}
          value={at}
          options={[
            ['ingest', t('pipelines:masking.atIngest')],
            ['export', t('pipelines:masking.atExport')],
          ]}
          onChange={setAt}
        />
        <TextAreaField
          label={t('pipelines:masking.tryText')}
          rows={4}
          maxLength={100_000}
          placeholder="login user=zhang password=secret phone=13800138000"
          value={text}
          onChange={setText}
        />
        {lines.length > 0 && (
          <RequestView request={request} rows={2}>
            {(data) => (
              <ul className="plain-list preview-events" data-testid="masked-lines">
                {data.lines.map((line, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the lines have nothing but their order.
                  <li key={index}>
                    <span className="mono">{line.after}</span>
                    {line.found.length === 0 && (
                      <span className="soft small">{t('pipelines:masking.nothing')}</span>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </RequestView>
        )}
      </div>
    </Panel>
  );
}
