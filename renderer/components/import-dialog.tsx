import { type ComponentType, useState } from 'react';
import type { Result } from '#shared/errors/index.ts';
import { shell } from '../app/shell.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { Button } from './button.tsx';
import { Overlay, type OverlayProps } from './drawer.tsx';
import { ErrorNotice } from './error-notice.tsx';
import { Field } from './field.tsx';
import { useSaving } from './use-saving.ts';

/** A file that is to be taken over: its name and content; of one that the engine reads itself, only `path`. */
export type ImportFile = { readonly name: string; readonly text: string; readonly path: string };

export type ImportDialogProps<F> = {
  readonly title: string;
  readonly means?: string;
  readonly testId: string;
  readonly kind?: OverlayProps['kind'];
  /** `text`: the content is read here, and can be pasted; `path`: the engine reads the file and what it names. */
  readonly source: 'text' | 'path';
  /** What stands there first. */
  readonly initial: Partial<ImportFile>;
  /** Endings of files that are offered, without dots. */
  readonly extensions?: string[];
  readonly words: {
    readonly choose: string;
    /** Label of the content, or of the path. */
    readonly input: string;
    readonly inputHint?: string;
    readonly look: string;
    readonly take: (found: F) => string;
  };
  /** Says what would become of the file; changes nothing. */
  readonly look: (file: ImportFile) => Promise<Result<F>>;
  readonly canTake: (found: F) => boolean;
  /** Takes over what was looked at. */
  readonly take: (file: ImportFile) => Promise<Result<unknown>>;
  readonly Found: ComponentType<{ readonly found: F }>;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Takes a file over: it is chosen or pasted, then shown with what becomes of it and what cannot be taken, then confirmed. */
export function ImportDialog<F>(props: ImportDialogProps<F>) {
  const { t } = useTranslation();
  const { words, source, Found } = props;
  const [file, setFile] = useState<ImportFile>({ name: '', text: '', path: '', ...props.initial });
  const [found, setFound] = useState<F | null>(null);
  const looking = useSaving(() => undefined);
  const taking = useSaving(props.onDone);
  const change = (next: Partial<ImportFile>): void => {
    setFile({ ...file, ...next });
    setFound(null);
  };
  const choose = async (): Promise<void> => {
    const { title, extensions } = props;
    if (source === 'path') {
      const answer = await shell()?.choosePath({ title });
      if (answer?.ok && answer.value !== null) change({ path: answer.value });
      return;
    }
    const chosen = shell()?.chooseFile({ title, ...(extensions === undefined ? {} : { extensions }) });
    if (chosen === undefined) return;
    // A file that cannot be read says so where every other refusal stands.
    await looking.run(chosen);
    const answer = await chosen;
    if (answer.ok && answer.value !== null) change(answer.value);
  };
  const look = async (): Promise<void> => {
    const answer = props.look(file);
    await looking.run(answer);
    const result = await answer;
    setFound(result.ok ? result.value : null);
  };
  const canTake = found !== null && props.canTake(found);
  const input = source === 'path' ? file.path : file.text;
  const isEmpty = input.trim() === '';
  const isStuck = found !== null && !canTake;
  return (
    <Overlay title={props.title} onClose={props.onClose} {...(props.kind ? { kind: props.kind } : {})}>
      <form
        className="stack-small"
        data-testid={props.testId}
        onSubmit={(event) => {
          event.preventDefault();
          if (isEmpty || looking.busy || taking.busy) return;
          if (canTake) void taking.run(props.take(file));
          else void look();
        }}
      >
        {props.means && <p className="soft">{props.means}</p>}
        {shell() && (
          <div className="row">
            <Button onClick={() => void choose()}>{words.choose}</Button>
            {source === 'text' && <span className="soft">{file.name}</span>}
          </div>
        )}
        <Field label={words.input} {...(words.inputHint === undefined ? {} : { hint: words.inputHint })}>
          {(field) =>
            source === 'path' ? (
              <input
                {...field}
                className="input mono"
                data-autofocus
                spellCheck={false}
                value={file.path}
                onChange={(event) => change({ path: event.target.value })}
              />
            ) : (
              <textarea
                {...field}
                className="input mono"
                rows={10}
                data-autofocus
                spellCheck={false}
                maxLength={8_000_000}
                value={file.text}
                onChange={(event) => change({ text: event.target.value })}
              />
            )
          }
        </Field>
        {looking.error && <ErrorNotice error={looking.error} />}
        {taking.error && <ErrorNotice error={taking.error} />}
        {found !== null && <Found found={found} />}
        <div className="row">
          <span className="spacer" />
          <Button onClick={props.onClose}>{t('common:action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={isEmpty || looking.busy || taking.busy || isStuck}>
            {found !== null && canTake ? words.take(found) : words.look}
          </Button>
        </div>
      </form>
    </Overlay>
  );
}
