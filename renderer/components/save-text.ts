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

/** Asks where to save a text and saves it there; in a plain browser it becomes a download. */
export async function saveText(name: string, text: string): Promise<void> {
  const suggestedName = labelledName(name, useSite.getState().status?.classification ?? '');
  const desktop = shell();
  if (desktop) {
    await desktop.saveFile({ suggestedName, text });
    return;
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text]));
  link.download = suggestedName;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Puts a text on the clipboard. */
export async function copyText(text: string): Promise<void> {
  const desktop = shell();
  if (desktop) await desktop.copyText(text);
  else await navigator.clipboard.writeText(text);
}
