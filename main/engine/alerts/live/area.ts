import type { Handlers } from '#shared/contract/index.ts';
import type { LiveGroup, RuleFile } from '#shared/contract/rules.ts';
import type { RulePolicy } from '#shared/contract/rules-authoring.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { SiteSection } from '../../platform/site-section.ts';
import type { CancelTimer } from '../../platform/timers.ts';
import { sqliteError, type WritableDb } from '../../storage/sqlite.ts';
import type { RuleGroup } from '../rules/model.ts';
import type { ReadRules } from '../rules/rule-file.ts';
import { openRuleFileStore, type SoundRuleFile, type StoredRuleFile, summarize } from './file-store.ts';
import { findRuleFiles } from './find-files.ts';
import {
  carryOver,
  createGroupRunner,
  type GroupRunner,
  type PlacedGroup,
  type RunnerDeps,
} from './runner.ts';
import { ruleFilesSection } from './site-section.ts';
import { showGroup } from './views.ts';

/** What holds for all groups that say nothing else. */
export type RuleDefaults = {
  readonly intervalMs: number;
  readonly externalLabels: Readonly<Record<string, string>>;
};

/** What the area is made of. */
export type RulesDeps = RunnerDeps & {
  readonly db: WritableDb;
  /** Reads a rule file; the parser is loaded with the first one. */
  readonly check: (text: string) => Promise<ReadRules>;
  /** Asked whenever groups are made. */
  readonly defaults: () => RuleDefaults;
  /** Files that the console brings along; they run beside those that are kept. */
  readonly builtIn?: () => readonly BuiltInFile[];
  /** The settings of a rule; null for the defaults. */
  readonly policyOf?: (file: string, group: string, rule: string) => RulePolicy | null;
};

/** A rule file that the console brings along. */
export type BuiltInFile = { readonly name: string; readonly text: string; readonly addedAt: number };

/** The requests that this area answers. */
type RuleFileHandlers = Pick<Handlers, Extract<keyof Handlers, `rules.files.${string}` | 'rules.groups'>>;

/** Rule files, and the groups of the enabled ones as they run. */
export type RulesArea = {
  readonly handlers: RuleFileHandlers;
  /** Every group as it is now, in order of file and name. */
  readonly groups: () => readonly LiveGroup[];
  /** Enabled files of which nothing runs because they cannot be read. */
  readonly faults: () => readonly { readonly file: string; readonly why: string }[];
  /** Whether the files have been read since the start; before, no group runs. */
  readonly areRead: () => boolean;
  /** Whether the alerts of a group can be relied on: a group has to be evaluated first, after a start several times. */
  readonly isSettled: (file: string, group: string) => boolean;
  /**
   * Reads what `rule_files` of a prometheus.yml mean, and changes nothing. `keep` takes it up, in the place of what the same
   * prometheus.yml brought before; it is part of the caller's transaction. Call `apply` afterwards.
   */
  readonly find: (
    patterns: readonly string[],
    configFile: string,
  ) => Promise<
    Result<{
      readonly summary: {
        readonly rules: { file: string; groups: number; rules: number }[];
        readonly ruleFilesMissing: string[];
      };
      readonly keep: () => void;
    }>
  >;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** Makes the groups that run those that are kept. */
  readonly apply: () => Promise<void>;
  /** Reads the files and begins to evaluate. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** However short the interval of a group, the engine has other work too. */
const LEAST_INTERVAL_MS = 100;

/** Between two attempts to put the rule files to work. */
const RETRY_MS = 60_000;

type Placed = { readonly placed: PlacedGroup; readonly text: string; readonly runner: GroupRunner };

/** Makes the area; nothing runs before `start`. */
export function createRulesArea(deps: RulesDeps): RulesArea {
  const { db, clock, logger } = deps;
  const store = openRuleFileStore(db);
  /** Groups by file and name. */
  let running = new Map<string, Placed>();
  let isStarted = false;
  let isClosed = false;
  let wasApplied = false;
  let applying: Promise<void> = Promise.resolve();
  let cancelRetry: CancelTimer = () => undefined;
  /** Enabled files that cannot be read, and why. */
  const faults = new Map<string, string>();

  const builtIn = (): readonly BuiltInFile[] => deps.builtIn?.() ?? [];

  /** What is not the default, by name of the rule. */
  const policiesOf = (file: string, group: RuleGroup): Record<string, RulePolicy> =>
    Object.fromEntries(
      group.rules.flatMap(({ name }) => {
        const policy = deps.policyOf?.(file, group.name, name) ?? null;
        return policy === null ? [] : [[name, policy]];
      }),
    );

  const wanted = async (): Promise<Map<string, { placed: PlacedGroup; text: string }>> => {
    const { intervalMs, externalLabels } = deps.defaults();
    const groups = new Map<string, { placed: PlacedGroup; text: string }>();
    faults.clear();
    for (const file of [...builtIn(), ...store.list().filter(({ enabled }) => enabled)])
      for (const group of await groupsOf(file)) {
        const placed = {
          file: file.name,
          group,
          intervalMs: Math.max(LEAST_INTERVAL_MS, group.intervalMs ?? intervalMs),
          externalLabels,
          policies: policiesOf(file.name, group),
        };
        groups.set(keyOf(file.name, group.name), { placed, text: JSON.stringify(placed) });
      }
    return groups;
  };

  const groupsOf = async ({
    name,
    text,
  }: Pick<StoredRuleFile, 'name' | 'text'>): Promise<readonly RuleGroup[]> => {
    const read = await deps.check(text);
    faults.delete(name);
    if (read.ok) return read.groups;
    // It was sound when it was kept: a newer console reads it differently.
    faults.set(name, read.problems[0]?.message ?? '');
    logger.log('error', 'a rule file can no longer be read', {
      file: name,
      why: read.problems[0]?.message ?? '',
    });
    return [];
  };

  const isBuiltIn = (name: string): boolean => builtIn().some((each) => each.name === name);

  const shownBuiltIn = async (file: BuiltInFile): Promise<StoredRuleFile> => ({
    ...file,
    enabled: true,
    origin: null,
    builtIn: true,
    groups: summarize(await groupsOf(file)),
  });

  const update = async (): Promise<void> => {
    const next = await wanted();
    if (isClosed) return;
    const before = running;
    const isFirst = !wasApplied && isStarted;
    // What somebody asked for before the start does not know since when its alerts are active: it is made anew, to be restored.
    const same = (key: string, text: string): boolean => !isFirst && before.get(key)?.text === text;
    const leaving = [...before].filter(([key]) => !same(key, next.get(key)?.text ?? ''));
    await Promise.all(leaving.map(([, { runner }]) => runner.stop()));
    const made = new Map<string, Placed>();
    for (const [key, { placed, text }] of next) {
      const kept = before.get(key);
      if (kept !== undefined && same(key, text)) {
        made.set(key, kept);
        continue;
      }
      const { rules, ended } = carryOver(placed.group.rules, kept?.runner.view().rules ?? []);
      await endSeries(ended);
      // A group that was changed before it was restored is still to be.
      const beginning = { rules, mustRestore: isFirst || rules.some(({ state }) => !state.isRestored) };
      made.set(key, { placed, text, runner: createGroupRunner(placed, beginning, deps) });
    }
    for (const [key, { runner }] of leaving)
      if (!next.has(key)) await endSeries(carryOver([], runner.view().rules).ended);
    running = new Map([...made].sort(([a], [b]) => compareText(a, b)));
    wasApplied = wasApplied || isStarted;
    if (isStarted) for (const { runner } of running.values()) runner.start();
  };

  /** Writes staleness markers, so that what no rule gives any more does not look alive for five minutes. */
  const endSeries = async (ended: Parameters<typeof deps.write>[2]): Promise<void> => {
    if (ended.length === 0) return;
    try {
      await deps.write(clock.now(), [], ended);
    } catch (thrown) {
      logger.log('error', 'series of removed rules could not be ended', { what: describeThrown(thrown) });
    }
  };

  const apply = (): Promise<void> => {
    applying = applying.then(async () => {
      try {
        if (!isClosed) await update();
      } catch (thrown) {
        logger.log('error', 'rule files could not be put to work', { what: describeThrown(thrown) });
        // What was in the way, such as too many open files, may be gone by then; without this no rule would run until the next start.
        cancelRetry();
        if (isStarted && !isClosed) cancelRetry = deps.timers.after(RETRY_MS, () => void apply());
      }
    });
    return applying;
  };

  /** Writes to console.db; what SQLite refuses becomes an error value and nothing is changed. */
  const change = <T>(work: () => T): Result<T> => {
    try {
      return ok(work());
    } catch (thrown) {
      return err(sqliteError(db.name, thrown));
    }
  };

  const handlers: RuleFileHandlers = {
    'rules.files.list': async () => {
      const brought = await Promise.all(builtIn().map(shownBuiltIn));
      return ok({ files: [...brought.map(withoutText), ...store.list().map(withoutText)] });
    },
    'rules.files.get': async ({ name }) => {
      const brought = builtIn().find((each) => each.name === name);
      const file = brought === undefined ? store.get(name) : await shownBuiltIn(brought);
      if (file === null) return err(appError('NOT_FOUND', { what: 'rule file', id: name }));
      return ok({ file: withoutText(file), text: file.text });
    },
    'rules.files.put': async ({ name, text, enabled, dryRun }) => {
      if (isBuiltIn(name)) return err(appError('RULE_FILE_BUILT_IN', { file: name }));
      const read = await deps.check(text);
      if (!read.ok) return ok({ file: null, problems: [...read.problems] });
      const sound: SoundRuleFile = { name, text, groups: read.groups };
      if (dryRun)
        return ok({
          file: { name, enabled, addedAt: clock.now(), origin: null, groups: summarize(read.groups) },
          problems: [],
        });
      const written = change(() => store.put(sound, enabled, clock.now()));
      if (!written.ok) return written;
      await apply();
      const kept = store.get(name);
      return ok({ file: kept === null ? null : withoutText(kept), problems: [] });
    },
    'rules.files.enable': async ({ name, enabled }) => {
      if (isBuiltIn(name)) return err(appError('RULE_FILE_BUILT_IN', { file: name }));
      const changed = change(() => store.enable(name, enabled));
      if (!changed.ok) return changed;
      if (!changed.value) return err(appError('NOT_FOUND', { what: 'rule file', id: name }));
      await apply();
      return ok({});
    },
    'rules.files.remove': async ({ name }) => {
      if (isBuiltIn(name)) return err(appError('RULE_FILE_BUILT_IN', { file: name }));
      const removed = change(() => store.remove(name));
      if (!removed.ok) return removed;
      if (!removed.value) return err(appError('NOT_FOUND', { what: 'rule file', id: name }));
      await apply();
      return ok({});
    },
    'rules.groups': async () => {
      // An engine that runs for one command only, or that has just begun, has not read the files yet.
      if (!isStarted) await apply();
      else await applying;
      return ok({ groups: [...groups()] });
    },
  };

  const groups = (): readonly LiveGroup[] =>
    [...running.values()].map(({ runner }) => showGroup(runner.view()));

  return {
    handlers,
    groups,
    faults: () => [...faults].map(([file, why]) => ({ file, why })),
    areRead: () => wasApplied,
    isSettled: (file, group) => {
      if (!wasApplied) return false;
      return running.get(keyOf(file, group))?.runner.view().isSettled ?? true;
    },
    find: async (patterns, configFile) => {
      const found = await findRuleFiles(patterns, configFile, deps.check);
      if (!found.ok) return found;
      const { files, missing } = found.value;
      const summary = {
        rules: files.map(({ name, groups: all }) => ({
          file: name,
          groups: all.length,
          rules: all.reduce((sum, group) => sum + group.rules.length, 0),
        })),
        ruleFilesMissing: [...missing],
      };
      return ok({ summary, keep: () => void store.takeFrom(configFile, files, clock.now()) });
    },
    sections: [ruleFilesSection({ store, check: deps.check, isBuiltIn, apply })],
    apply,
    start: () => {
      isStarted = true;
      return apply();
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      cancelRetry();
      await applying;
      await Promise.all([...running.values()].map(({ runner }) => runner.stop()));
    },
  };
}

/** No file name contains the character. */
const keyOf = (file: string, group: string): string => `${file}\0${group}`;

function withoutText({ text: _text, ...file }: StoredRuleFile): RuleFile {
  return file;
}
