import { useMemo, useRef } from 'react';
import { CodeField } from '../../../components/code-editor/code-field.tsx';
import type { EditorWords } from '../../../components/code-editor/create-editor.ts';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

export type QueryEditorProps = {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
};

/** The field for a log query: coloured, completed, and with its mistakes marked where they are. */
export function QueryEditor({ label, placeholder, value, onChange, onRun }: QueryEditorProps) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const latest = useRef({ t, text, onChange, onRun });
  latest.current = { t, text, onChange, onRun };
  const words = useMemo(
    (): EditorWords => ({
      label,
      placeholder,
      phrases: {
        Completions: t('metrics:editor.completions'),
        'No diagnostics': t('metrics:editor.noProblem'),
      },
    }),
    [label, placeholder, t],
  );
  return (
    <CodeField
      isFilter
      words={words}
      value={value}
      onChange={onChange}
      onRun={onRun}
      mount={async (root, mounted, initial) => {
        const { createQueryEditor } = await import('./codemirror.ts');
        return createQueryEditor({
          root,
          text: initial,
          words: mounted,
          ask: call,
          texts: {
            builtIn: (name) => latest.current.t(`logs:query.builtIn.${name}`),
            field: () => latest.current.t('logs:query.field'),
            connective: (word) => latest.current.t(`logs:query.connective.${word}`),
            lines: (count) => latest.current.t('logs:query.lines', { count: count.toLocaleString('en-US') }),
          },
          problemText: (error) => latest.current.text(error.message),
          onChange: (next) => latest.current.onChange(next),
          onRun: (next) => latest.current.onRun(next),
        });
      }}
    />
  );
}
