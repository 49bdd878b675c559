import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { appError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { archiveContextText, contextOfSegmentHits } from './archive-context.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import {
  count,
  planText,
  policyFrom,
  policyTable,
  type RotationAddOptions,
  segmentTable,
} from './rotation-options.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

/** The policy of a name. Throws {@link CommandFailure} NOT_FOUND, LOG_ROTATION_POLICY_UNREADABLE. */
async function policyNamed(call: Session['call'], name: string): Promise<RotationPolicy> {
  const { policies, unreadable } = await call('rotation.policies.list', {});
  const found = policies.find(({ policy }) => policy.name === name);
  if (found !== undefined) return found.policy;
  const error = unreadable.find((one) => one.name === name)?.error;
  throw new CommandFailure(error ?? appError('NOT_FOUND', { what: 'rotation policy', id: name }));
}

/** `logs rotate`, `logs verify` and `logs rotation …`. */
export function rotationCommands(logs: Command, context: CommandContext): void {
  logs
    .command('rotate [name]')
    .description('rotate the files of a policy now, or of all; failed rotations are tried again')
    .option('--due', 'only what is due')
    .action(
      context.action(async (output, name: string | undefined, options: { due?: boolean }) => {
        await context.withSession(output, async ({ call, finish }) => {
          const began = Date.now();
          const { jobId } = await call('rotation.run', {
            onlyDue: options.due === true,
            ...(name === undefined ? {} : { name }),
          });
          const failed = await finish(jobId).then(
            () => null,
            (thrown: unknown) => thrown,
          );
          const { rotations } = await call('rotation.history', name === undefined ? {} : { policy: name });
          const now = rotations.filter(
            ({ startedAt, endedAt, state }) => state !== 'done' || (endedAt ?? startedAt) >= began,
          );
          output.result(now, () =>
            table([
              ['FILE', 'STATE', 'STEP', 'LINES BEFORE', 'LINES AFTER', 'BYTES', 'STORED', 'LOST'],
              ...now.map((one) => [
                one.path,
                one.state,
                one.step,
                String(one.linesBefore ?? '–'),
                String(one.linesAfter ?? '–'),
                one.bytesBefore === null ? '–' : formatBytes(one.bytesBefore),
                one.bytesAfter === null ? '–' : formatBytes(one.bytesAfter),
                one.lostBytes === null ? '?' : String(one.lostBytes),
              ]),
            ]),
          );
          if (failed !== null) throw failed;
        });
      }),
    );
  logs
    .command('verify')
    .description(
      'read every archived segment and the chain of checkpoints again; exit code 3 when something is wrong',
    )
    .option('--anchor <line>', 'a line of `logs rotation anchor` that was written down earlier')
    .action(
      context.action(async (output, options: { anchor?: string }) => {
        await context.withSession(output, async ({ call }) => {
          const report = await call('rotation.verify', options);
          output.result(report, () =>
            [
              ...report.findings.map(({ sentence }) => sentence[output.locale]),
              `${report.checkpoints} checkpoints, ${report.segments} segments (${formatBytes(report.bytes)}), ${report.removed} removed: ${report.ok ? 'ok' : `${report.findings.length} findings`}`,
              report.anchor.text,
            ].join('\n'),
          );
          const [first] = report.findings;
          if (first !== undefined)
            throw new CommandFailure(
              appError('LOG_ARCHIVE_DAMAGED', {
                count: report.findings.length,
                first: first.sentence,
              }),
              EXIT.damage,
            );
        });
      }),
    );
  policyCommands(logs.command('rotation').description('policies and the archive of rotated logs'), context);
}

function policyCommands(rotation: Command, context: CommandContext): void {
  rotation
    .command('list')
    .description('policies and how they stand')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const { policies, unreadable } = await call('rotation.policies.list', {});
          output.result(policies, () => policyTable(policies, output));
          for (const { error } of unreadable) output.note(error.message[output.locale]);
        });
      }),
    );
  rotation
    .command('add <name>')
    .description('add or change a policy')
    .requiredOption('--path <glob...>', 'files to rotate')
    .option('--host <login>', 'files of this host: name or id of its SSH login')
    .option('--sudo', 'as root there; `plan` prints the sudoers file')
    .option('--schedule <cron>', 'minute hour day month weekday, local time')
    .option('--size <bytes>', 'rotate at this size, such as 100MiB')
    .option('--age <duration>', 'rotate after so long, such as 7d')
    .option('--copytruncate', 'copy and truncate instead of renaming; loses lines')
    .option('--create', 'create the new file, as the old one was')
    .option('--signal <name>', 'signal that makes the writer reopen its log, such as HUP')
    .option('--pid-file <file>', 'where its process id is; else whoever holds the file')
    .option(
      '--command <shell>',
      'command that makes it reopen its log; on a host a script of /etc/hmtt-console/reopen/',
    )
    .option('--service <unit>', 'systemd unit to reload')
    .option('--compress <how>', 'zstd, gzip or none', 'zstd')
    .option('--encrypt-to <recipient...>', 'age recipients')
    .option('--keep <n>', 'segments of a file')
    .option('--keep-days <days>', 'days that segments stay')
    .option('--lock-days <days>', 'nothing younger is ever removed; 180 for MLPS; cannot be lowered')
    .option('--dir <folder>', 'where segments go instead of the data folder')
    .action(
      context.action(async (output, name: string, options: RotationAddOptions) => {
        await context.withSession(output, async ({ call }) => {
          const { logins } = options.host === undefined ? { logins: [] } : await call('ssh.logins.list', {});
          const login = logins.find(({ id, name: called }) => [id, called].includes(options.host ?? ''));
          if (options.host !== undefined && login === undefined)
            throw new CommandFailure(appError('NOT_FOUND', { what: 'SSH login', id: options.host }));
          const put = await call('rotation.policies.put', policyFrom(name, options, login?.id ?? null));
          for (const warning of put.warnings) output.note(warning[output.locale]);
          output.result(put, () => name);
        });
      }),
    );
  rotation
    .command('plan <name>')
    .description('what a policy would do now; of a host, every command that would run and its sudoers file')
    .action(
      context.action(async (output, name: string) => {
        await context.withSession(output, async ({ call }) => {
          const policy = await policyNamed(call, name);
          const plan = await call('rotation.preview', { policy });
          output.result(plan, () => planText(plan, output));
        });
      }),
    );
  rotation
    .command('remove <name>')
    .description('forget a policy; its segments stay')
    .action(
      context.action(async (output, name: string) => {
        await context.withSession(output, async ({ call }) => {
          const done = await call('rotation.policies.remove', { name });
          output.result(done, () => name);
        });
      }),
    );
  rotation
    .command('segments [name]')
    .description('archived segments')
    .action(
      context.action(async (output, name: string | undefined) => {
        await context.withSession(output, async ({ call }) => {
          const listed = await call('rotation.segments.list', {
            limit: 1000,
            ...(name === undefined ? {} : { policy: name }),
          });
          output.result(listed, () =>
            [
              segmentTable(listed.segments),
              `${listed.segments.length} of ${listed.total}, ${formatBytes(listed.storedBytes)}`,
            ].join('\n'),
          );
        });
      }),
    );
  rotation
    .command('search <query>')
    .description('find lines in archived segments, in place')
    .option('--from <t>', 'RFC 3339, unix seconds, or now-2h')
    .option('--to <t>', 'as --from')
    .option('--limit <n>', 'lines that are shown', '500')
    .option('--context <n>', 'lines of the same source around each hit', '0')
    .action(
      context.action(
        async (
          output,
          query: string,
          options: { from?: string; to?: string; limit: string; context: string },
        ) => {
          const around = count('--context', options.context);
          await context.withSession(output, async (session) => {
            const hits = await session.call('rotation.segments.search', {
              query,
              limit: count('--limit', options.limit),
              ...(options.from === undefined ? {} : { start: context.time('--from', options.from) }),
              ...(options.to === undefined ? {} : { end: context.time('--to', options.to) }),
            });
            const widened = around === 0 ? null : await contextOfSegmentHits(session, hits, around);
            const found = widened ?? hits;
            output.result(found, () =>
              widened === null
                ? hits.lines.map(({ file, line, text }) => `${file}:${line}: ${text}`).join('\n')
                : archiveContextText(widened),
            );
            output.note(
              `${found.lines.length} of ${found.total}; ${found.opened} of ${found.pieces} pieces opened`,
            );
            const [failed] = found.failed;
            if (failed !== undefined) throw new CommandFailure(failed.error);
          });
        },
      ),
    );
  rotation
    .command('anchor')
    .description('the end of the chain, to be written down')
    .option('--to <dir>', 'write it there, with a copy of the chain')
    .action(
      context.action(async (output, options: { to?: string }) => {
        await context.withSession(output, async ({ call }) => {
          if (options.to === undefined) {
            const anchor = await call('rotation.anchor', {});
            output.result(anchor, () => anchor.text);
            return;
          }
          const written = await call('rotation.anchor.export', { dir: resolve(options.to) });
          output.result(written, () => [written.anchor.text, ...written.files].join('\n'));
        });
      }),
    );
  rotation
    .command('hold <segment...>')
    .description('set or lift a legal hold')
    .requiredOption('--why <reason>', 'why it is set or lifted')
    .option('--who <name>', 'who asks for it', userInfo().username)
    .option('--clear', 'lift it')
    .action(
      context.action(
        async (output, ids: string[], options: { why: string; who: string; clear?: boolean }) => {
          await context.withSession(output, async ({ call }) => {
            const { who, why } = options;
            const done =
              options.clear === true
                ? await call('rotation.segments.release', { ids, who, why })
                : await call('rotation.segments.hold', { ids, who, why });
            output.result(done, () => ids.join('\n'));
          });
        },
      ),
    );
  rotation
    .command('prune [name]')
    .description('remove the segments that retention does not keep')
    .option('--dry-run', 'only say what would be removed, and why')
    .action(
      context.action(async (output, name: string | undefined, options: { dryRun?: boolean }) => {
        await context.withSession(output, async ({ call }) => {
          const only = name === undefined ? {} : { name };
          const preview = await call('rotation.prune.preview', only);
          if (options.dryRun !== true) await call('rotation.prune', { ...only, hash: preview.hash });
          output.result({ ...preview, pruned: options.dryRun !== true }, () =>
            table([
              ['FILE', 'REMOVE', 'REASON'],
              ...preview.decisions.map(({ segment, remove, reason }) => [
                segment.file,
                remove ? 'yes' : '',
                reason,
              ]),
            ]),
          );
        });
      }),
    );
  rotation
    .command('forecast <name>')
    .description('space that a policy takes in 30, 90 and 180 days')
    .action(
      context.action(async (output, name: string) => {
        await context.withSession(output, async ({ call }) => {
          const policy = await policyNamed(call, name);
          const told = await call('rotation.forecast', { policy });
          output.result(told, () =>
            [
              table([
                ['DAYS', 'ARCHIVE', 'LIVE', 'TOTAL', 'BUSY', 'SEGMENTS'],
                ...told.points.map((point) => [
                  String(point.days),
                  formatBytes(point.archiveBytes),
                  formatBytes(point.liveBytes),
                  formatBytes(point.totalBytes),
                  formatBytes(point.highBytes),
                  String(point.segments),
                ]),
              ]),
              `${formatBytes(told.bytesPerDay)} a day (${told.basis}), stored at ${(told.ratio * 100).toFixed(0)} %`,
            ].join('\n'),
          );
        });
      }),
    );
}

/** `import logrotate FILE`. */
export function importLogrotateCommand(importing: Command, context: CommandContext): void {
  importing
    .command('logrotate <file>')
    .description('rotation policies from a logrotate configuration, with what it includes')
    .option('--dry-run', 'only say what would be imported')
    .action(
      context.action(async (output, file: string, options: { dryRun?: boolean }) => {
        await context.withSession(output, async ({ call }) => {
          const path = resolve(file);
          const read = await call('rotation.logrotate.preview', { path });
          for (const { file: at, line, directive, why } of read.refused)
            output.note(`${at}:${line}: ${directive}: ${why[output.locale]}`);
          for (const { file: at, line, text } of read.warnings)
            output.note(`${at}:${line}: ${text[output.locale]}`);
          if (options.dryRun !== true) await call('rotation.logrotate.import', { path });
          output.result(read, () =>
            read.policies.map(({ name, paths }) => `${name}  ${paths.join(' ')}`).join('\n'),
          );
        });
      }),
    );
}
