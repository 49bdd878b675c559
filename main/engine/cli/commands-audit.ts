import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AuditFilter, AuditRecord, AuditReport } from '#shared/contract/audit.ts';
import { auditFilterSchema } from '#shared/contract/audit.ts';
import { auditActionWords } from '#shared/domain/audit-words.ts';
import { appError, describeThrown, type Locale } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { CommandContext } from './context.ts';
import { type Output, table } from './output.ts';
import { count } from './rotation-options.ts';
import { CommandFailure, EXIT } from './session.ts';

type ListOptions = {
  readonly from?: string;
  readonly to?: string;
  readonly by?: string;
  readonly via?: string;
  readonly action?: string;
  readonly outcome?: string;
  readonly text?: string;
  readonly limit: string;
};

/** `audit …`: who did what, proof that it is whole, and a copy for elsewhere. */
export function auditCommands(program: Command, context: CommandContext): void {
  const audit = program
    .command('audit')
    .description('who did what, when, with what outcome; entries prove their own order');
  listCommand(audit, context);
  audit
    .command('verify')
    .description('read the whole chain again; exit code 3 names what is changed, missing or in another place')
    .option('--file <file>', 'an export instead, without a data folder')
    .option('--anchor <line>', 'a line of `audit anchor` that was written down earlier')
    .action(
      context.action(async (output, { file, anchor }: { file?: string; anchor?: string }) => {
        if (file !== undefined) {
          tell(output, await verifyFile(resolve(file), anchor));
          return;
        }
        await context.withSession(output, async ({ call }) => {
          tell(output, await call('audit.verify', anchor === undefined ? {} : { anchor }));
        });
      }),
    );
  audit
    .command('export')
    .description('write the whole chain with a signed checkpoint at its end')
    .requiredOption('--out <file>', 'the file to write')
    .option('--overwrite', 'also when it is there already')
    .action(
      context.action(async (output, { out, overwrite }: { out: string; overwrite?: boolean }) => {
        await context.withSession(output, async ({ call }) => {
          const written = await call('audit.export', {
            file: resolve(out),
            overwrite: overwrite === true,
          });
          output.result(written, () => [written.file, written.anchor.text].join('\n'));
          output.note(WORDS[output.locale].exported(written.entries));
        });
      }),
    );
  audit
    .command('anchor')
    .description('the last checkpoint as a line, to be kept elsewhere')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const anchor = await call('audit.anchor', {});
          output.result(anchor, () => anchor.text);
        });
      }),
    );
}

function listCommand(audit: Command, context: CommandContext): void {
  audit
    .command('list', { isDefault: true })
    .description('what was recorded, the newest first')
    .option('--from <t>', 'RFC 3339, unix seconds, or now-2h')
    .option('--to <t>', 'as --from')
    .option('--by <user>', "the operating system's user")
    .option('--via <way>', 'window, command or engine')
    .option('--action <name>', 'such as hosts.add; hosts finds all of hosts')
    .option('--outcome <outcome>', 'done, failed, cancelled, refused, begun or open')
    .option('--text <text>', 'somewhere in object or values')
    .option('--limit <n>', 'records that are shown', '200')
    .action(
      context.action(async (output, options: ListOptions) => {
        const filter = filterOf(options, context);
        await context.withSession(output, async ({ call }) => {
          const found = await call('audit.list', { ...filter, limit: count('--limit', options.limit) });
          output.result({ records: found.records, total: found.total }, () =>
            recordTable(found.records, output.locale),
          );
          output.note(WORDS[output.locale].shown(found.records.length, found.total));
        });
      }),
    );
}

function filterOf(options: ListOptions, context: CommandContext): AuditFilter {
  const { from, to, by, via, action, outcome, text } = options;
  const parsed = auditFilterSchema.safeParse({
    ...{ by, via, action, outcome, text },
    from: from === undefined ? undefined : context.time('--from', from),
    to: to === undefined ? undefined : context.time('--to', to),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = `--${issue?.path.join('.') ?? ''}`;
  throw new CommandFailure(
    appError('BAD_INPUT', { method: 'audit list', field, why: issue?.message ?? '' }, { field }),
    EXIT.usage,
  );
}

/** Characters after which what has no line end is something else than an export; entries have a few thousand. */
const MOST_OF_A_LINE = 1 << 20;

/** Verifies an export. Throws {@link CommandFailure} FILE_UNREADABLE, BAD_INPUT. */
async function verifyFile(file: string, anchor: string | undefined): Promise<AuditReport> {
  // Only this command needs it.
  const { anchorOf, expectation } = await import('../access/audit/verify.ts');
  const { ChainJudge } = await import('../access/audit/judge.ts');
  const expected = anchorOf(anchor);
  if (!expected.ok) throw new CommandFailure(expected.error, EXIT.usage);
  const judge = new ChainJudge(expectation(null, [], expected.value, true));
  const began = performance.now();
  try {
    let pending = '';
    for await (const chunk of createReadStream(file, 'utf8')) {
      const lines = (pending + String(chunk)).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) judge.take(line);
      if (pending.length > MOST_OF_A_LINE) throw new Error('it is no export: a line has no end');
    }
    // A line that was cut off is a changed one.
    if (pending !== '') judge.take(pending);
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
  return judge.end(performance.now() - began);
}

/** Prints a report; findings end the command with exit code 3. */
function tell(output: Output, report: AuditReport): void {
  const { locale } = output;
  output.result(report, () =>
    [
      ...report.findings.map(({ sentence }) => sentence[locale]),
      ...(report.found > report.findings.length
        ? [WORDS[locale].more(report.found - report.findings.length)]
        : []),
      WORDS[locale].summary(report),
    ].join('\n'),
  );
  const [first] = report.findings;
  if (first !== undefined)
    throw new CommandFailure(
      appError('AUDIT_DAMAGED', { count: report.found, first: first.sentence }),
      EXIT.damage,
    );
}

function recordTable(records: readonly AuditRecord[], locale: Locale): string {
  const words = WORDS[locale];
  return table([
    words.head,
    ...records.map((one) => [
      String(one.n),
      new Date(one.at).toISOString(),
      one.by,
      words.via[one.via],
      auditActionWords(one.action)[locale],
      one.code === null ? words.outcome[one.outcome] : `${words.outcome[one.outcome]} ${one.code}`,
      [one.object, ...Object.entries(one.asked).map(([name, value]) => `${name}=${value}`)]
        .filter((text) => text !== '')
        .join('  '),
    ]),
  ]);
}

const WORDS = {
  zh: {
    head: ['编号', '时间', '用户', '途径', '操作', '结果', '对象'],
    via: { window: '窗口', command: '命令行', engine: '引擎自行' },
    outcome: {
      done: '完成',
      failed: '失败',
      cancelled: '已取消',
      refused: '被拒绝',
      begun: '已开始',
      open: '无结果',
    },
    shown: (shown: number, total: number) => `${shown} / ${total} 条`,
    exported: (entries: number) => `已导出 ${entries} 条`,
    more: (n: number) => `……还有 ${n} 个问题`,
    summary: (report: AuditReport) =>
      `${report.entries} 条（${formatBytes(report.bytes)}），${report.checkpoints} 个检查点，${report.unsigned} 条尚未签名；密钥 ${report.fingerprint ?? '–'}：${report.ok ? '完好' : `${report.found} 个问题`}`,
  },
  en: {
    head: ['N', 'TIME', 'BY', 'VIA', 'ACTION', 'OUTCOME', 'OBJECT'],
    via: { window: 'window', command: 'command', engine: 'engine' },
    outcome: {
      done: 'done',
      failed: 'failed',
      cancelled: 'cancelled',
      refused: 'refused',
      begun: 'begun',
      open: 'open',
    },
    shown: (shown: number, total: number) => `${shown} of ${total}`,
    exported: (entries: number) => `${entries} entries written`,
    more: (n: number) => `… and ${n} more findings`,
    summary: (report: AuditReport) =>
      `${report.entries} entries (${formatBytes(report.bytes)}), ${report.checkpoints} checkpoints, ${report.unsigned} not signed yet; key ${report.fingerprint ?? '–'}: ${report.ok ? 'ok' : `${report.found} findings`}`,
  },
} as const;
