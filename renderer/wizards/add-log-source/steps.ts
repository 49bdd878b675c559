import type { RequestOutput } from '#shared/contract/index.ts';
import type { LogSourceInput } from '#shared/contract/logs.ts';
import type { LogEncoding, LogMultiline } from '#shared/contract/logs-reading.ts';
import { isAbsolutePath, lastName } from '../paths.ts';

/** The steps in their order. Nothing is read into the store before `confirm` is left. */
export const addLogSourceSteps = ['path', 'preview', 'details', 'confirm', 'done'] as const;
export type AddLogSourceStep = (typeof addLogSourceSteps)[number];

/** How lines of a file become events: what the form of a source and the test on a sample share. */
export type ReadingDraft = {
  /** A name of `logs.formats`, `grok:` and a pattern, or a regular expression with named groups. */
  readonly format: string;
  readonly encoding: LogEncoding;
  readonly multiline: LogMultiline;
  /** IANA zone of time stamps that carry none; empty means the workstation's. */
  readonly zone: string;
};

/** What was chosen so far. */
export type LogSourceDraft = ReadingDraft & {
  readonly path: string;
  /** Further paths of the same source. */
  readonly more: readonly string[];
  readonly exclude: readonly string[];
  /** The login by which the host is reached whose files these are; null: files of this workstation. */
  readonly login: string | null;
  readonly name: string;
  readonly host: string;
  readonly from: 'beginning' | 'end';
};

/** Reads as most files are. */
export const usualReading: ReadingDraft = {
  format: 'auto',
  encoding: 'auto',
  multiline: { kind: 'none' },
  zone: '',
};

/** An empty draft. */
export const emptyLogSource: LogSourceDraft = {
  ...usualReading,
  path: '',
  more: [],
  exclude: [],
  login: null,
  name: '',
  host: 'localhost',
  from: 'beginning',
};

/** The engine's answer to `logs.sources.test`. */
export type LogPreview = RequestOutput<'logs.sources.test'>;

/** What stands in the way of going on; a key of the texts. */
export type LogSourceIssue =
  | 'pathMissing'
  | 'pathRelative'
  | 'previewMissing'
  | 'nameMissing'
  | 'nameTaken'
  | 'hostMissing'
  | 'zoneUnknown';

/** Whether the runtime knows an IANA zone; empty is the workstation's own. */
export function isKnownZone(zone: string): boolean {
  if (zone === '') return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    // A RangeError is how Intl says that it does not know the zone.
    return false;
  }
}

/**
 * Says what stands in the way of leaving a step.
 *
 * @param preview the preview of this very path and format; null while there is none
 * @param taken names of the sources that exist
 */
export function issuesOf(
  step: AddLogSourceStep,
  draft: LogSourceDraft,
  preview: LogPreview | null,
  taken: readonly string[],
): readonly LogSourceIssue[] {
  switch (step) {
    case 'path':
      if (draft.path.trim() === '') return ['pathMissing'];
      return [draft.path.trim(), ...draft.more].every(isAbsolutePath) ? [] : ['pathRelative'];
    case 'preview':
      // Files of another host are not looked at before there is a source: nothing is fetched from there unasked.
      return preview === null && draft.login === null ? ['previewMissing'] : [];
    case 'details': {
      const issues: LogSourceIssue[] = [];
      if (draft.name.trim() === '') issues.push('nameMissing');
      else if (taken.includes(draft.name.trim())) issues.push('nameTaken');
      if (draft.host.trim() === '') issues.push('hostMissing');
      if (!isKnownZone(draft.zone)) issues.push('zoneUnknown');
      return issues;
    }
    case 'confirm':
      return addLogSourceSteps.slice(0, 3).flatMap((earlier) => issuesOf(earlier, draft, preview, taken));
    case 'done':
      return [];
  }
}

/** The step after this one, or itself when something stands in the way or it is the last. */
export function nextStep(
  step: AddLogSourceStep,
  draft: LogSourceDraft,
  preview: LogPreview | null,
  taken: readonly string[],
): AddLogSourceStep {
  if (issuesOf(step, draft, preview, taken).length > 0) return step;
  return addLogSourceSteps[addLogSourceSteps.indexOf(step) + 1] ?? step;
}

/** The step before this one; a source that was added cannot be walked back. */
export function previousStep(step: AddLogSourceStep): AddLogSourceStep {
  if (step === 'done') return step;
  return addLogSourceSteps[addLogSourceSteps.indexOf(step) - 1] ?? step;
}

/** A name that fits the path: `/var/log/hmtt/hmtt.log` → `hmtt`, `/var/log/nginx/*.log` → `nginx`. */
export function suggestedName(path: string): string {
  const last = lastName(path.trim());
  const base = /[*?[{]/.test(last) ? lastName(path.trim().replace(/[^\\/]*$/, '')) : last;
  return base.replace(/\.(log|txt|json|ndjson|out)$/i, '').slice(0, 100);
}

/** What the engine is asked to preview and to add. */
export function toSourceInput(draft: LogSourceDraft): LogSourceInput {
  const name = draft.name.trim();
  return {
    ...(name === '' ? {} : { name }),
    path: draft.path.trim(),
    format: draft.format.trim() === '' ? 'auto' : draft.format.trim(),
    host: draft.host.trim() === '' ? 'localhost' : draft.host.trim(),
    zone: draft.zone.trim(),
    from: draft.from,
    more: [...draft.more],
    exclude: [...draft.exclude],
    encoding: draft.encoding,
    multiline: draft.multiline,
    remote: draft.login === null ? null : { login: draft.login },
  };
}
