import {
  autocompletion,
  type CompletionSource,
  closeBrackets,
  closeCompletion,
  completionStatus,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewline } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, forceLinting, linter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension, Prec, Transaction } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { editorColours, editorLook } from './look.ts';

/** Texts of an editor itself, in the present language. */
export type EditorWords = {
  readonly label: string;
  readonly placeholder: string;
  /** CodeMirror's own words, for screen readers. */
  readonly phrases: Readonly<Record<string, string>>;
};

/** What the page holds of an editor that it mounted. */
export type CodeEditor = {
  /** Puts another text in, when it is another one. */
  readonly setText: (text: string) => void;
  readonly text: () => string;
  /** Renews what stands in the language of the window. */
  readonly setWords: (words: EditorWords) => void;
  readonly focus: () => void;
  readonly destroy: () => void;
};

export type CodeEditorOptions = {
  /** The editor's own root: its style sheets hang there and nowhere else. */
  readonly root: ShadowRoot;
  readonly text: string;
  readonly words: EditorWords;
  /** The grammar: what tells the parts of a text apart. */
  readonly language: Extension;
  readonly complete: CompletionSource;
  /** Says what is wrong with a text and where. */
  readonly check: (view: EditorView) => Promise<readonly Diagnostic[]> | readonly Diagnostic[];
  /** How long the typing must rest before `check` is asked, milliseconds. */
  readonly checkAfterMs: number;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
};

/** Completions that are shown around the chosen one; as many as fit without scrolling, which would take the focus. */
const OFFERED = 12;

/** Makes an editor. Enter, Ctrl Enter and Shift Enter run; Alt Enter breaks the line; Tab goes on, Esc leaves. */
export function createCodeEditor(options: CodeEditorOptions): CodeEditor {
  const words = new Compartment();
  const run = (view: EditorView): boolean => {
    closeCompletion(view);
    options.onRun(view.state.doc.toString());
    return true;
  };
  const view = new EditorView({
    root: options.root,
    parent: options.root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        editorLook,
        syntaxHighlighting(editorColours),
        history(),
        bracketMatching(),
        closeBrackets(),
        EditorView.lineWrapping,
        options.language,
        autocompletion({
          // Enter runs what was typed; a completion is taken only after an arrow key has chosen it.
          selectOnOpen: false,
          icons: false,
          maxRenderedOptions: OFFERED,
          override: [options.complete],
        }),
        linter((checked) => options.check(checked), { delay: options.checkAfterMs }),
        keymap.of([
          { key: 'Enter', run, shift: run },
          { key: 'Mod-Enter', run },
          { key: 'Alt-Enter', run: insertNewline },
          {
            key: 'Escape',
            run: (editor) => {
              if (completionStatus(editor.state) !== null) return false;
              editor.contentDOM.blur();
              return true;
            },
          },
        ]),
        keymap.of([...historyKeymap, ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')]),
        Prec.low(words.of(worded(options.words))),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText: (text) => {
      const length = view.state.doc.length;
      if (view.state.doc.toString() === text) return;
      view.dispatch({
        changes: { from: 0, to: length, insert: text },
        // A text that came from elsewhere is no step to undo into.
        annotations: Transaction.addToHistory.of(false),
      });
      forceLinting(view);
    },
    setWords: (next) => {
      view.dispatch({ effects: words.reconfigure(worded(next)) });
      view.dispatch(setDiagnostics(view.state, []));
      forceLinting(view);
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

function worded(words: EditorWords) {
  return [
    placeholder(words.placeholder),
    EditorView.contentAttributes.of({ 'aria-label': words.label }),
    EditorState.phrases.of(words.phrases),
  ];
}
