import { useEffect, useRef, useState } from 'react';
import type { CodeEditor, EditorWords } from './create-editor.ts';
import './code-editor.css';

export type CodeFieldProps = {
  readonly words: EditorWords;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
  /** Loads the editor's code and mounts it; called once. */
  readonly mount: (root: ShadowRoot, words: EditorWords, text: string) => Promise<CodeEditor>;
  /** The key `/` brings the focus here. */
  readonly isFilter?: boolean;
};

/**
 * A field for one line of a language: an editor with highlighting and completion.
 *
 * It lives in a shadow root. There its style sheets are made by script instead of style elements, so that the page's
 * policy needs no exception; and until its code is there, a plain field of the same name takes the text.
 */
export function CodeField(props: CodeFieldProps) {
  const { words, value } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  const [ready, setReady] = useState(false);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let gone = false;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open', delegatesFocus: true });
    void latest.current.mount(root, latest.current.words, latest.current.value).then((made) => {
      if (gone) {
        made.destroy();
        return;
      }
      const typing = document.activeElement?.closest('.expression-editor') === element.parentElement;
      editor.current = made;
      made.setText(latest.current.value);
      setReady(true);
      if (typing) made.focus();
    });
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = null;
    };
  }, []);

  useEffect(() => editor.current?.setText(value), [value]);
  useEffect(() => editor.current?.setWords(words), [words]);

  return (
    <div className="expression-editor" data-ready={ready}>
      <div ref={host} {...(props.isFilter && ready ? { 'data-filter': true } : {})} />
      {!ready && (
        <input
          className="input mono"
          {...(props.isFilter ? { 'data-filter': true } : {})}
          aria-label={words.label}
          placeholder={words.placeholder}
          value={value}
          onChange={(event) => props.onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') props.onRun(value);
          }}
        />
      )}
    </div>
  );
}
