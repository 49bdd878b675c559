import type { Diagnostic } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import type { AppError } from '#shared/errors/index.ts';
import {
  type CodeEditor,
  createCodeEditor,
  type EditorWords,
} from '../../../components/code-editor/create-editor.ts';
import type { Ask } from '../../../components/use-request.ts';
import { completeQuery, type QueryTexts } from './completion.ts';
import { queryLanguage } from './highlight.ts';
import { holdsRegex, queryProblem, spanOfColumn } from './problem.ts';

export type QueryEditorOptions = {
  readonly root: ShadowRoot;
  readonly text: string;
  readonly words: EditorWords;
  readonly ask: Ask;
  readonly texts: QueryTexts;
  readonly problemText: (error: AppError) => string;
  readonly onChange: (text: string) => void;
  readonly onRun: (text: string) => void;
};

/** How long the typing must rest before a mistake is shown: a query that is half typed is not wrong. */
const CHECK_AFTER_MS = 500;

/** Makes an editor for one log query. */
export function createQueryEditor(options: QueryEditorOptions): CodeEditor {
  const { root, text, words, onChange, onRun } = options;
  return createCodeEditor({
    root,
    text,
    words,
    language: queryLanguage,
    complete: completeQuery(options.ask, options.texts),
    check: (checked) => check(checked, options),
    checkAfterMs: CHECK_AFTER_MS,
    onChange,
    onRun,
  });
}

/** What is wrong and where: by the shared parser, and by the engine where only it can say. */
async function check(view: EditorView, options: QueryEditorOptions): Promise<readonly Diagnostic[]> {
  const query = view.state.doc.toString();
  let problem = queryProblem(query);
  if (problem === null && holdsRegex(query)) {
    const answer = await options.ask('logs.count', { query, start: 0, end: 1 });
    problem = !answer.ok && answer.error.code.startsWith('LOG_QUERY') ? answer.error : null;
  }
  if (problem === null) return [];
  const span = spanOfColumn(query, problem.column ?? 1);
  return [{ ...span, severity: 'error', message: options.problemText(problem) }];
}
