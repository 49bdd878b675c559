import { encodePath, type RawPath } from '../../platform/raw-path.ts';
import { RESERVED_NAME } from '../scan.ts';
import { BLOCK_BYTES } from './block-prints.ts';

/** A file that is rebuilt from what stood at its path before, and pieces. */
export type Rebuild = {
  /** Its metadata are those of the empty member `changed/NUMBER`, its pieces `changed/NUMBER.0`, `.1`, … */
  readonly number: number;
  readonly path: RawPath;
  readonly size: number;
  readonly mode: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Of each piece the block of {@link BLOCK_BYTES} where it begins. */
  readonly blocks: readonly number[];
};

/** Where the script is in the archive. */
export const REBUILD_SCRIPT = `${RESERVED_NAME}/rebuild.sh`;

const PROLOGUE = `#!/bin/sh
# 用本归档中的变化部分重建大文件。解包本归档之后，在解包目录中执行一次：
# Rebuilds large files from the pieces of this archive. Run it once after unpacking the archive, in the folder where it was unpacked:
#   sh ${REBUILD_SCRIPT}
set -eu
here=${RESERVED_NAME}/changed
failed=0

# begin NUMBER PATH: starts from what the earlier archives hold at the path
begin() {
  new=$here/$1 path=$2
  if [ ! -f "$new" ]; then
    printf '%s: 已重建 / rebuilt already\\n' "$path" >&2
    return 1
  fi
  touch -r "$new" "$here/time"
  touch -r "\${path%/*}" "$here/time-of-folder"
  chmod u+rw "$new"
  cat "$path" > "$new"
}

# piece NAME BLOCK: puts a piece in its place
piece() {
  dd if="$here/$1" of="$new" bs=${BLOCK_BYTES} seek="$2" conv=notrunc 2>> "$here/dd.log"
}

# end SIZE MODE SHA256: checks the file, and gives it its name
end() {
  dd if=/dev/null of="$new" bs=1 seek="$1" 2>> "$here/dd.log"
  if [ "$(sha256sum < "$new")" != "$3  -" ]; then
    printf '%s: 内容不符，保留原文件；之前的归档是否都已按顺序解包？ / the content is not right, the old file is kept; were all earlier archives unpacked, in order?\\n' "$path" >&2
    failed=1
    return
  fi
  chmod "$2" "$new"
  touch -r "$here/time" "$new"
  mv -f "$new" "$path"
  touch -r "$here/time-of-folder" "\${path%/*}"
  rm -f "$new".*
}

`;

const EPILOGUE = `rm -f "$here/time" "$here/time-of-folder" "$here/dd.log"
exit "$failed"
`;

/** A text that the shell takes as it is, byte for byte. */
function quoted(path: RawPath): Buffer {
  return encodePath(`'./${path.replaceAll("'", "'\\''")}'`);
}

/** The lines for one file. */
export function rebuildLines({ number, path, size, mode, sha256, blocks }: Rebuild): Buffer {
  const pieces = blocks.map((block, index) => `  piece ${number}.${index} ${block}\n`).join('');
  return Buffer.concat([
    Buffer.from(`if begin ${number} `),
    quoted(path),
    Buffer.from(`; then\n${pieces}  end ${size} ${mode.toString(8)} ${sha256}\nfi\n`),
  ]);
}

/**
 * The whole script: POSIX shell with `cat`, `dd`, `touch`, `chmod`, `mv`, `rm` and `sha256sum`. It works on a copy and takes the
 * old file's place only when the SHA-256 is right, so that another name of the old file keeps its content.
 */
export function rebuildScript(rebuilds: readonly Rebuild[]): Buffer {
  return Buffer.concat([Buffer.from(PROLOGUE), ...rebuilds.map(rebuildLines), Buffer.from(EPILOGUE)]);
}
