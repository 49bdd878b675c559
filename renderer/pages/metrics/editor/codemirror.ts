import { autocompletion, closeBrackets, closeCompletion, completionStatus } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewline } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { forceLinting, linter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec, Transaction } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { LanguageType, promQLLanguage } from '@prometheus-io/codemirror-promql';
import type { AppError } from '#shared/errors/index.ts';
import { type CompletionTexts, completeFromEngine } from './completion.ts';
import type { Ask } from './engine-client.ts';
import { problemSpan } from './problem-span.ts';

/** An editor for one expression. */
export type ExpressionEditor = {
  /** Puts another text in, when it is another one. */
  readonly setText: (text: string) => void;
  readonly text: () => string;
  /** Renews what stands in the language of the window. */
  readonly setWords: (words: EditorWords) => void;
  /** Marks what the engine refused when the expression was run; null takes the mark away. */
  readonly focus: () => void;
  readonly destroy: () => void;
};

/** Texts of the editor itself, in the present language. */
export type EditorWords = {
  readonly label: string;
  readonly placeholder: string;
  /** CodeMirror's own words, for screen readers. */
  readonly phrases: Readonly<Record<string, string>>;
};

export type ExpressionEditorOptions = {
  /** The editor's own root: its style sheets hang there and nowhere else. */
  readonly root: ShadowRoot;
  readonly text: string;
  readonly words: EditorWords;
  readonly ask: Ask;
  readonly texts: CompletionTexts;
  /** The text of a problem as the editor shows it at its place. */
  readonly problemText: (error: AppError) => string;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
  /** What the engine's own parser says about the text; null when nothing is wrong. */
  readonly onProblem: (problem: AppError | null) => void;
};

/** How long the typing must rest before the engine is asked whether it is right, milliseconds. */
const CHECK_AFTER_MS = 300;

/** Completions that are shown around the chosen one. */
const OFFERED = 12;

const look = EditorView.theme({
  '&': {
    border: '1px solid var(--line-strong)',
    borderRadius: '3px',
    background: 'var(--surface)',
    color: 'var(--text)',
    fontSize: '12px',
  },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '1px' },
  '.cm-scroller': {
    fontFamily: '"Noto Sans Mono", "Noto Sans Mono CJK SC", "DejaVu Sans Mono", Consolas, monospace',
    lineHeight: '1.5',
    maxHeight: '120px',
  },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--text)', minHeight: '26px' },
  '.cm-line': { padding: '0 8px' },
  '.cm-placeholder': { color: 'var(--text-soft)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-matchingBracket': { background: 'var(--accent-soft)', outline: '1px solid var(--accent)' },
  '.cm-nonmatchingBracket': { color: 'var(--critical)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--critical)',
    textDecorationSkipInk: 'none',
  },
  '.cm-lintPoint::after': { borderBottomColor: 'var(--critical)' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    background: 'var(--surface)',
    color: 'var(--text)',
    boxShadow: '0 4px 16px rgb(0 0 0 / 25%)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: '"Noto Sans Mono", "Noto Sans Mono CJK SC", "DejaVu Sans Mono", Consolas, monospace',
    fontSize: '12px',
    maxHeight: 'none',
    overflow: 'hidden',
    minWidth: '260px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px', lineHeight: '1.5' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--accent-soft)',
    color: 'var(--text)',
    outline: '1px solid var(--accent)',
    outlineOffset: '-1px',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700', color: 'var(--accent)' },
  '.cm-completionDetail': { marginLeft: '12px', fontStyle: 'normal', color: 'var(--text-soft)' },
  '.cm-tooltip.cm-completionInfo': { padding: '6px 10px', maxWidth: '320px', fontSize: '12px' },
  '.cm-diagnostic': { padding: '4px 10px', borderLeft: '4px solid var(--critical)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--accent)', fontWeight: '600' },
  { tag: tags.function(tags.variableName), color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--ok)' },
  { tag: [tags.number, tags.unit], color: 'var(--warning)' },
  { tag: [tags.labelName, tags.propertyName], color: 'var(--unwatched)' },
  { tag: tags.comment, color: 'var(--text-soft)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--critical)' },
]);

/** Makes an editor. Enter, Ctrl Enter and Shift Enter run; Alt Enter breaks the line; Tab goes on, Esc leaves. */
export function createExpressionEditor(options: ExpressionEditorOptions): ExpressionEditor {
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
        look,
        syntaxHighlighting(colours),
        history(),
        bracketMatching(),
        closeBrackets(),
        EditorView.lineWrapping,
        promQLLanguage(LanguageType.PromQL),
        autocompletion({
          // Enter runs what was typed; a completion is taken only after an arrow key has chosen it.
          selectOnOpen: false,
          icons: false,
          // As many as fit without scrolling: a list that scrolls would have to take the focus.
          maxRenderedOptions: OFFERED,
          override: [completeFromEngine(options.ask, options.texts)],
        }),
        linter((checked) => checkNow(checked, options), { delay: CHECK_AFTER_MS }),
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

/** Asks the engine's parser, whose word counts: the editor's grammar is tolerant. */
async function checkNow(view: EditorView, options: ExpressionEditorOptions) {
  const text = view.state.doc.toString();
  if (text.trim() === '') {
    options.onProblem(null);
    return [];
  }
  const answer = await options.ask('metrics.check', { expr: text });
  // Anything but a refusal, such as an engine that is away, says nothing about the expression.
  const problem = !answer.ok && answer.error.code === 'PROMQL_INVALID' ? answer.error : null;
  if (view.state.doc.toString() === text) options.onProblem(problem);
  if (problem === null) return [];
  const span = problemSpan(text, problem.column ?? 1);
  return [{ ...span, severity: 'error' as const, message: options.problemText(problem) }];
}
