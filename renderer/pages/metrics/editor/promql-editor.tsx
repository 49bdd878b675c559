import { useEffect, useRef, useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { localeOf } from '../../../locales/index.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { ExpressionEditor } from './codemirror.ts';
import { metricTypes } from './metric-types.ts';

export type PromqlEditorProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
  readonly onProblem: (problem: AppError | null) => void;
};

/**
 * The expression editor: completion and highlighting, and the engine's own word on what is wrong.
 *
 * It lives in a shadow root. There its style sheets are made by script instead of style elements, so that the page's
 * policy needs no exception; and until its code is there, a plain field of the same name takes the text.
 */
export function PromqlEditor(props: PromqlEditorProps) {
  const { t, i18n } = useTranslation();
  const text = useText();
  const call = useCall();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<ExpressionEditor | null>(null);
  const [ready, setReady] = useState(false);
  const latest = useRef({ props, t, text, language: i18n.language });
  latest.current = { props, t, text, language: i18n.language };

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let gone = false;
    void import('./codemirror.ts').then(({ createExpressionEditor }) => {
      if (gone) return;
      const root = element.shadowRoot ?? element.attachShadow({ mode: 'open', delegatesFocus: true });
      const typing = document.activeElement?.closest('.expression-editor') === element.parentElement;
      const now = latest.current;
      editor.current = createExpressionEditor({
        root,
        text: now.props.value,
        words: { label: now.props.label, placeholder: now.t('metrics:placeholder'), phrases: phrases(now.t) },
        ask: call,
        texts: {
          language: () => localeOf(latest.current.language),
          function: () => latest.current.t('metrics:editor.function'),
          aggregation: () => latest.current.t('metrics:editor.aggregation'),
          type: (type) => {
            const known = metricTypes.find((name) => name === type) ?? 'unknown';
            return latest.current.t(`metrics:type.${known}`);
          },
        },
        problemText: (error) => latest.current.text(error.message),
        onChange: (next) => latest.current.props.onChange(next),
        onRun: (next) => latest.current.props.onRun(next),
        onProblem: (problem) => latest.current.props.onProblem(problem),
      });
      setReady(true);
      if (typing) editor.current.focus();
    });
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = null;
    };
  }, [call]);

  useEffect(() => editor.current?.setText(props.value), [props.value]);
  useEffect(() => {
    editor.current?.setWords({
      label: props.label,
      placeholder: t('metrics:placeholder'),
      phrases: phrases(t),
    });
  }, [props.label, t]);

  return (
    <div className="expression-editor" data-ready={ready}>
      <div ref={host} />
      {!ready && (
        <input
          className="input mono"
          aria-label={props.label}
          placeholder={t('metrics:placeholder')}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') props.onRun(props.value);
          }}
        />
      )}
    </div>
  );
}

/** CodeMirror's own words in the present language. */
function phrases(t: ReturnType<typeof useTranslation>['t']): Readonly<Record<string, string>> {
  return { Completions: t('metrics:editor.completions'), 'No diagnostics': t('metrics:editor.noProblem') };
}
