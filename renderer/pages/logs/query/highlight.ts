import { type Extension, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { type QueryTokenKind, queryTokens } from '#shared/domain/log-query/tokens.ts';

const classes: Readonly<Record<QueryTokenKind, string | null>> = {
  open: null,
  close: null,
  and: 'log-keyword',
  or: 'log-keyword',
  not: 'log-keyword',
  word: null,
  phrase: 'log-phrase',
  regex: 'log-regex',
  field: 'log-field',
};

const look = EditorView.theme({
  '.log-keyword': { color: 'var(--accent)', fontWeight: '600' },
  '.log-phrase': { color: 'var(--ok)' },
  '.log-regex': { color: 'var(--warning)' },
  '.log-field': { color: 'var(--unwatched)', fontWeight: '600' },
});

function marks(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const token of queryTokens(view.state.doc.toString())) {
    const name = classes[token.kind];
    if (name !== null) builder.add(token.from, token.to, Decoration.mark({ class: name }));
  }
  return builder.finish();
}

const coloured = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = marks(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged) this.decorations = marks(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Colours a log query by the very pieces that the engine's parser reads. */
export const queryLanguage: Extension = [look, coloured];
