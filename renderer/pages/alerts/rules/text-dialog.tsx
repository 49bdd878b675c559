import { useEffect, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { BacktestPanel } from './backtest/backtest-panel.tsx';
import { ProblemList } from './problem-list.tsx';

export type TextDialogProps = {
  /** The file that is changed; null for a new one. */
  readonly file: string | null;
  /** What the text begins with, in the place of the file's own. */
  readonly initial?: string;
  /** True when the file can still be opened as a form. */
  readonly isForm: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

const TEMPLATE = `groups:
  - name: example
    rules:
      - alert: ExampleAlert
        expr: up == 0
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: "{{ $labels.instance }} does not answer"
`;

/** A rule file as text, checked while it is written, with what it would have done. */
export function TextDialog(props: TextDialogProps) {
  const { t } = useTranslation();
  const { file, initial, onClose } = props;
  const known = useRequest(
    'rules.files.get',
    { name: file ?? '-' },
    { enabled: file !== null && initial === undefined },
  );
  const title = file === null ? t('rules:text.newTitle') : t('rules:text.editTitle', { name: file });
  const text = initial ?? (file === null ? TEMPLATE : known.data?.text);
  if (text !== undefined)
    return (
      <TextEditor
        {...props}
        title={title}
        text={text}
        enabled={file === null ? true : (known.data?.file.enabled ?? true)}
      />
    );
  return (
    <Overlay title={title} onClose={onClose}>
      {known.error ? <ErrorNotice error={known.error} onRetry={known.reload} /> : <Skeleton rows={8} />}
    </Overlay>
  );
}

type Checked = RequestOutput<'rules.files.put'>;

function TextEditor({
  file,
  isForm,
  title,
  text: initial,
  enabled,
  onClose,
  onDone,
}: TextDialogProps & { readonly title: string; readonly text: string; readonly enabled: boolean }) {
  const { t } = useTranslation();
  const call = useCall();
  const [name, setName] = useState(file ?? 'rules.yml');
  const [text, setText] = useState(initial);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      void call('rules.files.put', { name: name.trim() || '-', text, dryRun: true }).then((answer) => {
        if (gone) return;
        setChecked(answer.ok ? answer.value : null);
        setError(answer.ok ? null : answer.error);
      });
    }, TYPING_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [call, name, text]);
  const isSound = checked?.file != null;
  const rules = checked?.file?.groups.reduce((sum, group) => sum + group.rules.length, 0) ?? 0;
  const save = async (): Promise<void> => {
    const answer = await call('rules.files.put', { name: name.trim(), text, enabled });
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    setChecked(answer.value);
    if (answer.value.file !== null) onDone();
  };
  return (
    <Overlay title={title} onClose={onClose}>
      <form
        className="stack-small"
        data-testid="rule-text"
        onSubmit={(event) => {
          event.preventDefault();
          if (isSound && name.trim() !== '') void save();
        }}
      >
        {file === null && <TextField label={t('rules:text.name')} mono value={name} onChange={setName} />}
        <Field label={t('rules:text.text')}>
          {(field) => (
            <textarea
              {...field}
              data-autofocus
              className="input mono rule-text"
              rows={18}
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        {isForm && text !== initial && <p className="soft">{t('rules:text.formLost')}</p>}
        {checked && <ProblemList problems={checked.problems} />}
        {isSound && (
          <p className="soft" role="status">
            {t('rules:text.sound', { rules })}
          </p>
        )}
        {error && <ErrorNotice error={error} />}
        <div className="row">
          <Button kind="primary" type="submit" disabled={!isSound || name.trim() === ''}>
            {t('rules:text.save')}
          </Button>
          <Button onClick={onClose}>{t('common:action.cancel')}</Button>
        </div>
      </form>
      {isSound && <BacktestPanel subject={{ text }} />}
    </Overlay>
  );
}

const TYPING_MS = 300;
