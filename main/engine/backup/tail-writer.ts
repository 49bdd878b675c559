import type { Codec } from './codec.ts';
import { FrameTable } from './frame-table.ts';
import type { OutputFile } from './output-file.ts';
import type { Spooled } from './spool.ts';
import { BLOCK, padding } from './tar-header.ts';
import { TarPacker } from './tar-packer.ts';
import { formatTrailer, type TailFrame } from './trailer.ts';

/** Copies the frames of a spool's file into an archive as they are, one at a time in memory. */
export async function copyFrames(
  from: OutputFile,
  spooled: Spooled,
  to: OutputFile,
  copied: (frame: TailFrame) => void = () => undefined,
): Promise<void> {
  let at = 0;
  for (const frame of spooled.frames) {
    await to.write(await from.read(at, frame.size));
    copied(frame);
    at += frame.size;
  }
}

async function oneFrame(codec: Codec, archive: OutputFile, content: Buffer): Promise<TailFrame> {
  const table = new FrameTable();
  const packer = new TarPacker(codec, archive, table);
  await packer.append(content);
  await packer.drain();
  const { size, length, sha256 } = table.at(0);
  return { size, length, sha256 };
}

/** What the end of an archive is made of. */
export type Tail = {
  readonly codec: Codec;
  readonly id: string;
  /** The manifest file, complete but for its trailer, and what it holds. */
  readonly manifest: OutputFile;
  readonly spooled: Spooled;
  /** Tar headers of the manifest as a member. */
  readonly headers: Buffer;
};

/** Writes the tail and the trailer of an archive, and the trailer of the manifest file beside it. */
export async function writeTail(archive: OutputFile, tail: Tail): Promise<void> {
  const { codec, id, manifest, spooled } = tail;
  const about = { id, manifestSha256: spooled.sha256, manifestLength: spooled.length };
  const offset = archive.length;
  const before = await oneFrame(codec, archive, tail.headers);
  await copyFrames(manifest, spooled, archive);
  const after = await oneFrame(codec, archive, Buffer.alloc(padding(spooled.length) + 2 * BLOCK));
  const frames = [before, ...spooled.frames, after];
  await archive.write(formatTrailer({ kind: 'archive', ...about, offset, tail: frames }, codec.name));
  await manifest.write(
    formatTrailer({ kind: 'manifest', ...about, offset: 0, tail: spooled.frames }, codec.name),
  );
}
