import type { RawPath } from '../../platform/raw-path.ts';
import { type ArchiveBuilder, buildArchive, type PartPaths, type Written } from '../archive-builder.ts';
import type { WriteDeps } from '../archive-writer.ts';
import type { Baseline } from '../baseline.ts';
import type { ChainEntry, ChainReader } from '../chain-reader.ts';
import { BlockPrints, EXTENTS_FROM } from '../extents/block-prints.ts';
import { type EntryLine, FORMAT_VERSION, type HeaderLine, mtimeNs } from '../manifest.ts';
import { padding, type TarMember, tarHeaders } from '../tar-header.ts';
import { type Place, SMALL_FILE_BYTES } from '../tar-packer.ts';

/** What a full is made of. */
export type SyntheticSpec = {
  readonly header: Pick<
    HeaderLine,
    'id' | 'plan' | 'tool' | 'startedAt' | 'encryption' | 'reasons' | 'synthesized'
  >;
  readonly chain: ChainReader;
  /** The state at the end of the chain: what this machine's file system said of each entry. */
  readonly state: Baseline;
  readonly parts: PartPaths;
  readonly recipients: readonly string[];
  /** Key of the fingerprints of large files' blocks. */
  readonly printKey: Buffer;
};

const FLAG: Readonly<Record<Exclude<EntryLine['type'], 'socket' | 'device'>, TarMember['type']>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  directory: '5',
  fifo: '6',
};

function flagOf({ type, device }: EntryLine): TarMember['type'] | null {
  if (type === 'socket') return null;
  if (type === 'device') return device?.kind === 'block' ? '4' : '3';
  return FLAG[type];
}

function memberOf(entry: EntryLine, type: TarMember['type'], size: number): TarMember {
  const { path, mode, uid, gid, user, group, link, device, xattrs } = entry;
  return {
    path,
    type,
    size,
    mode,
    uid,
    gid,
    user,
    group,
    mtimeNs: mtimeNs(entry),
    ...(link === undefined ? {} : { link }),
    ...(device === undefined ? {} : { device }),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

/**
 * Writes a full that holds what stood at the end of a chain, from the chain's archives alone: under `.part` names, neither
 * verified nor published. Each frame's and each file's hash is compared while it is copied; damage throws ArchiveFault.
 */
export function writeSynthetic(spec: SyntheticSpec, deps: WriteDeps): Promise<Written> {
  const { headers } = spec.chain;
  const [last] = headers.slice(-1);
  if (last === undefined) throw new Error('a chain without archives');
  const isKept = (word: string): boolean => headers.every(({ kept }) => kept.includes(word));
  const header: HeaderLine = {
    k: 'header',
    format: 'hmtt-archive',
    version: FORMAT_VERSION,
    needs: [],
    ...spec.header,
    type: 'full',
    parent: null,
    base: null,
    host: last.host,
    sources: [...spec.chain.sources],
    exclude: last.exclude,
    compression: deps.codec.name,
    // An entry has what its own archive kept, so only what all of them kept is promised.
    kept: last.kept.filter(isKept),
    notKept: [...last.notKept, ...last.kept.filter((word) => !isKept(word))],
  };
  const { parts, recipients } = spec;
  return buildArchive({ parts, header, recipients, ...deps }, async (builder) => {
    const copier = new Copier(spec, deps, builder, await linkTargets(spec.chain));
    for await (const entry of spec.chain.entries()) await copier.copy(entry);
    for await (const { path, error } of spec.chain.skipped()) builder.recorder.skip(path, error);
    return {};
  });
}

/** First names of files of several names: where their content is must be known when the other names come. */
async function linkTargets(chain: ChainReader): Promise<ReadonlySet<RawPath>> {
  const targets = new Set<RawPath>();
  if (!chain.hasHardLinks) return targets;
  for await (const { type, link } of chain.entries())
    if (type === 'hardlink' && link !== undefined) targets.add(link);
  return targets;
}

class Copier {
  readonly #spec: SyntheticSpec;
  readonly #deps: WriteDeps;
  readonly #builder: ArchiveBuilder;
  readonly #linked: ReadonlySet<RawPath>;
  readonly #places = new Map<RawPath, Place | null>();

  constructor(spec: SyntheticSpec, deps: WriteDeps, builder: ArchiveBuilder, linked: ReadonlySet<RawPath>) {
    this.#spec = spec;
    this.#deps = deps;
    this.#builder = builder;
    this.#linked = linked;
  }

  async copy(entry: ChainEntry): Promise<void> {
    const { origin: _origin, frame: _frame, at: _at, extents: _extents, ...line } = entry;
    const facts = this.#spec.state.get(entry.path)?.facts ?? null;
    const flag = flagOf(entry);
    if (entry.type === 'file') await this.#file(entry, line, facts);
    else {
      if (flag !== null) {
        const headers = tarHeaders(memberOf(entry, flag, 0));
        await this.#builder.packer.reserve(headers.length);
        await this.#builder.packer.append(headers);
      }
      const place = entry.type === 'hardlink' ? this.#places.get(entry.link ?? '') : null;
      await this.#builder.recorder.entryLine({ ...line, ...(place ?? {}) }, facts);
    }
    await this.#deps.breath({ files: 1, bytes: 0, current: entry.path });
  }

  async #file(entry: ChainEntry, line: EntryLine, facts: string | null): Promise<void> {
    const { packer, recorder } = this.#builder;
    const { size, path } = entry;
    const headers = tarHeaders(memberOf(entry, '0', size));
    if (size > SMALL_FILE_BYTES) await packer.cut();
    else await packer.reserve(headers.length + size + padding(size));
    await packer.append(headers);
    const place = size === 0 ? null : packer.place;
    const isLinked = this.#linked.has(path);
    const { printKey, header } = this.#spec;
    const prints = size >= EXTENTS_FROM && !isLinked ? new BlockPrints(printKey) : null;
    if (size > 0)
      for await (const piece of this.#spec.chain.readFile(entry)) {
        prints?.update(piece);
        await packer.append(piece);
        await this.#deps.breath({ files: 0, bytes: piece.length, current: path });
      }
    await packer.zeros(padding(size));
    if (isLinked) this.#places.set(path, place);
    await recorder.entryLine({ ...line, ...(place ?? {}) }, facts);
    if (prints === null || place === null || entry.sha256 === undefined) return;
    recorder.facts.addContent({
      sha256: Buffer.from(entry.sha256, 'hex'),
      size,
      key: printKey,
      prints: prints.end(),
      layout: [{ archive: header.id, ...place, size }],
    });
  }
}
