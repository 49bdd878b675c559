import { METRIC_NAME } from '#shared/domain/labels.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { chooseParser } from './choose.ts';
import { ENTRY, lineOf } from './types.ts';

/** What an exposition holds: how many samples, and the first metric names. */
export type ExpositionContent = { readonly samples: number; readonly names: readonly string[] };

const NAMES_SHOWN = 50;

/** Reads an exposition without storing anything; refused where a scrape would be refused, with the same line. */
export function inspectExposition(body: Uint8Array, contentType: string | null): Result<ExpositionContent> {
  const parser = chooseParser(body, contentType);
  const names = new Set<string>();
  let samples = 0;
  const refuse = () => {
    const line = lineOf(body, parser.pos);
    return err(appError('EXPOSITION_INVALID', { line, why: parser.error }, { line }));
  };
  for (;;) {
    const entry = parser.next();
    if (entry === ENTRY.error) return refuse();
    if (entry === ENTRY.end) return ok({ samples, names: [...names] });
    if (entry !== ENTRY.series) continue;
    samples += 1;
    const pairs = parser.pairs();
    if (pairs === null) return refuse();
    const name = pairs.find(([label]) => label === METRIC_NAME)?.[1];
    if (name !== undefined && names.size < NAMES_SHOWN) names.add(name);
  }
}
