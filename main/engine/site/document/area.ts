import type { AreaHandlers } from '#shared/contract/index.ts';
import { exportDocument } from './export.ts';
import { type ImportDeps, importDocument } from './import.ts';

/** The whole configuration as one document (docs/site-document.md). */
export function siteDocumentHandlers(deps: ImportDeps): AreaHandlers<'configuration'> {
  /** One at a time: each compares with what is there, and writes at its end. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };
  return {
    'configuration.export': (params) => inTurn(() => exportDocument(deps, params)),
    'configuration.import': (params) => inTurn(() => importDocument(deps, params)),
  };
}
