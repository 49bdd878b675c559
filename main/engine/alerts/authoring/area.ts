import type { CallContext, Handlers, RequestOutput } from '#shared/contract/index.ts';
import type { RuleForm } from '#shared/contract/rule-forms.ts';
import type { RuleFile } from '#shared/contract/rules.ts';
import type { Backtest, RulePolicy } from '#shared/contract/rules-authoring.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SiteSection } from '../../platform/site-section.ts';
import { sqliteError, type WritableDb } from '../../storage/sqlite.ts';
import type { BuiltInFile } from '../live/area.ts';
import { DEFAULT_POLICY } from '../live/sight.ts';
import type { RuleGroup } from '../rules/model.ts';
import type { ReadRules } from '../rules/rule-file.ts';
import { openAuthoringStore } from './authoring-store.ts';
import { type BacktestDeps, type BacktestRequest, runBacktest } from './backtest.ts';
import { formFileText, readFormFile } from './form-file.ts';
import { formToRule } from './form-to-rule.ts';
import { authoringSections } from './site-sections.ts';
import { type AskNow, sloBudgets } from './slo-budget.ts';
import { isStarterFile, starterFiles } from './starter/index.ts';
import { broughtTexts, changeChoice, describeStarterSet } from './starter-set.ts';

/** The rule files, as the area that runs them serves them; the way in for whatever is written here. */
export type RuleFiles = Pick<Handlers, 'rules.files.list' | 'rules.files.get' | 'rules.files.put'> & {
  /** Makes the groups run that are wanted now. */
  readonly apply: () => Promise<void>;
};

/** What the area is made of. */
export type AuthoringDeps = {
  readonly db: WritableDb;
  readonly clock: Clock;
  readonly check: (text: string) => Promise<ReadRules>;
  readonly backtest: () => BacktestDeps;
  readonly ask: (signal: AbortSignal) => AskNow;
  /** Runs a test file over rule files. */
  readonly test: Handlers['rules.test'];
};

/** The requests that this area answers. */
export type AuthoringHandlers = Pick<
  Handlers,
  | Extract<
      keyof Handlers,
      `rules.forms.${string}` | `rules.starter.${string}` | `rules.policies.${string}` | `rules.slo.${string}`
    >
  | 'rules.backtest'
  | 'rules.test'
>;

/** Rules that the console writes, and what it keeps beside rule files. */
export type AuthoringArea = {
  readonly handlers: (files: RuleFiles) => AuthoringHandlers;
  /** The starter set with the operator's choices. */
  readonly builtIn: () => readonly BuiltInFile[];
  /** Its part of the site document; `apply` puts to work what was changed. */
  readonly sections: (apply: () => Promise<void>) => readonly SiteSection[];
  /** A rule's settings; null where the defaults hold. */
  readonly policyOf: (file: string, group: string, rule: string) => RulePolicy | null;
};

/**
 * A rule of the starter set is silent about what a site does not have: not every host has a PostgreSQL. What was there and has
 * ended is told all the same.
 */
const STARTER_POLICY: RulePolicy = { ...DEFAULT_POLICY, noData: 'ok' };
const YEAR_MS = 366 * 86_400_000;

/** Makes the area. */
export function createAuthoringArea(deps: AuthoringDeps): AuthoringArea {
  const { db, clock } = deps;
  const store = openAuthoringStore(db);
  // On a new site nothing has changed since somebody looked.
  if (store.seen().size === 0) store.setSeen(broughtTexts());
  let files = builtInFiles();

  function builtInFiles(): readonly BuiltInFile[] {
    return starterFiles(store.choices()).map((file) => ({ ...file, addedAt: clock.now() }));
  }

  const change = <T>(work: () => T): Result<T> => {
    try {
      return ok(work());
    } catch (thrown) {
      return err(sqliteError(db.name, thrown));
    }
  };

  const handlers = (rules: RuleFiles): AuthoringHandlers => ({
    ...formHandlers(deps, rules),
    'rules.backtest': (params, context) => backtest(deps, rules, params, context),
    'rules.test': deps.test,
    'rules.starter.list': () => ok(describeStarterSet(store.choices(), store.seen())),
    'rules.starter.set': async ({ rule, enabled, values }) => {
      const changed = changeChoice(rule, store.choices().get(rule), { enabled, values });
      if (!changed.ok) return changed;
      const kept = change(() => store.setChoice(rule, changed.value));
      if (!kept.ok) return kept;
      files = builtInFiles();
      await rules.apply();
      return ok({});
    },
    'rules.starter.seen': () => {
      const kept = change(() => store.setSeen(broughtTexts()));
      return kept.ok ? ok({}) : kept;
    },
    'rules.starter.files': ({ asBrought }) =>
      ok({ files: [...starterFiles(asBrought ? new Map() : store.choices())] }),
    'rules.policies.list': () => ok({ policies: [...store.policies()] }),
    'rules.policies.set': async ({ policy, ...address }) => {
      const kept = change(() => store.setPolicy(address, policy));
      if (!kept.ok) return kept;
      await rules.apply();
      return ok({});
    },
    'rules.slo.list': async (_, { signal }) => {
      const listed = await formFiles(rules, { signal });
      if (!listed.ok) return listed;
      const slos = [];
      for (const { file, enabled, form } of listed.value) {
        if (form.kind !== 'slo') continue;
        const budgets = await sloBudgets(form, deps.ask(signal), clock.now());
        const { name, objectivePercent, windowMs } = form;
        slos.push({ file, name, enabled, objectivePercent, windowMs, budgets });
      }
      return ok({ slos });
    },
  });

  return {
    handlers,
    builtIn: () => files,
    sections: (apply) =>
      authoringSections(db, () => {
        store.reread();
        files = builtInFiles();
        return apply();
      }),
    policyOf: (file, group, rule) =>
      store.policyOf({ file, group, rule }) ?? (isStarterFile(file) ? STARTER_POLICY : null),
  };
}

type Call = Pick<CallContext, 'signal'>;

/** A context for asking another handler of the engine. */
function inner({ signal }: Call): CallContext {
  return { signal, closed: signal, emit: () => undefined };
}

/** Files whose form still says what they do. */
async function formFiles(
  rules: RuleFiles,
  call: Call,
): Promise<Result<readonly { readonly file: string; readonly enabled: boolean; readonly form: RuleForm }[]>> {
  const listed = await rules['rules.files.list']({}, inner(call));
  if (!listed.ok) return listed;
  const found = [];
  for (const { name, enabled, builtIn } of listed.value.files) {
    if (builtIn === true) continue;
    const got = await rules['rules.files.get']({ name }, inner(call));
    const read = got.ok ? readFormFile(got.value.text) : null;
    if (read !== null && !read.edited) found.push({ file: name, enabled, form: read.form });
  }
  return ok(found);
}

function formHandlers(
  deps: AuthoringDeps,
  rules: RuleFiles,
): Pick<AuthoringHandlers, Extract<keyof AuthoringHandlers, `rules.forms.${string}`>> {
  return {
    'rules.forms.preview': async ({ form }, context) => {
      const text = formFileText(form);
      const read = await deps.check(text);
      const last = formToRule(form).at(-1)?.rules.at(-1);
      return ok({
        text,
        file: freeName(form.name, await namesOf(rules, context)),
        expr: last?.expr ?? '',
        problems: read.ok ? [] : [...read.problems],
      });
    },
    'rules.forms.list': async (_, context) => {
      const found = await formFiles(rules, context);
      return found.ok ? ok({ forms: [...found.value] }) : found;
    },
    'rules.forms.get': async ({ file }, context) => {
      const got = await rules['rules.files.get']({ name: file }, inner(context));
      if (!got.ok) return got;
      const read = readFormFile(got.value.text);
      return ok({ form: read === null || read.edited ? null : read.form, edited: read?.edited ?? false });
    },
    'rules.forms.save': async ({ file, form }, context) => {
      if (file !== null) {
        const got = await rules['rules.files.get']({ name: file }, inner(context));
        if (!got.ok) return got;
        const read = readFormFile(got.value.text);
        if (read === null || read.edited) return err(appError('RULE_FORM_EDITED', { file }));
      }
      const known = await rules['rules.files.list']({}, inner(context));
      const before: RuleFile | undefined = known.ok
        ? known.value.files.find(({ name }) => name === file)
        : undefined;
      return rules['rules.files.put'](
        {
          name: file ?? freeName(form.name, await namesOf(rules, context)),
          text: formFileText(form),
          enabled: before?.enabled ?? true,
          dryRun: false,
        },
        inner(context),
      );
    },
  };
}

async function namesOf(rules: RuleFiles, call: Call): Promise<ReadonlySet<string>> {
  const listed = await rules['rules.files.list']({}, inner(call));
  return new Set(listed.ok ? listed.value.files.map(({ name }) => name) : []);
}

/** A file name for a form that no other file has. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const base = `form/${name.replaceAll('/', '-')}`;
  for (let number = 1; ; number++) {
    const file = `${base}${number === 1 ? '' : `-${number}`}.yml`;
    if (!taken.has(file)) return file;
  }
}

async function backtest(
  deps: AuthoringDeps,
  rules: RuleFiles,
  { id, subject, from, to }: Parameters<Handlers['rules.backtest']>[0],
  context: CallContext,
): Promise<Result<RequestOutput<'rules.backtest'>>> {
  if (to <= from || to - from > YEAR_MS) return err(appError('BACKTEST_RANGE_INVALID'));
  const found = await subjectOf(rules, subject, context);
  if (!found.ok) return found;
  const read = await deps.check(found.value.text);
  if (!read.ok) return ok({ result: null, problems: [...read.problems] });
  const result = await run(deps, found.value.file, read.groups, { from, to }, context, id);
  return result === null ? err(appError('CANCELLED')) : ok({ result, problems: [] });
}

/** Progress is told this often at most. */
const TELL_EVERY_MS = 200;

function run(
  deps: AuthoringDeps,
  file: string,
  groups: readonly RuleGroup[],
  times: Pick<BacktestRequest, 'from' | 'to'>,
  { signal, emit }: CallContext,
  id: string,
): Promise<Backtest | null> {
  const { monotonic } = deps.clock;
  let toldAt = monotonic();
  const onProgress = (done: number, fired: number): void => {
    if (monotonic() - toldAt < TELL_EVERY_MS) return;
    toldAt = monotonic();
    emit('rules.backtest', { id, done, fired });
  };
  return runBacktest({ file, groups, ...times, signal, onProgress }, deps.backtest());
}

async function subjectOf(
  rules: RuleFiles,
  subject: Parameters<Handlers['rules.backtest']>[0]['subject'],
  call: Call,
): Promise<Result<{ readonly file: string; readonly text: string }>> {
  if ('text' in subject) return ok({ file: 'backtest.yml', text: subject.text });
  if ('form' in subject) return ok({ file: 'backtest.yml', text: formFileText(subject.form) });
  const got = await rules['rules.files.get']({ name: subject.file }, inner(call));
  return got.ok ? ok({ file: subject.file, text: got.value.text }) : got;
}
