import { height, settle } from '#shared/domain/dashboard/layout.ts';
import type { DashboardInput } from '#shared/domain/dashboard/model.ts';
import type { Place } from '#shared/domain/dashboard/panels.ts';
import type { Node } from './node.ts';
import type { PanelInput } from './options.ts';
import { type PanelContext, readPanel, readPlace } from './panels.ts';

type RowInput = NonNullable<DashboardInput['rows']>[number];

/** A row while its panels are gathered. */
type Gathering = { readonly head: Omit<RowInput, 'panels'>; readonly panels: PanelInput[]; bottom: number };

/** Panels count from their row's top, and none lies over another. */
function finished({ head, panels }: Gathering): RowInput {
  const top = panels.reduce((least, { place }) => Math.min(least, place.y), Number.MAX_SAFE_INTEGER);
  const lifted = panels.map((panel) => ({ ...panel, place: { ...panel.place, y: panel.place.y - top } }));
  // A file can name any place; nobody scrolls through a million empty lines.
  const close =
    height(lifted) > 5_000 ? lifted.map((panel) => ({ ...panel, place: { ...panel.place, y: 0 } })) : lifted;
  return { ...head, panels: [...settle(close as (PanelInput & { readonly place: Place })[])] };
}

/** The rows of a dashboard from its flat list of panels, in which a panel of the kind `row` begins a new one. */
export function readRows(nodes: readonly Node[], context: PanelContext): RowInput[] {
  const rows: Gathering[] = [];
  let open: Gathering = { head: {}, panels: [], bottom: 0 };
  const add = (node: Node): void => {
    // A copy that a repeated panel left in the file: the panel itself makes it again.
    if (node.has('repeatPanelId')) {
      node.findings.inPanel(null);
      node.findings.add('note', node.path, {
        zh: '重复面板的副本已略去',
        en: 'a copy of a repeated panel was left out',
      });
      return;
    }
    const panel = readPanel(node, context, open.bottom);
    open.panels.push(panel);
    open.bottom = Math.max(open.bottom, panel.place.y + panel.place.h);
  };
  for (const node of nodes) {
    if (node.raw('type') !== 'row') {
      add(node);
      continue;
    }
    rows.push(open);
    const repeat = node.text('repeat', 200);
    open = {
      head: {
        title: node.text('title', 300) || ' ',
        folded: node.flag('collapsed'),
        repeat: repeat === '' ? null : repeat,
      },
      panels: [],
      bottom: readPlace(node, open.bottom).y + 1,
    };
    for (const inner of node.children('panels', 1_000)) add(inner);
    node.findings.inPanel(null);
  }
  rows.push(open);
  return rows.filter((row, i) => i > 0 || row.panels.length > 0).map(finished);
}
