import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type CheckImport, type CheckRun, type CheckState, checkSchema } from '#shared/contract/checks.ts';
import { appError, describeThrown, type Locale } from '#shared/errors/index.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

const STATE_WORD: Readonly<Record<CheckState, Readonly<Record<Locale, string>>>> = {
  ok: { zh: '正常', en: 'ok' },
  warning: { zh: '警告', en: 'warning' },
  critical: { zh: '严重', en: 'critical' },
  unknown: { zh: '未知', en: 'unknown' },
  pending: { zh: '尚未检查', en: 'pending' },
};

/** `checks run`, `checks list`, `checks add`, `checks remove`, and imports of checks. */
export function checksCommands(program: Command, context: CommandContext): void {
  const checks = program.command('checks').description('what is asked of hosts besides their metrics');
  checks
    .command('run <host>')
    .description('make all checks of a host now and show every step; exit code 1 when one of them fails')
    .action(
      context.action(async (output, host: string) => {
        await context.withSession(output, async (session) => {
          const hostId = await hostIdOf(session, host);
          const answer = await session.call('checks.run', { hostId });
          output.result(answer, () => answer.runs.map((run) => runText(run, output.locale)).join('\n'));
          const failed = answer.runs.find(({ error }) => error !== null)?.error;
          if (failed !== undefined && failed !== null) throw new CommandFailure(failed);
        });
      }),
    );
  checks
    .command('list [host]')
    .description('checks with their state, worst first')
    .action(
      context.action(async (output, host?: string) => {
        await context.withSession(output, async (session) => {
          const hostId = host === undefined ? undefined : await hostIdOf(session, host);
          const answer = await session.call('checks.list', hostId === undefined ? {} : { hostId });
          const { hosts } = await session.call('hosts.list', {});
          const names = new Map(hosts.map(({ id, name }) => [id, name]));
          output.result(answer, () =>
            table([
              ['host', 'check', 'kind', 'state', 'every', 'last'],
              ...answer.checks.map((check) => [
                names.get(check.hostId) ?? check.hostId,
                check.name,
                check.what.kind,
                check.enabled ? STATE_WORD[check.state][output.locale] : '-',
                `${check.intervalMs / 1000} s`,
                check.last?.sentence[output.locale] ?? '',
              ]),
            ]),
          );
        });
      }),
    );
  checks
    .command('add <host> <settings>')
    .description(
      'a check as JSON, e.g. \'{"name":"web","what":{"kind":"http","url":"http://10.0.0.5/"}}\'; @FILE reads it from a file',
    )
    .action(
      context.action(async (output, host: string, settings: string) => {
        await context.withSession(output, async (session) => {
          const hostId = await hostIdOf(session, host);
          const text = settings.startsWith('@') ? readText(settings.slice(1)) : settings;
          const check = checkSchema.safeParse({ ...objectIn(text), hostId });
          if (!check.success) {
            const [issue] = check.error.issues;
            throw usage(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
          }
          const answer = await session.call('checks.put', check.data);
          output.result(answer, () => answer.id);
        });
      }),
    );
  checks
    .command('remove <id>')
    .description('end a check; its series stay as long as all others')
    .action(
      context.action(async (output, id: string) => {
        await context.withSession(output, async ({ call }) => {
          const answer = await call('checks.remove', { id });
          output.result(answer, () => id);
        });
      }),
    );
  importCommands(checks, context);
}

function importCommands(checks: Command, context: CommandContext): void {
  checks
    .command('import-nagios <file...>')
    .description('hosts, services and commands of Nagios object files')
    .option('--plugins <folder>', 'what $USER1$ stands for', '/usr/lib/nagios/plugins')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(
      context.action(async (output, names: string[], options: { plugins: string; dryRun?: boolean }) => {
        const files = names.map((name) => ({ name, text: readText(name) }));
        await context.withSession(output, async ({ call }) => {
          const dryRun = options.dryRun === true;
          const answer = await call('checks.importNagios', { files, pluginFolder: options.plugins, dryRun });
          output.result(answer, () => importText(answer, output.locale));
        });
      }),
    );
  checks
    .command('import-zabbix <host> <file>')
    .description("a template export of Zabbix (YAML) for one host's agent")
    .option('--agent <address>', "HOST or HOST:PORT of the agent, when it is not the host's own address")
    .option('--rules-out <file>', 'write the rules made of its triggers there')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(
      context.action(
        async (
          output,
          host: string,
          file: string,
          options: { agent?: string; rulesOut?: string; dryRun?: boolean },
        ) => {
          const text = readText(file);
          await context.withSession(output, async (session) => {
            const [, agentHost = '', port = '10050'] = /^(.+?)(?::(\d+))?$/.exec(options.agent ?? '') ?? [];
            const answer = await session.call('checks.importZabbix', {
              fileName: file,
              text,
              hostId: await hostIdOf(session, host),
              agent: agentHost === '' ? null : { host: agentHost, port: Number(port) },
              dryRun: options.dryRun === true,
            });
            if (options.rulesOut !== undefined && answer.rules !== '')
              writeFileSync(options.rulesOut, answer.rules);
            output.result(answer, () => importText(answer, output.locale));
          });
        },
      ),
    );
}

async function hostIdOf({ call }: Session, name: string): Promise<string> {
  const { hosts } = await call('hosts.list', {});
  const host =
    hosts.find((one) => one.id === name) ??
    hosts.find((one) => one.name === name) ??
    hosts.find((one) => one.address === name);
  if (host === undefined) throw new CommandFailure(appError('NOT_FOUND', { what: 'host', id: name }));
  return host.id;
}

const usage = (why: string): CommandFailure =>
  new CommandFailure(appError('BAD_INPUT', { method: 'checks add', field: 'settings', why }), EXIT.usage);

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object') return value;
  } catch (thrown) {
    throw usage(describeThrown(thrown));
  }
  throw usage('no JSON object');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

function runText(run: CheckRun, locale: Locale): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const head = `${STATE_WORD[run.state][locale]}  ${run.name} (${run.kind}, ${ms(run.durationMs)}): ${run.sentence[locale]}`;
  const steps = run.steps.map(({ step, ok, durationMs, detail }) => [
    `  ${ok ? '+' : '!'} ${step[locale]}`,
    ms(durationMs),
    detail.split('\n')[0] ?? '',
  ]);
  return steps.length === 0 ? head : `${head}\n${table(steps)}`;
}

function importText(answer: CheckImport, locale: Locale): string {
  const counts = `added ${answer.added.length}, changed ${answer.changed}, unchanged ${answer.unchanged}`;
  return [
    counts,
    ...answer.hostsUnknown.map((host) => `not in the inventory: ${host}`),
    ...answer.notTaken.map(({ line, what, why }) => `line ${line}: ${what}: ${why[locale]}`),
    ...(answer.rules === '' ? [] : ['', answer.rules]),
  ].join('\n');
}
