import type { AppError, Locale } from '#shared/errors/index.ts';

/** How the command speaks: language, and whether the result is one JSON document. */
export type Output = {
  readonly locale: Locale;
  readonly json: boolean;
  /** Prints the result: the JSON document, or the text for people. */
  readonly result: (document: unknown, text: () => string) => void;
  /** Progress and remarks, to stderr. */
  readonly note: (text: string) => void;
  readonly error: (error: AppError) => void;
};

/** Chinese for Chinese locales, English otherwise. `HMTT_LANG` decides when set. */
export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  const name = env.HMTT_LANG ?? env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? '';
  return name.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** Makes the output over two writers. */
export function createOutput(
  options: { readonly locale: Locale; readonly json: boolean },
  stdout: (text: string) => void,
  stderr: (text: string) => void,
): Output {
  return {
    ...options,
    result: (document, text) => stdout(options.json ? `${JSON.stringify(document)}\n` : `${text()}\n`),
    note: (text) => stderr(`${text}\n`),
    error: (error) => {
      const place = error.line === undefined ? '' : ` (line ${error.line})`;
      stderr(
        `error[${error.code}]: ${error.message[options.locale]}${place}\nhint: ${error.hint[options.locale]}\n`,
      );
    },
  };
}

/** Columns a text takes on a terminal: CJK and full-width characters take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return width;
}

/** Lays out rows in aligned columns; the first row is the header. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell));
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, i) =>
          i === row.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - displayWidth(cell)),
        )
        .join('  '),
    )
    .join('\n');
}
