import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { RestorePlan } from '#shared/contract/restore.ts';
import { appError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { formatDuration } from '#shared/units/duration.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

/** `restore`. */
export function restoreCommands(program: Command, context: CommandContext): void {
  program
    .command('restore <name>')
    .description('bring files back from a restore point')
    .option('--at <t>', 'the newest point not after this time')
    .option('--point <id>')
    .option('--only <glob...>', 'only these paths')
    .requiredOption('--to <dir>', 'folder to restore into')
    .option('--overwrite <rule>', 'never, older or always', 'never')
    .option('--dry-run', 'show the plan, write nothing')
    .option('--yes', 'do not ask')
    .action(
      context.action(async (output, name: string, options: RestoreOptions) => {
        const at = options.at === undefined ? undefined : context.time('--at', options.at);
        await context.withSession(output, async (session) => {
          const pointId = options.point ?? (await newestPoint(session, name, at));
          const { jobId } = await session.call('restore.plan', {
            pointId,
            selection: options.only ?? [],
            targetDir: resolve(options.to),
            overwrite: options.overwrite as 'never',
          });
          const planned = await session.finish(jobId);
          const plan = await session.call('restore.plan.get', { planId: planned.result?.id ?? '' });
          if (options.dryRun === true) {
            const { items, total } = await session.call('restore.plan.items', {
              planId: plan.id,
              limit: 5000,
            });
            output.result({ plan, items, total }, () =>
              [
                describePlan(plan),
                ...items.map((item) => `${item.action.padEnd(8)}${item.target}  (${item.reason})`),
              ].join('\n'),
            );
            return;
          }
          output.note(describePlan(plan));
          if (options.yes !== true) await confirmed(plan);
          const started = await session.call('restore.start', { planId: plan.id, confirm: plan.confirmWord });
          await session.finish(started.jobId);
          const { evidence } = await session.call('restore.evidence', { restoreId: started.restoreId });
          output.result(evidence, () =>
            evidence === null
              ? ''
              : `${evidence.outcome}: ${evidence.files} files, ${formatBytes(evidence.bytes)}, ${evidence.verified} verified, ${formatDuration(evidence.durationMs)}`,
          );
          const failed = evidence?.failures[0];
          if (failed) throw new CommandFailure(failed.error);
        });
      }),
    );
}

type RestoreOptions = {
  at?: string;
  point?: string;
  only?: string[];
  to: string;
  overwrite: string;
  dryRun?: boolean;
  yes?: boolean;
};

async function newestPoint(session: Session, name: string, at: number | undefined): Promise<string> {
  const { points } = await session.call('backup.points.list', { plan: name });
  const usable = points
    .filter((point) => point.state === 'complete' && (at === undefined || point.finishedAt <= at))
    .toSorted((a, b) => b.finishedAt - a.finishedAt);
  const newest = usable[0];
  if (!newest) throw new CommandFailure(appError('NOT_FOUND', { what: 'restore point', id: name }));
  return newest.id;
}

function describePlan(plan: RestorePlan): string {
  const rows = Object.entries(plan.totals).map(([action, total]) => [
    action,
    String(total.files),
    formatBytes(total.bytes),
  ]);
  return [
    `${plan.planName} ${new Date(plan.pointAt).toISOString()} → ${plan.targetDir}  (overwrite: ${plan.overwrite}, plan ${plan.hash.slice(0, 12)})`,
    table([['action', 'files', 'size'], ...rows]),
  ].join('\n');
}

/** Asks for the confirm word on a terminal; without one the operator must have said --yes. */
async function confirmed(plan: RestorePlan): Promise<void> {
  const refusal = appError('BAD_INPUT', { method: 'restore', field: '--yes', why: 'not confirmed' });
  if (process.stdin.isTTY !== true) throw new CommandFailure(refusal, EXIT.usage);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const typed = await lines.question(`${plan.confirmWord}? `);
  lines.close();
  if (typed.trim() !== plan.confirmWord) throw new CommandFailure(refusal, EXIT.usage);
}
