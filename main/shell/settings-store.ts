import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { languageSchema, themeChoiceSchema } from '#shared/contract/shell.ts';
import { describeThrown } from '#shared/errors/index.ts';
import type { Logger } from '../engine/platform/logger.ts';
import type { CancelTimer, Timers } from '../engine/platform/timers.ts';
import { writeFileDurably } from '../engine/storage/durable.ts';

const placeSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
});

/** What the shell remembers of this workstation's user. */
const settingsSchema = z.object({
  version: z.literal(1),
  /** Null follows the operating system. */
  language: languageSchema.nullable(),
  theme: themeChoiceSchema,
  window: z
    .object({ place: placeSchema, maximized: z.boolean(), zoom: z.number().min(-5).max(5) })
    .nullable(),
  /** Whether the operator was told once what closing the window does. */
  closingExplained: z.boolean(),
});
export type ShellSettings = z.infer<typeof settingsSchema>;

const defaults: ShellSettings = {
  version: 1,
  language: null,
  theme: 'system',
  window: null,
  closingExplained: false,
};

/** The shell's settings; what is changed is soon on the disk. */
export type SettingsStore = {
  readonly get: () => ShellSettings;
  readonly change: (part: Partial<Omit<ShellSettings, 'version'>>) => void;
  /** Writes at once what is still waiting. */
  readonly flush: () => void;
};

/** How long changes gather before they are written; a window being dragged changes many times a second. */
const SETTLE_MS = 500;

/**
 * Opens the settings file. A file that is not ours is put aside as `….broken` and the defaults hold: settings of the
 * window must never keep the console from starting.
 */
export function openSettings(path: string, log: Logger, timers: Timers): SettingsStore {
  let settings = readSettings(path, log);
  let cancel: CancelTimer | null = null;

  const write = (): void => {
    cancel?.();
    cancel = null;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileDurably(path, `${JSON.stringify(settings, null, 2)}\n`);
    } catch (thrown) {
      log.log('error', 'settings could not be kept', { path, why: describeThrown(thrown) });
    }
  };

  return {
    get: () => settings,
    change: (part) => {
      settings = { ...settings, ...part };
      cancel?.();
      cancel = timers.after(SETTLE_MS, write);
    },
    flush: () => {
      if (cancel !== null) write();
    },
  };
}

function readSettings(path: string, log: Logger): ShellSettings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    if ((thrown as { readonly code?: unknown }).code !== 'ENOENT') {
      log.log('error', 'settings could not be read', { path, why: describeThrown(thrown) });
    }
    return defaults;
  }
  const parsed = settingsSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  log.log('warn', 'settings are not usable and were put aside', { path, why: z.prettifyError(parsed.error) });
  try {
    renameSync(path, `${path}.broken`);
  } catch (thrown) {
    log.log('error', 'settings could not be put aside', { path, why: describeThrown(thrown) });
  }
  return defaults;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is one of the ways not to match the schema; the caller says so.
    return undefined;
  }
}
