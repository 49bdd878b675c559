import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { Icon } from '../../../components/icon.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type NameLine, type NameNode, openLines } from './name-tree.ts';

export type NameListProps = {
  readonly tree: readonly NameNode[];
  /** Opens every group, for the result of a search. */
  readonly allOpen: boolean;
  readonly chosen: string | null;
  readonly onChoose: (metric: string) => void;
};

const LINE_HEIGHT = 26;

/** The tree of names as a list that scrolls smoothly; arrows move, right and left open and close a group. */
export function NameList({ tree, allOpen, chosen, onChoose }: NameListProps) {
  const scroller = useRef<HTMLUListElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set());
  const lines = useMemo(
    () => openLines(tree, (prefix) => allOpen || open.has(prefix)),
    [tree, allOpen, open],
  );
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 8,
    initialRect: { width: 240, height: 400 },
  });
  const items = virtualizer.getVirtualItems();
  const setGroup = (prefix: string, wanted: boolean): void =>
    setOpen((old) => {
      const next = new Set(old);
      if (wanted) next.add(prefix);
      else next.delete(prefix);
      return next;
    });
  const onKey = (event: KeyboardEvent<HTMLUListElement>): void => {
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const line = lines.find((_, index) => index === Number(buttons[at]?.dataset.index));
    if (event.key === 'ArrowDown') buttons[at + 1]?.focus();
    else if (event.key === 'ArrowUp') buttons[at - 1]?.focus();
    else if (event.key === 'ArrowRight' && line?.node.kind === 'group') setGroup(line.node.prefix, true);
    else if (event.key === 'ArrowLeft' && line?.node.kind === 'group') setGroup(line.node.prefix, false);
    else return;
    event.preventDefault();
  };
  return (
    <ul
      className="name-list"
      ref={scroller}
      onKeyDown={onKey}
      // What is above and below the screen is space, not list entries that say nothing.
      style={{
        paddingTop: items[0]?.start ?? 0,
        paddingBottom: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0),
      }}
    >
      {items.map((item) => {
        const line = lines[item.index];
        if (!line) return null;
        const { node } = line;
        return (
          <li key={node.kind === 'group' ? node.prefix : node.metric.name}>
            <NameEntry
              line={line}
              index={item.index}
              isOpen={node.kind === 'group' && (allOpen || open.has(node.prefix))}
              isChosen={node.kind === 'metric' && node.metric.name === chosen}
              onPress={() =>
                node.kind === 'metric'
                  ? onChoose(node.metric.name)
                  : setGroup(node.prefix, !open.has(node.prefix))
              }
            />
          </li>
        );
      })}
    </ul>
  );
}

type NameEntryProps = {
  readonly line: NameLine;
  readonly index: number;
  readonly isOpen: boolean;
  readonly isChosen: boolean;
  readonly onPress: () => void;
};

function NameEntry({ line, index, isOpen, isChosen, onPress }: NameEntryProps) {
  const { t } = useTranslation();
  const { node, depth } = line;
  const style = { paddingLeft: 4 + depth * 12 };
  if (node.kind === 'group') {
    return (
      <button
        type="button"
        className="name-entry name-group"
        data-index={index}
        aria-expanded={isOpen}
        style={style}
        onClick={onPress}
      >
        <span className={isOpen ? 'turned' : ''}>
          <Icon name="arrow" size={10} />
        </span>
        <NamePart name={node.prefix} under={line.under} more />
        <span className="soft small figure">{t('metrics:metricCount', { count: node.count })}</span>
      </button>
    );
  }
  const { metric } = node;
  return (
    <button
      type="button"
      className="name-entry"
      data-index={index}
      aria-pressed={isChosen}
      style={style}
      title={`${metric.name}\n${t(`metrics:type.${metric.type}`)}\n${metric.help}`}
      onClick={onPress}
    >
      <NamePart name={metric.name} under={line.under} />
      {metric.type !== 'unknown' && metric.type !== 'untyped' && (
        <span className="type-badge">{t(`metrics:typeShort.${metric.type}`)}</span>
      )}
      <span className="soft small figure">{metric.series.toLocaleString('en-US')}</span>
    </button>
  );
}

type NamePartProps = { readonly name: string; readonly under: string; readonly more?: boolean };

/** What a name adds to the prefix above it; a screen reader hears the whole name. */
function NamePart({ name, under, more = false }: NamePartProps) {
  const rest = name.slice(under.length);
  return (
    <span className="mono ellipsis">
      <span className="visually-hidden">{name}</span>
      <span aria-hidden="true">
        {under !== '' && rest !== '' ? `…${rest}` : name}
        {more && '…'}
      </span>
    </span>
  );
}
