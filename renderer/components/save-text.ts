import { ok, type Result } from '#shared/errors/index.ts';
import { shell } from '../app/shell.ts';
import { useSite } from '../stores/site.ts';

/** A file name with the classification label of the site before its ending: `hosts-内部.csv`. */
export function labelledName(name: string, classification: string): string {
  // A label may hold what a file name must not.
  const label = [...classification.trim()]
    .map((letter) => (/[\p{L}\p{N}_-]/u.test(letter) ? letter : '_'))
    .join('');
  if (label === '') return name;
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name}-${label}` : `${name.slice(0, dot)}-${label}${name.slice(dot)}`;
}

/**
 * Asks where to save a text, or a picture in base64, and saves it there; in a plain browser it becomes a download.
 *
 * @returns where it was saved; null when the dialog was closed
 */
export async function saveText(
  name: string,
  text: string,
  encoding: 'utf8' | 'base64' = 'utf8',
): Promise<Result<string | null>> {
  const suggestedName = labelledName(name, useSite.getState().status?.classification ?? '');
  const desktop = shell();
  if (desktop) return desktop.saveFile({ suggestedName, text, encoding });
  const link = document.createElement('a');
  const bytes = Uint8Array.from(encoding === 'utf8' ? [] : atob(text), (letter) => letter.charCodeAt(0));
  link.href = URL.createObjectURL(new Blob([encoding === 'utf8' ? text : bytes]));
  link.download = suggestedName;
  link.click();
  URL.revokeObjectURL(link.href);
  return ok(suggestedName);
}

/** Puts a text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  const desktop = shell();
  if (desktop) await desktop.copyText(text);
  else await navigator.clipboard.writeText(text);
}
