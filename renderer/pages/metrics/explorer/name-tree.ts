import type { RequestOutput } from '#shared/contract/index.ts';

export type MetricName = RequestOutput<'metrics.names'>['names'][number];

/** A metric, or a prefix that several metrics share. */
export type NameNode =
  | { readonly kind: 'metric'; readonly metric: MetricName }
  | {
      readonly kind: 'group';
      /** What all names of the group begin with, ending in `_` or `:`. */
      readonly prefix: string;
      readonly count: number;
      readonly children: readonly NameNode[];
    };

/** A line of the list: a node and how deep it stands. */
export type NameLine = {
  readonly node: NameNode;
  readonly depth: number;
  /** The prefix of the group above, which need not be read again. */
  readonly under: string;
};

/** A group of fewer names than these only adds a click. */
const LEAST = 3;

/** Names in order, grouped by the words that they begin with; words end at `_` and `:`. */
export function nameTree(names: readonly MetricName[], prefix = ''): readonly NameNode[] {
  const groups = new Map<string, MetricName[]>();
  for (const metric of names) {
    const key = nextWord(metric.name, prefix);
    const group = groups.get(key);
    if (group) group.push(metric);
    else groups.set(key, [metric]);
  }
  return [...groups].flatMap(([key, members]): readonly NameNode[] => {
    if (members.length < LEAST || key === prefix) {
      return members.map((metric): NameNode => ({ kind: 'metric', metric }));
    }
    const shared = commonPrefix(members, key);
    return [{ kind: 'group', prefix: shared, count: members.length, children: nameTree(members, shared) }];
  });
}

/** The prefix and one more word of a name, or the whole name where there is no further word. */
function nextWord(name: string, prefix: string): string {
  for (let at = prefix.length; at < name.length; at += 1) {
    if ((name[at] === '_' || name[at] === ':') && at > prefix.length) return name.slice(0, at + 1);
  }
  return name;
}

/** As many whole words as all names begin with, so that no group holds nothing but one group. */
function commonPrefix(members: readonly MetricName[], start: string): string {
  let shared = start;
  for (;;) {
    const next = nextWord(members[0]?.name ?? '', shared);
    if (next === shared || !/[_:]$/.test(next)) return shared;
    if (!members.every(({ name }) => name.startsWith(next))) return shared;
    shared = next;
  }
}

/** Metrics in whose name or help every word stands. */
export function matchingNames(names: readonly MetricName[], text: string): readonly MetricName[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return names;
  return names.filter(({ name, help }) => {
    const hay = `${name}\n${help}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** The lines of a tree of which some groups are open. */
export function openLines(
  nodes: readonly NameNode[],
  isOpen: (prefix: string) => boolean,
  depth = 0,
  under = '',
): readonly NameLine[] {
  return nodes.flatMap((node): readonly NameLine[] => {
    const line = { node, depth, under };
    if (node.kind === 'metric' || !isOpen(node.prefix)) return [line];
    return [line, ...openLines(node.children, isOpen, depth + 1, node.prefix)];
  });
}
