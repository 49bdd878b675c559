import { isAbsolute } from 'node:path';
import type { AreaHandlers, CallContext } from '#shared/contract/index.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { anchorText, hashOfLine } from '../../platform/hash-chain.ts';
import { inPortions } from '../../platform/portions.ts';
import { writeError } from '../../storage/io-error.ts';
import { readLines } from '../../storage/line-file.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { ChainLine } from './entry.ts';
import { AuditStore } from './store.ts';
import { type AuditTrail, createAuditTrail, type TrailDeps } from './trail.ts';

/** The trail and its requests. */
export type AuditArea = { readonly handlers: AreaHandlers<'audit'>; readonly trail: AuditTrail };

/** Makes the area; nothing is read before it is used. */
export function createAuditArea(deps: Omit<TrailDeps, 'store'> & { readonly db: WritableDb }): AuditArea {
  const { db, clock, checkpointFile } = deps;
  const store = new AuditStore(db);
  const trail = createAuditTrail({ ...deps, store });
  /** The last checkpoint, made when something is not signed yet. */
  const signed = (): Result<ChainLine> => {
    try {
      const last = trail.sign();
      return last === null ? err(appError('AUDIT_EMPTY')) : ok(last);
    } catch (thrown) {
      return err(writeError(checkpointFile, thrown));
    }
  };
  const anchor = ({ n, line }: ChainLine) => {
    const hash = hashOfLine(line);
    const text = anchorText('hmtt-audit-anchor', { n, hash, fingerprint: deps.signer().fingerprint });
    return { n, hash, text };
  };
  const telling =
    ({ emit }: CallContext, total: number) =>
    (done: number): void => {
      if (done % PROGRESS_EVERY === 0) emit('audit.progress', { done, total });
    };

  return {
    trail,
    handlers: {
      'audit.list': ({ limit, before, ...filter }) =>
        ok({
          records: [...store.list(filter, before, limit)],
          total: store.countOf(filter),
          ...store.known(),
        }),
      'audit.verify': async (params, call) => {
        // Loaded when it is asked for: most days nobody does.
        const { anchorOf, expectation, judgeLines } = await import('./verify.ts');
        const expected = anchorOf(params.anchor);
        if (!expected.ok) return expected;
        try {
          // Entries that are written meanwhile are verified the next time.
          const last = store.last();
          const judged = await inPortions(
            judgeLines(
              store.lines(last?.n ?? 0),
              expectation(deps.signer().fingerprint, readLines(checkpointFile) ?? [], expected.value, false),
              clock.monotonic,
              telling(call, store.count()),
            ),
            call.signal,
          );
          return judged === null ? err(appError('CANCELLED')) : ok(judged);
        } catch (thrown) {
          return err(writeError(db.name, thrown));
        }
      },
      'audit.anchor': () => {
        const last = signed();
        return last.ok ? ok(anchor(last.value)) : last;
      },
      'audit.export': async ({ file, overwrite }, call) => {
        // The folder is this machine's: a path of another one would lie wherever the engine was started.
        if (!isAbsolute(file))
          return err(
            appError(
              'BAD_INPUT',
              { method: 'audit export', field: 'file', why: 'not absolute' },
              { field: 'file' },
            ),
          );
        const last = signed();
        if (!last.ok) return last;
        const { writeExport } = await import('./export.ts');
        const lines = store.lines(last.value.n);
        const written = await writeExport(lines, file, overwrite, call.signal, telling(call, store.count()));
        return written.ok ? ok({ file, entries: written.value, anchor: anchor(last.value) }) : written;
      },
    },
  };
}

/** Entries between two words about how far it is. */
const PROGRESS_EVERY = 1_000;
