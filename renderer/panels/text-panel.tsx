import { localize } from '#shared/domain/dashboard/text.ts';
import { Markdown } from '../components/markdown.tsx';
import type { PanelViewProps } from './panel-types.ts';

/** What somebody wrote beside the figures. */
export function TextPanel({ panel, data }: PanelViewProps<'text'>) {
  const text = data.fill(localize(panel.content, data.look.language));
  return panel.format === 'markdown' ? <Markdown text={text} /> : <pre className="panel-plain">{text}</pre>;
}
