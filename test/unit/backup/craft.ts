import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { preferredCodec } from '../../../main/engine/backup/codec.ts';
import { FrameTable } from '../../../main/engine/backup/frame-table.ts';
import {
  type EntryLine,
  type FrameLine,
  formatLine,
  type HeaderLine,
} from '../../../main/engine/backup/manifest.ts';
import { OutputFile } from '../../../main/engine/backup/output-file.ts';
import { Spool } from '../../../main/engine/backup/spool.ts';
import { writeTail } from '../../../main/engine/backup/tail-writer.ts';
import { TarPacker } from '../../../main/engine/backup/tar-packer.ts';

/** A header that a reader accepts, with members replaced. */
function craftedHeader(extra: object = {}): HeaderLine {
  return {
    k: 'header',
    format: 'hmtt-archive',
    version: 1,
    needs: [],
    id: randomUUID(),
    plan: 'crafted',
    type: 'full',
    parent: null,
    base: null,
    host: 'h',
    tool: 't',
    startedAt: 0,
    sources: ['/x'],
    exclude: [],
    compression: 'zstd',
    encryption: null,
    kept: [],
    notKept: [],
    ...extra,
  };
}

/** An entry with members replaced. */
export function craftedEntry(path: string, extra: Partial<EntryLine> = {}): EntryLine {
  return {
    k: 'entry',
    type: 'file',
    path,
    size: 0,
    mode: 0o644,
    uid: 0,
    gid: 0,
    user: null,
    group: null,
    mtime: '0.000000000',
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ...extra,
  };
}

/** What a crafted archive says instead of the truth. */
export type Lies = {
  readonly header?: object;
  readonly entries?: readonly EntryLine[];
  /** Lines put between the entries and the frames, as they are. */
  readonly rawLines?: readonly string[];
  readonly end?: object;
  /** Changes the frame lines. */
  readonly frames?: (lines: readonly FrameLine[]) => readonly FrameLine[];
  readonly withoutEnd?: boolean;
};

/** Writes an archive (without a manifest file beside it) whose one data frame is `content` and whose manifest says anything. */
export async function craftArchive(path: string, content: Buffer, lies: Lies = {}): Promise<void> {
  const codec = preferredCodec();
  const header = craftedHeader(lies.header);
  const archive = new OutputFile(path);
  const table = new FrameTable();
  const packer = new TarPacker(codec, archive, table);
  await packer.append(content);
  await packer.drain();
  const manifest = new Spool(new OutputFile(`${path}.spool`), codec, 'lines');
  const add = (line: string): void => manifest.add(Buffer.from(line));
  add(formatLine(header));
  const entries = lies.entries ?? [];
  for (const entry of entries) {
    add(formatLine(entry));
    if (manifest.isDue) await manifest.flush();
  }
  for (const line of lies.rawLines ?? []) add(`${line}\n`);
  const lines = Array.from({ length: table.count }, (_, n) => table.line(n));
  for (const line of lies.frames?.(lines) ?? lines) add(formatLine(line));
  const end = {
    k: 'end' as const,
    entries: entries.length,
    gone: 0,
    skips: 0,
    skipsTotal: 0,
    frames: table.count,
    files: 0,
    directories: 0,
    symlinks: 0,
    hardLinks: 0,
    special: 0,
    bytes: 0,
    excluded: 0,
    finishedAt: 0,
  };
  if (lies.withoutEnd !== true) add(formatLine({ ...end, ...lies.end }));
  const spooled = await manifest.end();
  await writeTail(archive, {
    codec,
    id: header.id,
    manifest: manifest.file,
    spooled,
    headers: Buffer.alloc(512),
  });
  await manifest.file.finish();
  await archive.finish();
  rmSync(`${path}.spool`);
}
