import * as z from 'zod';
import type { RequestParams } from '#shared/contract/index.ts';
import {
  type DocumentImport,
  type DocumentNote,
  type DocumentSection,
  MOST_NAMED,
} from '#shared/contract/site-document.ts';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../../platform/logger.ts';
import { faultOf, type PreparedEntry, type SiteSection, UNSET_SECRET } from '../../platform/site-section.ts';
import { sqliteError, type WritableDb } from '../../storage/sqlite.ts';
import { differingFields } from './canonical.ts';
import { type ExportDeps, inventoryKey, readMembers } from './export.ts';
import { inventoryReach } from './inventory-reach.ts';
import { withoutPlaceholders } from './placeholders.ts';
import { INVENTORY_MEMBERS, type InventoryMember, type InventoryMembers } from './ports.ts';
import { type DocumentFrame, readDocument } from './read-document.ts';

/** What an import works on. */
export type ImportDeps = ExportDeps & { readonly db: WritableDb; readonly logger: Logger };

/** An entry of the document and its place there. */
type Placed = { readonly section: SiteSection; readonly path: string; readonly entry: PreparedEntry };

/** An entry that is to be written, with its secrets in place. */
type Change = {
  readonly placed: Placed;
  readonly body: object;
  /** What stands for its secrets in the document. */
  readonly stands: readonly string[];
};

const textsSchema = z.record(z.string(), z.string());
const message = {
  noList: { zh: '应为列表', en: 'must be a list' },
  many: (most: number) => ({ zh: `超过 ${most} 条`, en: `more than ${most} entries` }),
  twice: (name: string) => ({ zh: `“${name}”出现两次`, en: `"${name}" is there twice` }),
  noObject: { zh: '应为对象', en: 'must be an object' },
};

/** Undoes the transaction: a dry run, or something is wrong. */
class Undone extends Error {}

/** Takes a document whole, or not at all. */
export async function importDocument(
  deps: ImportDeps,
  params: RequestParams<'configuration.import'>,
): Promise<Result<DocumentImport>> {
  const names = new Set<string>([...INVENTORY_MEMBERS, ...deps.sections.map(({ name }) => name)]);
  const frame = readDocument(params.fileName, params.text, names, new Set(INVENTORY_MEMBERS));
  if (!frame.ok) return frame;
  const texts = await openSecrets(deps, frame.value, params);
  if (!texts.ok) return texts;
  // The key that seals must be there before the transaction, which may be undone. When it cannot be had, whatever needs it says so.
  deps.secrets.ready();
  const faults: DocumentNote[] = [];
  const placed = await prepareAll(deps.sections, frame.value.members, faults);
  // From here on nothing waits: what is compared is what is written.
  const before = readMembers(deps);
  if (!before.ok) return before;
  const { members, refs } = before.value;
  const toEnter = new Set<string>();
  const inventory = inventoryMembers(frame.value.members, faults, (stands) => {
    const text = texts.value.get(stands);
    if (text === undefined && (refs.get(stands) ?? UNSET_SECRET) === UNSET_SECRET) toEnter.add(stands);
    return text;
  });
  const plan = deps.inventory.plan(params.fileName, inventory);
  if (!plan.ok) return plan;
  faults.push(...plan.value.faults.map(({ field, message: text }) => ({ path: field, message: text })));

  const sections: DocumentSection[] = [inventorySection(plan.value)];
  const changes: Change[] = [];
  const reached: DocumentNote[] = inventoryReach(frame.value.members, members);
  for (const section of deps.sections) {
    const kept = new Map((members.get(section.name) ?? []).map(({ key, body }) => [key, body]));
    const own = placed.filter((each) => each.section === section);
    const summary = emptySection(section.name);
    for (const each of own) {
      const { key, label, body } = each.entry;
      const known = kept.get(key);
      kept.delete(key);
      const stands: string[] = [];
      const filled = withoutPlaceholders(section.name, key, body, (one) => {
        stands.push(one);
        return texts.value.get(one) ?? refs.get(one) ?? UNSET_SECRET;
      });
      for (const one of stands)
        if (!texts.value.has(one) && (refs.get(one) ?? UNSET_SECRET) === UNSET_SECRET) toEnter.add(one);
      const fields = known === undefined ? [] : differingFields(known, body);
      if (
        known !== undefined &&
        stands.some((one) => hasOtherText(deps, texts.value.get(one), refs.get(one)))
      )
        fields.push('secrets');
      if (known !== undefined && fields.length === 0) {
        summary.same++;
        continue;
      }
      if (known === undefined) summary.added++;
      else summary.changed++;
      summary.rows.push({ name: label, action: known === undefined ? 'add' : 'change', fields });
      changes.push({ placed: each, body: filled, stands });
      reached.push(...each.entry.reaches(known).map((text) => ({ path: each.path, message: text })));
    }
    summary.left = kept.size;
    sections.push(summary);
  }

  const applied = write(deps, { ...params, changes, placed, faults, toEnter, plan: plan.value });
  if (!applied.ok) return applied;
  const notes = (of: 'commands' | 'warnings'): DocumentNote[] =>
    placed.flatMap(({ entry, path }) => entry[of].map((text): DocumentNote => ({ path, message: text })));
  const notUsed: DocumentNote[] = [];
  if (applied.value) {
    await takeUp(deps, new Set(changes.map(({ placed: { section } }) => section)), plan.value.took, notUsed);
    deps.logger.log('info', 'imported a site document', {
      version: frame.value.version,
      entries: changes.length + plan.value.rows.filter(({ action }) => action !== 'same').length,
    });
  }
  // What is most urgent comes first: many missing paths must not push a command out of what is shown.
  const warnings = [...notUsed, ...notes('commands'), ...reached, ...notes('warnings')];
  return ok({
    version: frame.value.version,
    console: frame.value.console,
    exportedAt: frame.value.exportedAt,
    sections: bounded(sections),
    faults: faults.slice(0, MOST_NAMED),
    faultCount: faults.length,
    warnings: warnings.slice(0, MOST_NAMED),
    warningCount: warnings.length,
    notInForce: notUsed.map(({ path }) => path),
    secretsTaken: texts.value.size,
    secretsToEnter: [...toEnter].map((stands) => stands.slice('secret:'.length)).toSorted(),
    applied: applied.value,
  });
}

/** The texts of the document's secrets by what stands for them; empty for one without. */
async function openSecrets(
  { seal, secrets }: Pick<ImportDeps, 'seal' | 'secrets'>,
  { sealedSecrets }: DocumentFrame,
  { identity, passphrase, withoutSecrets }: RequestParams<'configuration.import'>,
): Promise<Result<ReadonlyMap<string, string>>> {
  if (sealedSecrets === null || withoutSecrets) return ok(new Map());
  if (identity === undefined && passphrase === undefined)
    return err(appError('SITE_SECRETS_SEALED', {}, { field: 'passphrase' }));
  const opened = await seal.open(sealedSecrets, { identity, passphrase });
  if (!opened.ok) return opened;
  let texts: unknown = null;
  try {
    texts = JSON.parse(opened.value);
  } catch {
    // Whoever could seal it wrote no document of ours; the schema refuses null.
  }
  const parsed = textsSchema.safeParse(texts);
  if (!parsed.success)
    return err(
      appError('SITE_DOCUMENT_INVALID', {
        file: 'sealedSecrets',
        zh: '加密部分的内容不是密码表',
        en: 'what is sealed in it is no list of secrets',
      }),
    );
  const ready = secrets.ready();
  return ready.ok ? ok(new Map(Object.entries(parsed.data))) : ready;
}

/** Entries that are sound by themselves; whatever is not becomes a fault with its path. */
async function prepareAll(
  sections: readonly SiteSection[],
  members: ReadonlyMap<string, unknown>,
  faults: DocumentNote[],
): Promise<readonly Placed[]> {
  const placed: Placed[] = [];
  for (const section of sections) {
    const list = listOf(members.get(section.name), section.name, section.most, faults);
    const seen = new Set<string>();
    for (const [index, value] of list.entries()) {
      const path = `${section.name}.${index}`;
      const entry = await section.prepare(value);
      if ('faults' in entry) {
        for (const { field, message: text } of entry.faults)
          faults.push({ path: field === '' ? path : `${path}.${field}`, message: text });
        continue;
      }
      if (seen.has(entry.key)) faults.push({ path, message: message.twice(entry.label) });
      seen.add(entry.key);
      placed.push({ section, path, entry });
    }
  }
  return placed;
}

function listOf(value: unknown, name: string, most: number, faults: DocumentNote[]): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    faults.push({ path: name, message: message.noList });
    return [];
  }
  if (value.length > most) {
    faults.push({ path: name, message: message.many(most) });
    return [];
  }
  return value;
}

/** Hosts, components, links and jobs of a document, with what is there of their secrets. */
function inventoryMembers(
  members: ReadonlyMap<string, unknown>,
  faults: DocumentNote[],
  secret: (stands: string) => string | undefined,
): Partial<InventoryMembers> {
  const MOST = 100_000;
  const found: Partial<Record<InventoryMember, readonly object[]>> = {};
  for (const member of INVENTORY_MEMBERS) {
    if (!members.has(member)) continue;
    found[member] = listOf(members.get(member), member, MOST, faults).flatMap((entry, index) => {
      if (typeof entry === 'object' && entry !== null)
        return [withoutPlaceholders(member, inventoryKey(member, entry), entry, secret)];
      faults.push({ path: `${member}.${index}`, message: message.noObject });
      return [];
    });
  }
  return found;
}

/** Whether a secret of the document is another than the one that is kept; one that cannot be opened now is taken for another. */
function hasOtherText(
  { secrets }: Pick<ImportDeps, 'secrets'>,
  text: string | undefined,
  ref: string | undefined,
): boolean {
  if (text === undefined) return false;
  if (ref === undefined || ref === UNSET_SECRET) return true;
  const kept = secrets.reveal(ref);
  return !kept.ok || kept.value !== text;
}

/** Writes everything in one transaction and undoes it for a dry run or a fault. @returns whether it was kept */
function write(
  deps: ImportDeps,
  work: {
    readonly dryRun: boolean;
    readonly changes: readonly Change[];
    readonly placed: readonly Placed[];
    readonly faults: DocumentNote[];
    /** Secrets that somebody has to enter, by what stands for them. */
    readonly toEnter: Set<string>;
    readonly plan: { readonly write: () => Result<void> };
  },
): Result<boolean> {
  const { changes, faults, dryRun } = work;
  if (faults.length > 0) return ok(false);
  const now = deps.clock.now();
  const refused = (path: string, { field, message: text }: { field: string; message: Bilingual }): void => {
    faults.push({ path: field === '' ? path : `${path}.${field}`, message: text });
    // On a full disk SQLite has undone the transaction by itself: what is written from here on would stay.
    if (!deps.db.inTransaction) throw new Undone();
  };
  try {
    deps.db.transaction(() => {
      const inventory = work.plan.write();
      if (!inventory.ok) refused('hosts', faultOf(inventory.error));
      for (const { placed, body, stands } of changes) {
        const secrets = deps.secrets.importing((field) => {
          const one = stands.find((each) => each.endsWith(field));
          if (one !== undefined) work.toEnter.add(one);
        });
        const put = placed.entry.put(body, { secrets, now });
        if (!put.ok) refused(placed.path, faultOf(put.error));
      }
      if (faults.length === 0)
        for (const { path, entry } of work.placed) {
          const wrong = entry.verify();
          if (wrong !== null) refused(path, faultOf(wrong));
        }
      if (faults.length > 0 || dryRun) throw new Undone();
    })();
    return ok(true);
  } catch (thrown) {
    return thrown instanceof Undone ? ok(false) : err(sqliteError(deps.db.name, thrown));
  }
}

/** Puts what was written to work. What fails now is written all the same, and told. */
async function takeUp(
  { sections, logger }: ImportDeps,
  changed: ReadonlySet<SiteSection>,
  inventoryTook: () => Promise<void>,
  notUsed: DocumentNote[],
): Promise<void> {
  const each: readonly (readonly [string, (() => void | Promise<void>) | undefined])[] = [
    ['hosts', inventoryTook],
    ...sections.filter((section) => changed.has(section)).map(({ name, took }) => [name, took] as const),
  ];
  for (const [name, took] of each)
    try {
      await took?.();
    } catch (thrown) {
      logger.log('error', 'an imported section could not be put to work', { name, what: String(thrown) });
      notUsed.push({
        path: name,
        message: {
          zh: '已保存，但未能立即生效；重新启动控制台后生效。',
          en: 'It is kept, but could not be put to work at once; it will be after the console is started again.',
        },
      });
    }
}

type Summary = { -readonly [K in keyof DocumentSection]: DocumentSection[K] };

function emptySection(section: string): Summary {
  return { section, added: 0, changed: 0, same: 0, left: 0, rows: [] };
}

function inventorySection({
  rows,
  left,
}: {
  readonly rows: readonly {
    readonly name: string;
    readonly what: string;
    readonly action: 'add' | 'change' | 'same';
    readonly fields: readonly string[];
  }[];
  readonly left: number;
}): DocumentSection {
  const count = (action: string): number => rows.filter((row) => row.action === action).length;
  return {
    section: 'hosts',
    added: count('add'),
    changed: count('change'),
    same: count('same'),
    left,
    rows: rows.flatMap(({ name, what, action, fields }) =>
      action === 'same'
        ? []
        : [{ name: what === 'host' ? name : `${name} (${what})`, action, fields: [...fields] }],
    ),
  };
}

/** Names of changes up to the bound, over all sections. */
function bounded(sections: readonly DocumentSection[]): DocumentSection[] {
  let room = MOST_NAMED;
  return sections.map((section) => {
    const rows = section.rows.slice(0, room);
    room -= rows.length;
    return { ...section, rows };
  });
}
