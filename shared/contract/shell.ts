import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import type { Result } from '../errors/result.ts';
import { done, nothing, request, timestamp } from './define.ts';

/**
 * Everything the window may ask of the desktop. The preload's methods, the handlers in Electron main and their
 * checks are derived from this one map. What concerns the site is not here: that goes to the engine over its port.
 *
 * The page knows its language before its first line runs: the served document carries it, as
 * `document.documentElement.lang`.
 */

/** The languages of the console, as `<html lang>` names them. */
export const languageSchema = z.enum(['zh-CN', 'en']);
export type Language = z.infer<typeof languageSchema>;

/** What the operator chose; `contrast` is the console's own high-contrast palette. */
export const themeChoiceSchema = z.enum(['system', 'light', 'dark', 'contrast']);
export type ThemeChoice = z.infer<typeof themeChoiceSchema>;

/** What the choice amounts to, together with what the operating system asks for. */
const themeSchema = z.object({
  choice: themeChoiceSchema,
  dark: z.boolean(),
  highContrast: z.boolean(),
});
export type Theme = z.infer<typeof themeSchema>;

/** Why the engine is being started again. */
const restartReasonSchema = z.enum(['ended', 'hung', 'asked']);
export type RestartReason = z.infer<typeof restartReasonSchema>;

/** What the supervisor knows of the engine; the window's banner is drawn from it. */
const engineStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('starting') }),
  z.object({ state: z.literal('running'), pid: z.int(), since: timestamp }),
  /** The engine is gone; attempt number `attempt` begins in `inMs` milliseconds. */
  z.object({
    state: z.literal('restarting'),
    attempt: z.int(),
    inMs: z.number(),
    reason: restartReasonSchema,
  }),
  /** The engine cannot run on this data folder. Only `restartEngine` tries again. */
  z.object({ state: z.literal('refused'), error: appErrorSchema }),
  /** The console is being quit. */
  z.object({ state: z.literal('stopped') }),
]);
export type EngineState = z.infer<typeof engineStateSchema>;

const environmentSchema = z.object({
  language: languageSchema,
  platform: z.string(),
  versions: z.object({ app: z.string(), electron: z.string(), chrome: z.string(), node: z.string() }),
  /** An end-of-life runtime, good for development and tests only; the window says so. */
  isDevRuntime: z.boolean(),
  theme: themeSchema,
  reducedMotion: z.boolean(),
  /** Whether closing the window leaves an icon in the notification area. */
  hasTray: z.boolean(),
  dataDir: z.string(),
  engine: engineStateSchema,
});
export type Environment = z.infer<typeof environmentSchema>;

/** Bounds of what crosses between window and desktop. */
export const shellLimits = {
  /** Largest file that `chooseFile` reads. */
  readBytes: 8 * 1024 * 1024,
  /** Longest text that `saveFile` writes, UTF-16 units. */
  saveLength: 64 * 1024 * 1024,
  /** Longest text that `copyText` takes, UTF-16 units. */
  copyLength: 4 * 1024 * 1024,
} as const;

const dialogTitle = z.string().min(1).max(200).optional();

/** A bare file name: the operator chooses the folder, never the page. */
const fileName = z
  .string()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused here.
  .regex(/^[^/\\\u0000-\u001f]+$/, 'must be a bare file name')
  .refine((name) => name !== '.' && name !== '..', 'must be a bare file name');

/** Where something was saved, or null when the operator closed the dialog. */
const savedAt = z.string().nullable();

/** Which document is printed: a kind of `renderer/print/registry.ts`, what it is about, and its language. */
const printedDocumentSchema = z.object({
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/),
  id: z.string().min(1).max(200).optional(),
  lang: languageSchema,
});
export type PrintedDocument = z.infer<typeof printedDocumentSchema>;

/** What a printing window says when its document stands, or why there is none. */
const documentReadySchema = z.discriminatedUnion('ok', [
  z
    .object({
      ok: z.literal(true),
      /** Stands in the foot of every page, beside the page number. */
      title: z.string().min(1).max(300),
      /** Site and classification label, in the head of every page. */
      head: z.string().max(400),
    })
    .strict(),
  z.object({ ok: z.literal(false), error: appErrorSchema }).strict(),
]);
export type DocumentReady = z.infer<typeof documentReadySchema>;

export const shellRequests = {
  getEnvironment: request(nothing.optional(), environmentSchema),
  setLanguage: request(languageSchema, done),
  setTheme: request(themeChoiceSchema, done),
  /** The system's folder dialog; null when it was closed. */
  chooseFolder: request(
    z
      .object({ title: dialogTitle, startIn: z.string().max(4096).optional() })
      .strict()
      .optional(),
    z.string().nullable(),
  ),
  /** The system's file dialog, for a file that the engine reads by itself; its path, null when it was closed. */
  choosePath: request(z.object({ title: dialogTitle }).strict().optional(), z.string().nullable()),
  /** The system's file dialog, and the chosen text file's content; null when it was closed. */
  chooseFile: request(
    z
      .object({
        title: dialogTitle,
        /** Without dots, e.g. `yml`. */
        extensions: z
          .array(z.string().regex(/^[A-Za-z0-9]{1,16}$/))
          .max(20)
          .optional(),
      })
      .strict()
      .optional(),
    z.object({ path: z.string(), name: z.string(), text: z.string() }).nullable(),
  ),
  /** Writes a text durably where the operator says; a picture comes as base64. */
  saveFile: request(
    z
      .object({
        title: dialogTitle,
        suggestedName: fileName,
        text: z.string().max(shellLimits.saveLength),
        encoding: z.enum(['utf8', 'base64']).default('utf8'),
      })
      .strict()
      .refine(({ encoding, text }) => encoding === 'utf8' || /^[A-Za-z0-9+/]*={0,2}$/.test(text), {
        message: 'must be base64',
        path: ['text'],
      }),
    savedAt,
  ),
  /** Lays a document of `renderer/print` out in a window of its own and saves it as PDF where the operator says. */
  savePdf: request(
    printedDocumentSchema.extend({ title: dialogTitle, suggestedName: fileName }).strict(),
    savedAt,
  ),
  /** Told by a printing window alone: its document is complete, or cannot be shown. */
  documentReady: request(documentReadySchema, done),
  /** Prints the page as it stands into a PDF where the operator says. */
  printToPdf: request(z.object({ title: dialogTitle, suggestedName: fileName }).strict(), savedAt),
  copyText: request(z.string().max(shellLimits.copyLength), done),
  /** While a wall display is shown: the window fills the screen, the screen stays on, there is no pointer to be seen. */
  setWall: request(z.boolean(), done),
  /** An alert that nobody has answered: the window fills the screen above all others, or gives it back as it was. */
  takeScreen: request(z.boolean(), done),
  /** Starts the training site in a console and a data folder of its own. */
  openTraining: request(nothing.optional(), done),
  /** Stops the engine and ends the console; asks first when a job is running. */
  quitCompletely: request(nothing.optional(), done),
  restartEngine: request(nothing.optional(), done),
  /** Asks for a new port to the engine; it comes as a window message (`enginePortKind`). */
  requestEnginePort: request(nothing.optional(), done),
};

/** What the desktop tells the window. */
const shellEvents = {
  theme: themeSchema,
  engineState: engineStateSchema,
  /** Show this address inside the app, e.g. `/alerts`: a notification or a menu entry was clicked. */
  navigate: z.object({ to: z.string().startsWith('/') }),
};

/** Something that the page's Content-Security-Policy stopped; told by the preload so that it is in the log. */
export const policyViolationSchema = z
  .object({ directive: z.string().max(100), blocked: z.string().max(500), source: z.string().max(500) })
  .strict();
export type PolicyViolation = z.infer<typeof policyViolationSchema>;

export type ShellRequestName = keyof typeof shellRequests;
export type ShellEventName = keyof typeof shellEvents;
export type ShellInput<N extends ShellRequestName> = z.input<(typeof shellRequests)[N]['input']>;
export type ShellParams<N extends ShellRequestName> = z.output<(typeof shellRequests)[N]['input']>;
export type ShellOutput<N extends ShellRequestName> = z.output<(typeof shellRequests)[N]['output']>;
export type ShellEvent<N extends ShellEventName> = z.output<(typeof shellEvents)[N]>;

/** One method for each request. Expected failures are values; a rejection means that the call itself was refused. */
export type ShellCalls = {
  readonly [N in ShellRequestName]: undefined extends ShellInput<N>
    ? (input?: ShellInput<N>) => Promise<Result<ShellOutput<N>>>
    : (input: ShellInput<N>) => Promise<Result<ShellOutput<N>>>;
};

/** Hears until the returned function is called. */
type Subscribe<T> = (listener: (value: T) => void) => () => void;

/** What the preload puts on `window.shell`. */
export type ShellApi = ShellCalls & {
  readonly onThemeChanged: Subscribe<Theme>;
  readonly onEngineState: Subscribe<EngineState>;
  readonly onNavigate: Subscribe<ShellEvent<'navigate'>>;
};

export { enginePortKind } from './shell-channels.ts';
