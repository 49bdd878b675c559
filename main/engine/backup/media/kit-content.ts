import { basename } from 'node:path';
import type { StoredPoint } from '../catalogue.ts';
import { knownChain } from '../chain.ts';
import { manifestNameOf, sumsNameOf } from '../names.ts';

/** A point with its archive on one target. */
export type KitPoint = {
  readonly id: string;
  readonly plan: string;
  readonly type: string;
  readonly startedAt: number;
  readonly parentId: string | null;
  /** File name of the archive. */
  readonly archive: string;
  readonly bytes: number;
  readonly manifestSha256: string;
  /** Whether the archive is here, and where it is otherwise. */
  readonly here: boolean;
  readonly elsewhere: readonly {
    readonly name: string;
    readonly location: string;
    readonly mediumId: string | null;
  }[];
  /** Null for an encrypted archive: its names stay inside. */
  readonly sources: readonly string[] | null;
};

/** A chain that can be unpacked from the target: the archives in order, the full first. */
export type KitChain = {
  readonly plan: string;
  readonly links: readonly KitPoint[];
};

/** What the texts and the catalogue copy of a target are made of. */
export type KitContent = {
  /** How people call the target, and the label of its medium. */
  readonly name: string;
  readonly label: string | null;
  readonly host: string;
  readonly tool: string;
  readonly writtenAt: number;
  /** Folder of the archives below the top; '' for the top. */
  readonly folder: string;
  readonly points: readonly KitPoint[];
  readonly chains: readonly KitChain[];
  readonly media: readonly {
    readonly id: string;
    readonly label: string;
    readonly pool: string;
    readonly location: string;
  }[];
};

/** Chains written out in the checklist; the catalogue copy lists all. */
const MOST_CHAINS = 40;

/**
 * Finds the chains that a checklist writes out: of each plan the newest one first. A chain whose every archive is part of a
 * longer one is left out: who stops earlier in the longer one has it.
 */
export function chainsOn(points: readonly StoredPoint[], kit: readonly KitPoint[]): readonly KitChain[] {
  const here = new Map(kit.filter((point) => point.here).map((point) => [point.id, point]));
  const newestFirst = points.filter(({ id }) => here.has(id)).sort((a, b) => b.seq - a.seq);
  const told = new Set<string>();
  const chains: KitChain[] = [];
  for (const point of newestFirst) {
    if (told.has(point.id) || chains.length >= MOST_CHAINS) continue;
    const chain = knownChain(point, points);
    if (!chain.ok) continue;
    const links = chain.value.map(({ id }) => here.get(id));
    if (links.some((link) => link === undefined)) continue;
    for (const { id } of chain.value) told.add(id);
    chains.push({ plan: point.plan, links: links.filter((link) => link !== undefined) });
  }
  return chains;
}

/** The copy of the catalogue as JSON: all points of all plans on the target, and where the others are. */
export function catalogueText(content: KitContent): string {
  const { host, tool, writtenAt, name, label, folder, points, media } = content;
  return `${JSON.stringify(
    {
      format: 'hmtt-catalogue',
      version: 1,
      writtenAt: new Date(writtenAt).toISOString(),
      host,
      tool,
      target: { name, label, folder: folder === '' ? '.' : folder },
      media,
      points: points.map(({ id, plan, type, startedAt, parentId, archive, bytes, here, ...point }) => ({
        id,
        plan,
        type,
        startedAt: new Date(startedAt).toISOString(),
        parent: parentId,
        archive,
        manifest: basename(manifestNameOf(archive)),
        sums: basename(sumsNameOf(archive)),
        bytes,
        here,
        manifestSha256: point.manifestSha256,
        elsewhere: point.elsewhere,
        ...(point.sources === null ? {} : { sources: point.sources }),
      })),
    },
    null,
    1,
  )}\n`;
}
