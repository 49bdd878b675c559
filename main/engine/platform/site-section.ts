import { existsSync } from 'node:fs';
import * as z from 'zod';
import { type AppError, appError, type Bilingual, ok, type Result } from '#shared/errors/index.ts';
import type { SecretStore } from './secrets.ts';
import { newReach, type Reach } from './site-reach.ts';
import { visibleText } from './visible-text.ts';

/** Stands in settings that an import took without their secret: a reference that no secret has, so that its use says so. */
export const UNSET_SECRET = 'sealed:00000000-0000-0000-0000-000000000000';

/** What entries are written with: all within one transaction of console.db. */
export type SiteWorld = {
  readonly secrets: SecretStore;
  /** UTC milliseconds. */
  readonly now: number;
};

/** How an area reads and takes its part of the site document (docs/site-document.md). */
export type SectionSpec<Entry extends object> = {
  /** Its name in the document. */
  readonly name: string;
  /** More entries than this refuse the document. */
  readonly most: number;
  readonly schema: z.ZodType<Entry>;
  /** What makes an entry the same one on another console; unique in the section. */
  readonly key: (entry: Entry) => string;
  /** What people call it; its key when left out. */
  readonly label?: (entry: Entry) => string;
  /** Everything that is kept, with references in place of secrets, in an order that does not change by itself. */
  readonly read: () => readonly Entry[];
  /** What is wrong beyond the shape, as far as the entry alone says it. Changes nothing. */
  readonly check?: (entry: Entry) => AppError | null | Promise<AppError | null>;
  /** Writes an entry that is new or other than the one that is kept, straight into console.db: no memory may follow yet. */
  readonly put: (entry: Entry, world: SiteWorld) => Result<unknown>;
  /** What is wrong with an entry beside all the others, once every section is written; undone with the transaction. */
  readonly verify?: (entry: Entry) => AppError | null;
  /** What the operator should know of an entry before it is taken, such as paths that are not here. */
  readonly warn?: (entry: Entry) => readonly Bilingual[];
  /** Commands that will run by it. They are shown before all else: a document may be that of somebody hostile. */
  readonly runs?: (entry: Entry) => readonly (string | null | undefined)[];
  /** Where it sends to, and the files that it reads logins from: what of them is new is shown after the commands. */
  readonly reaches?: (entry: Entry) => Reach;
  /** Puts what was written to work, after the transaction. */
  readonly took?: () => void | Promise<void>;
};

/** An entry of a section, as JSON. */
export type SectionEntry = { readonly key: string; readonly label: string; readonly body: object };

/** What is wrong with an entry, and where in it. */
export type SectionFault = { readonly field: string; readonly message: Bilingual };

/** An entry of a document that is sound by itself. */
export type PreparedEntry = SectionEntry & {
  readonly warnings: readonly Bilingual[];
  /** What is said of the commands that will run by it. */
  readonly commands: readonly Bilingual[];
  /** What is said of addresses and login files that the kept entry, if there is one, does not have. */
  readonly reaches: (kept: object | undefined) => readonly Bilingual[];
  /** Writes it, with secrets in place. */
  readonly put: (body: object, world: SiteWorld) => Result<unknown>;
  readonly verify: () => AppError | null;
};

/** A section whatever its entries are. */
export type SiteSection = Pick<SectionSpec<object>, 'name' | 'most' | 'took'> & {
  readonly read: () => readonly SectionEntry[];
  readonly prepare: (value: unknown) => Promise<PreparedEntry | { readonly faults: readonly SectionFault[] }>;
};

/** Makes a section of what an area says of it. */
export function siteSection<Entry extends object>(spec: SectionSpec<Entry>): SiteSection {
  const entryOf = (body: Entry): SectionEntry => ({
    key: spec.key(body),
    label: spec.label?.(body) ?? spec.key(body),
    body,
  });
  return {
    name: spec.name,
    most: spec.most,
    ...(spec.took === undefined ? {} : { took: spec.took }),
    read: () => spec.read().map(entryOf),
    prepare: async (value) => {
      const parsed = spec.schema.safeParse(value);
      if (!parsed.success) return { faults: parsed.error.issues.slice(0, 20).map(faultOfIssue) };
      const unknown = unknownField(value, parsed.data, '');
      if (unknown !== null) return { faults: [{ field: unknown, message: UNKNOWN_FIELD }] };
      const body = parsed.data;
      const wrong = (await spec.check?.(body)) ?? null;
      if (wrong !== null) return { faults: [faultOf(wrong)] };
      return {
        ...entryOf(body),
        warnings: spec.warn?.(body) ?? [],
        commands: commandsToRun(spec.runs?.(body) ?? []),
        // What is kept was read by this section: it is such an entry, too.
        reaches: (kept) =>
          spec.reaches === undefined
            ? []
            : newReach(spec.reaches(body), kept === undefined ? null : spec.reaches(kept as Entry)),
        // What is put is this entry with other texts where its secrets are.
        put: (filled, world) => spec.put(filled as Entry, world),
        verify: () => spec.verify?.(body) ?? null,
      };
    },
  };
}

const UNKNOWN_FIELD: Bilingual = { zh: '不认识的字段', en: 'unknown field' };

function faultOfIssue(issue: z.core.$ZodIssue): SectionFault {
  if (issue.code === 'unrecognized_keys')
    return { field: [...issue.path, ...issue.keys.slice(0, 1)].join('.'), message: UNKNOWN_FIELD };
  return {
    field: issue.path.join('.'),
    message: { zh: `内容不符合格式：${issue.message}`, en: issue.message },
  };
}

/** An error as a fault of an entry. */
export function faultOf(error: AppError): SectionFault {
  return { field: error.field ?? '', message: error.message };
}

/** A refusal because another entry has the name already. */
export function nameTaken(name: string): Result<never> {
  return { ok: false, error: appError('SITE_NAME_TAKEN', { name }, { field: 'name' }) };
}

/** The first member of a value that reading it has left out: a setting that this console does not know must not get lost. */
function unknownField(value: unknown, read: unknown, path: string): string | null {
  if (typeof value !== 'object' || value === null || typeof read !== 'object' || read === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (!Object.hasOwn(read, name)) return at;
    const found = unknownField(inner, (read as Readonly<Record<string, unknown>>)[name], at);
    if (found !== null) return found;
  }
  return null;
}

/** Nothing to say: an entry was written. */
export const written = ok(null);

/** Identifiers that areas make, also names of folders: nothing else comes in with a document. */
export const documentId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, 'letters, digits, and _ . -');

/** Says of paths that are not on this machine; a document may be written for a machine that is still being set up. */
export function absentPaths(paths: readonly (string | null | undefined)[]): Bilingual[] {
  return paths.flatMap((path) =>
    typeof path !== 'string' || path === '' || existsSync(path)
      ? []
      : [{ zh: `本机没有“${path}”`, en: `"${path}" is not on this machine` }],
  );
}

/** Characters of a command that are shown. */
const MOST_COMMAND = 2_000;

/** Says of commands that will run, and of what is not shown of a long one: nothing hides behind its beginning. */
function commandsToRun(commands: readonly (string | null | undefined)[]): Bilingual[] {
  return commands.flatMap((command) => {
    if (typeof command !== 'string' || command === '') return [];
    const shown = visibleText(command.slice(0, MOST_COMMAND));
    const more = command.length - MOST_COMMAND;
    return [
      {
        zh: `将运行命令：${shown}${more > 0 ? `……（还有 ${more} 个字符未显示）` : ''}`,
        en: `it will run the command: ${shown}${more > 0 ? `… (and ${more} more characters)` : ''}`,
      },
    ];
  });
}
