import { useMemo, useRef } from 'react';
import { METRIC_TYPES } from '#shared/domain/metric-types.ts';
import type { AppError } from '#shared/errors/index.ts';
import { CodeField } from '../../../components/code-editor/code-field.tsx';
import type { EditorWords } from '../../../components/code-editor/create-editor.ts';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { localeOf } from '../../../locales/index.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

export type PromqlEditorProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
  readonly onProblem: (problem: AppError | null) => void;
};

/** The expression editor: completion and highlighting, and the engine's own word on what is wrong. */
export function PromqlEditor(props: PromqlEditorProps) {
  const { t, i18n } = useTranslation();
  const text = useText();
  const call = useCall();
  const latest = useRef({ props, t, text, language: i18n.language });
  latest.current = { props, t, text, language: i18n.language };
  const words = useMemo(
    (): EditorWords => ({
      label: props.label,
      placeholder: t('metrics:placeholder'),
      phrases: {
        Completions: t('metrics:editor.completions'),
        'No diagnostics': t('metrics:editor.noProblem'),
      },
    }),
    [props.label, t],
  );
  return (
    <CodeField
      words={words}
      value={props.value}
      onChange={props.onChange}
      onRun={props.onRun}
      mount={async (root, mounted, value) => {
        const { createExpressionEditor } = await import('./codemirror.ts');
        return createExpressionEditor({
          root,
          text: value,
          words: mounted,
          ask: call,
          texts: {
            language: () => localeOf(latest.current.language),
            function: () => latest.current.t('metrics:editor.function'),
            aggregation: () => latest.current.t('metrics:editor.aggregation'),
            type: (type) => {
              const known = METRIC_TYPES.find((name) => name === type) ?? 'unknown';
              return latest.current.t(`metrics:type.${known}`);
            },
          },
          problemText: (error) => latest.current.text(error.message),
          onChange: (next) => latest.current.props.onChange(next),
          onRun: (next) => latest.current.props.onRun(next),
          onProblem: (problem) => latest.current.props.onProblem(problem),
        });
      }}
    />
  );
}
