import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** What a host answered, by section, each as its lines. */
export type Sections = ReadonlyMap<string, readonly string[]>;

/**
 * Cuts the answer of the script into its sections.
 *
 * PROC_ANSWER_CUT when the end is missing: a part of the figures would look like a host that has lost its disks.
 */
export function readSections(text: string): Result<Sections> {
  const sections = new Map<string, string[]>();
  let current: string[] | null = null;
  for (const line of text.split('\n')) {
    const name = /^== (\S+)$/.exec(line)?.[1];
    if (name !== undefined) {
      current = [];
      sections.set(name, current);
    } else if (line !== '') current?.push(line);
  }
  if (!sections.has('end') || (sections.get('stat')?.length ?? 0) === 0)
    return err(appError('PROC_ANSWER_CUT', { bytes: text.length }));
  return ok(sections);
}
