import { ok, type Result } from '#shared/errors/index.ts';
import { shell } from '../app/shell.ts';
import { saveText } from '../components/save-text.ts';

/** Saves a text where the operator says; the place, or null when the dialog was closed. */
export async function saveWhereAsked(suggestedName: string, text: string): Promise<Result<string | null>> {
  const desktop = shell();
  if (desktop) return desktop.saveFile({ suggestedName, text });
  await saveText(suggestedName, text);
  return ok(suggestedName);
}
