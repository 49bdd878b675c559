import { createReadStream } from 'node:fs';
import { link } from 'node:fs/promises';
import { appError } from '#shared/errors/index.ts';
import { fsPath, showPath } from '../platform/raw-path.ts';
import { copyAttributes } from './copy-attributes.ts';
import type { PointReader } from './types.ts';

/** Reads the safety copies of a restore, in place of an archive. A missing one is a failure of its file alone. */
export function undoReader(): PointReader {
  return {
    sources: [],
    entries: async function* () {
      // An undo's plan names all that it needs.
    },
    readFile: async function* (entry) {
      if (entry.kept === undefined) throw carrying(entry.path, '–');
      try {
        yield* createReadStream(entry.kept.file, { highWaterMark: 256 * 1024 });
      } catch (thrown) {
        if ((thrown as { readonly code?: unknown }).code === 'ENOENT')
          throw carrying(entry.path, entry.kept.file);
        throw thrown;
      }
    },
    placeItself: async (entry, name) => {
      if (entry.kept?.how !== 'link') return false;
      try {
        await link(entry.kept.file, fsPath(name));
        return true;
      } catch (thrown) {
        const code = String((thrown as { readonly code?: unknown }).code);
        if (code === 'ENOENT') throw carrying(entry.path, entry.kept.file);
        if (code === 'EXDEV' || code === 'EPERM' || code === 'EMLINK') return false;
        throw thrown;
      }
    },
    finishFile: async (entry, name) => {
      if (entry.kept !== undefined) await copyAttributes(entry.kept.file, name);
    },
    close: async () => undefined,
  };
}

function carrying(path: string, file: string): Error {
  return Object.assign(new Error('the safety copy is missing'), {
    error: appError('RESTORE_SAFETY_DAMAGED', { path: showPath(path), file }),
  });
}
