import { shell } from '../app/shell.ts';

/** Asks where to save a text and saves it there; in a plain browser it becomes a download. */
export async function saveText(suggestedName: string, text: string): Promise<void> {
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
