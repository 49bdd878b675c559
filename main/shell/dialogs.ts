import { type BrowserWindow, dialog } from 'electron';
import type { ShellOutput, ShellParams } from '#shared/contract/shell.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { readChosenText, saveChosen } from './chosen-files.ts';

/** The operator chooses a folder; null when the dialog was closed. */
export async function chooseFolder(
  window: BrowserWindow,
  options: ShellParams<'chooseFolder'>,
): Promise<Result<ShellOutput<'chooseFolder'>>> {
  const answer = await dialog.showOpenDialog(window, {
    properties: ['openDirectory', 'createDirectory', 'showHiddenFiles'],
    ...(options?.title === undefined ? {} : { title: options.title }),
    ...(options?.startIn === undefined ? {} : { defaultPath: options.startIn }),
  });
  return ok(answer.canceled ? null : (answer.filePaths[0] ?? null));
}

/** The operator chooses a file that is not read here; null when the dialog was closed. */
export async function choosePath(
  window: BrowserWindow,
  options: ShellParams<'choosePath'>,
): Promise<Result<ShellOutput<'choosePath'>>> {
  const answer = await dialog.showOpenDialog(window, {
    properties: ['openFile', 'showHiddenFiles'],
    ...(options?.title === undefined ? {} : { title: options.title }),
  });
  return ok(answer.canceled ? null : (answer.filePaths[0] ?? null));
}

/** The operator chooses a text file, which is read; null when the dialog was closed. */
export async function chooseFile(
  window: BrowserWindow,
  options: ShellParams<'chooseFile'>,
): Promise<Result<ShellOutput<'chooseFile'>>> {
  const extensions = options?.extensions ?? [];
  const answer = await dialog.showOpenDialog(window, {
    properties: ['openFile', 'showHiddenFiles'],
    ...(options?.title === undefined ? {} : { title: options.title }),
    ...(extensions.length === 0
      ? {}
      : {
          filters: [
            { name: extensions.map((extension) => `.${extension}`).join(' '), extensions },
            everyFile,
          ],
        }),
  });
  const path = answer.canceled ? undefined : answer.filePaths[0];
  return path === undefined ? ok(null) : readChosenText(path);
}

const everyFile = { name: '*', extensions: ['*'] };

/** The operator says where a text or a picture goes; null when the dialog was closed. */
export async function saveFile(
  window: BrowserWindow,
  options: ShellParams<'saveFile'>,
): Promise<Result<ShellOutput<'saveFile'>>> {
  const path = await askWhere(window, options);
  if (path === null) return ok(null);
  return saveChosen(path, options.encoding === 'base64' ? Buffer.from(options.text, 'base64') : options.text);
}

/** Prints the page as it stands into a PDF; null when the dialog was closed. */
export async function printToPdf(
  window: BrowserWindow,
  options: ShellParams<'printToPdf'>,
): Promise<Result<ShellOutput<'printToPdf'>>> {
  // The place is asked first: printing a long page takes seconds, in which it would still change.
  const path = await askWhere(window, options);
  if (path === null) return ok(null);
  let pdf: Buffer;
  try {
    pdf = await window.webContents.printToPDF({ printBackground: true, pageSize: 'A4' });
  } catch (thrown) {
    return err(appError('PRINT_FAILED', { why: describeThrown(thrown) }));
  }
  return saveChosen(path, pdf);
}

/** The operator says where something is saved; null when the dialog was closed. */
export async function askWhere(
  window: BrowserWindow,
  options: { readonly title?: string | undefined; readonly suggestedName: string },
): Promise<string | null> {
  const answer = await dialog.showSaveDialog(window, {
    defaultPath: options.suggestedName,
    properties: ['createDirectory', 'showOverwriteConfirmation'],
    ...(options.title === undefined ? {} : { title: options.title }),
  });
  return answer.canceled || answer.filePath === '' ? null : answer.filePath;
}
