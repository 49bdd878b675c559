import type { EditorView } from '@codemirror/view';
import { LanguageType, promQLLanguage } from '@prometheus-io/codemirror-promql';
import type { AppError } from '#shared/errors/index.ts';
import {
  type CodeEditor,
  createCodeEditor,
  type EditorWords,
} from '../../../components/code-editor/create-editor.ts';
import { type CompletionTexts, completeFromEngine } from './completion.ts';
import type { Ask } from './engine-client.ts';
import { problemSpan } from './problem-span.ts';

export type ExpressionEditorOptions = {
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

/** Makes an editor for one expression. */
export function createExpressionEditor(options: ExpressionEditorOptions): CodeEditor {
  const { root, text, words, onChange, onRun } = options;
  return createCodeEditor({
    root,
    text,
    words,
    language: promQLLanguage(LanguageType.PromQL),
    complete: completeFromEngine(options.ask, options.texts),
    check: (checked) => checkNow(checked, options),
    checkAfterMs: CHECK_AFTER_MS,
    onChange,
    onRun,
  });
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
