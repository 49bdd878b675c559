import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { RequestInput } from '#shared/contract/index.ts';
import type { RestorePlan } from '#shared/contract/restore.ts';
import { appError, describeThrown } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { formatDuration } from '#shared/units/duration.ts';
import type { CommandContext } from './context.ts';
import { type KeyOptions, withKeys } from './key-options.ts';
import { type Output, table } from './output.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

/** Planning, and running. */
const THREADS_OF_A_RESTORE = ['restore.plan', 'restore.run'];

/** `restore`, `restore undo`, `restore discard`, `evidence verify`. */
export function restoreCommands(program: Command, context: CommandContext): void {
  const restore = program
    .command('restore')
    .description('bring files back from a restore point')
    .argument('<name>', 'a backup plan')
    .option('--at <t>', 'the newest point not after this time')
    .option('--point <id>', 'this point instead of the newest')
    .option('--only <glob...>', 'only these paths')
    .option('--to <dir>', 'folder to restore into')
    .option('--to-host <login:/path>', 'folder of a host, by SFTP')
    .option('--original', 'restore to the original place instead')
    .option('--overwrite <rule>', 'never, older or always', 'never')
    .option('--owners <rule>', 'keep (numbers), names, or current', 'keep')
    .option('--map-user <from=to...>', 'other users: names or numbers')
    .option('--map-group <from=to...>', 'other groups: names or numbers')
    .option('--rename <from=to...>', 'other paths inside the archive')
    .option('--strip <path>', 'leading folders that are left out')
    .option('--no-safety', 'keep nothing of what is overwritten: it cannot be undone')
    .option('--check <command>', 'asks the application afterwards; exit code 0 means that it works')
    .option('--check-timeout <seconds>', 'how long that may take', '60')
    .option('--identity-file <file>', 'age identity, or a sealed NAME.key.age, that opens encrypted points')
    .option('--passphrase-file <file>', 'file whose first line is the passphrase of the key')
    .option('--dry-run', 'show the plan, write nothing')
    .option('--yes', 'do not ask')
    .action(
      context.action(async (output, name: string, options: RestoreOptions) => {
        const at = options.at === undefined ? undefined : context.time('--at', options.at);
        const asked = planInput(options);
        await context.withSession(
          output,
          async (session) => {
            const pointId = options.point ?? (await newestPoint(session, name, at));
            await withKeys(session, options, [], async () => {
              const toHost = await loginNamed(session, options.toHost);
              const { jobId } = await session.call('restore.plan', { ...asked, ...toHost, pointId });
              await planned(session, output, jobId, options);
            });
          },
          THREADS_OF_A_RESTORE,
        );
      }),
    );
  restore
    .command('undo <id>')
    .description('bring every path back to what it was before a restore')
    .option('--replace', 'also what was changed since; that is kept again')
    // --dry-run and --yes are those of `restore`.
    .action(
      context.action(async (output, id: string, _own: object, command: Command) => {
        const options = command.optsWithGlobals<Confirmation & { replace?: boolean }>();
        await context.withSession(output, async (session) => {
          const changed = options.replace === true ? 'replace' : 'keep';
          const restoreId = await restoreIdOf(session, id);
          const { jobId } = await session.call('restore.undo', { restoreId, changed });
          await planned(session, output, jobId, options);
        });
      }),
    );
  restore
    .command('list')
    .description('past restores, with what they keep')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async (session) => {
          const { restores } = await session.call('restore.list', {});
          output.result(restores, () =>
            table([
              ['id', 'plan', 'state', 'to', 'keeps', 'undo'],
              ...restores.map(({ id, plan, state, safety, canUndo, undoneBy }) => [
                id,
                plan.planName,
                plan.undoOf === null ? state : `undo: ${state}`,
                placeOf(plan),
                safety === null || safety.discardedAt !== null ? '-' : formatBytes(safety.bytes),
                undoneBy !== null ? 'undone' : canUndo ? 'yes' : '-',
              ]),
            ]),
          );
        });
      }),
    );
  restore
    .command('resume <id>')
    .description('go on with a restore that was interrupted')
    .action(
      context.action(async (output, id: string, _own: object, command: Command) => {
        await context.withSession(output, async (session) => {
          const restoreId = await restoreIdOf(session, id);
          await withKeys(session, command.optsWithGlobals<KeyOptions>(), [], async () => {
            const { jobId } = await session.call('restore.resume', { restoreId });
            await ended(session, output, restoreId, jobId);
          });
        });
      }),
    );
  restore
    .command('discard <id>')
    .description('give up what a restore keeps of the files that it overwrote')
    .action(
      context.action(async (output, id: string, _own: object, command: Command) => {
        const options = command.optsWithGlobals<Confirmation>();
        await context.withSession(output, async (session) => {
          const restoreId = await restoreIdOf(session, id);
          const { plan } = await session.call('restore.get', { restoreId });
          if (options.yes !== true) await confirmed(plan.planName);
          await session.call('restore.discardSafety', { restoreId, confirm: plan.planName });
          output.result({ restoreId }, () => 'discarded');
        });
      }),
    );
  program
    .command('evidence')
    .description('evidence of restores')
    .command('verify <file>')
    .description('check hash and signature of an evidence document')
    .action(
      context.action(async (output, file: string) => {
        const text = await readText(file);
        await context.withSession(output, async (session) => {
          const check = await session.call('restore.verifyEvidence', { text });
          if (!check.intact)
            throw new CommandFailure(appError('EVIDENCE_NOT_GENUINE', { file }), EXIT.damage);
          output.result(check, () =>
            [
              check.signed ? `intact, signed by ${check.fingerprint}` : 'intact, not signed',
              ...(check.signed
                ? [check.ownKey ? 'the key of this console' : 'the key of another console']
                : []),
            ].join('\n'),
          );
        });
      }),
    );
}

type Confirmation = { dryRun?: boolean; yes?: boolean };

type RestoreOptions = Confirmation &
  KeyOptions & {
    at?: string;
    point?: string;
    only?: string[];
    to?: string;
    toHost?: string;
    original?: boolean;
    overwrite: string;
    owners: string;
    mapUser?: string[];
    mapGroup?: string[];
    rename?: string[];
    strip?: string;
    safety: boolean;
    check?: string;
    checkTimeout: string;
  };

function usage(field: string, why: string): CommandFailure {
  return new CommandFailure(appError('BAD_INPUT', { method: 'restore', field, why }), EXIT.usage);
}

/** What the engine is asked to plan; what cannot be meant ends the command with exit code 2. */
function planInput(options: RestoreOptions): Omit<RequestInput<'restore.plan'>, 'pointId'> {
  const places = [options.to, options.toHost, options.original === true ? '' : undefined];
  if (places.filter((place) => place !== undefined).length !== 1)
    throw usage('--to', 'one of --to DIR, --to-host LOGIN:/PATH and --original');
  const seconds = Number(options.checkTimeout);
  if (!Number.isFinite(seconds)) throw usage('--check-timeout', options.checkTimeout);
  return {
    selection: options.only ?? [],
    targetDir:
      options.toHost !== undefined
        ? hostOf(options.toHost).dir
        : options.to === undefined
          ? null
          : resolve(options.to),
    // The engine validates these words, and names the field.
    overwrite: options.overwrite as 'never',
    owners: {
      mode: options.owners as 'keep',
      users: pairs('--map-user', options.mapUser),
      groups: pairs('--map-group', options.mapGroup),
    },
    renames: pairs('--rename', options.rename),
    strip: options.strip ?? '',
    safetyCopy: options.safety,
    appCheck: options.check === undefined ? null : { command: options.check, timeoutMs: seconds * 1000 },
  };
}

/** `LOGIN:/path`; the first colon divides, for a path may have others. */
function hostOf(text: string): { readonly login: string; readonly dir: string } {
  const at = text.indexOf(':/');
  if (at <= 0) throw usage('--to-host', `LOGIN:/PATH, not "${text}"`);
  return { login: text.slice(0, at), dir: text.slice(at + 1) };
}

/** The login that `--to-host` names, by its name or id. */
async function loginNamed(session: Session, text: string | undefined): Promise<{ toHost?: string }> {
  if (text === undefined) return {};
  const named = hostOf(text).login;
  const { logins } = await session.call('ssh.logins.list', {});
  const found = logins.find(({ id, name }) => id === named || name === named);
  if (found === undefined) throw new CommandFailure(appError('NOT_FOUND', { what: 'SSH login', id: named }));
  return { toHost: found.id };
}

const placeOf = ({ host, targetDir }: RestorePlan): string =>
  host === null ? targetDir : `${host.name}:${targetDir}`;

function pairs(option: string, texts: readonly string[] = []): { from: string; to: string }[] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at <= 0 || at === text.length - 1) throw usage(option, `FROM=TO, not "${text}"`);
    return { from: text.slice(0, at), to: text.slice(at + 1) };
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

/** A restore by the beginning of its id, as lists show it. */
async function restoreIdOf(session: Session, text: string): Promise<string> {
  const { restores } = await session.call('restore.list', {});
  const found = restores.filter(({ id }) => id.startsWith(text));
  if (found.length !== 1 || !found[0])
    throw new CommandFailure(appError('NOT_FOUND', { what: 'restore', id: text }));
  return found[0].id;
}

/** Shows a computed plan; executes that very plan unless it was only to be shown. */
async function planned(
  session: Session,
  output: Output,
  jobId: string,
  options: Confirmation,
): Promise<void> {
  const job = await session.finish(jobId);
  const plan = await session.call('restore.plan.get', { planId: job.result?.id ?? '' });
  if (options.dryRun === true) {
    const { items, total } = await session.call('restore.plan.items', { planId: plan.id, limit: 5000 });
    output.result({ plan, items, total }, () =>
      [
        describePlan(plan),
        ...items.map((item) => `${item.action.padEnd(8)}${item.target}  (${item.reason})`),
      ].join('\n'),
    );
    return;
  }
  output.note(describePlan(plan));
  if (options.yes !== true) await confirmed(plan.confirmWord === '' ? 'yes' : plan.confirmWord);
  const started = await session.call('restore.start', { planId: plan.id, confirm: plan.confirmWord });
  await ended(session, output, started.restoreId, started.jobId);
}

/** Waits for a restore, and tells what its evidence says. */
async function ended(session: Session, output: Output, restoreId: string, jobId: string): Promise<void> {
  await session.finish(jobId);
  const { evidence } = await session.call('restore.evidence', { restoreId });
  output.result(evidence, () =>
    evidence === null
      ? ''
      : [
          `${evidence.outcome}: ${evidence.files} files, ${formatBytes(evidence.bytes)}, ${evidence.verified} verified, ${formatDuration(evidence.durationMs)}`,
          ...(evidence.appCheck ? [`application check: ${evidence.appCheck.outcome}`] : []),
          ...(evidence.safety
            ? [`${evidence.safety.files} overwritten files are kept; undo: hmtt restore undo ${restoreId}`]
            : []),
        ].join('\n'),
  );
  const failed = evidence?.failures[0];
  if (failed) throw new CommandFailure(failed.error);
  const check = evidence?.appCheck;
  if (check && check.outcome !== 'successful')
    throw new CommandFailure(
      appError('RESTORE_APP_CHECK_FAILED', { command: check.command, outcome: check.outcome }),
    );
}

async function newestPoint(session: Session, name: string, at: number | undefined): Promise<string> {
  const { points } = await session.call('backup.points.list', { plan: name });
  const usable = points
    .filter((point) => point.state === 'complete' && (at === undefined || point.finishedAt <= at))
    .toSorted((a, b) => b.finishedAt - a.finishedAt);
  const newest = usable[0];
  if (!newest) {
    const { plans } = await session.call('backup.plans.list', {});
    const isKnown = points.length > 0 || plans.some((plan) => plan.name === name);
    throw new CommandFailure(appError(isKnown ? 'RESTORE_NO_POINT' : 'BACKUP_PLAN_MISSING', { name }));
  }
  return newest.id;
}

function describePlan(plan: RestorePlan): string {
  const rows = Object.entries(plan.totals)
    .filter(([action, total]) => action !== 'remove' || total.files > 0)
    .map(([action, total]) => [action, String(total.files), formatBytes(total.bytes)]);
  return [
    `${plan.planName} ${new Date(plan.pointAt).toISOString()} → ${placeOf(plan)}  (overwrite: ${plan.overwrite}, plan ${plan.hash.slice(0, 12)})`,
    table([['action', 'files', 'size'], ...rows]),
    ...(plan.safety === null
      ? []
      : [
          `keeps ${plan.safety.files} files that are overwritten (${formatBytes(plan.safety.bytes)}, ${plan.safety.method}) in ${plan.safety.dir}`,
        ]),
  ].join('\n');
}

/** Asks for a word on a terminal; without one the operator must have said --yes. */
async function confirmed(word: string): Promise<void> {
  const refusal = usage('--yes', 'not confirmed');
  if (process.stdin.isTTY !== true) throw refusal;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await lines.question(`${word}? `);
  lines.close();
  if (typed.trim() !== word) throw refusal;
}
