import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LogEncoding, LogMultiline } from '#shared/contract/logs-reading.ts';
import type { LogReceiverInput } from '#shared/contract/logs-sources.ts';
import { appError } from '#shared/errors/index.ts';
import type { CommandContext } from './context.ts';
import { type Output, table } from './output.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

/** Options that say how lines are read, of `add` and `test` alike. */
type ReadingOptions = { format: string; zone?: string; encoding?: string; join?: string };
type AddOptions = ReadingOptions & {
  path: string;
  host?: string;
  name?: string;
  from: string;
  more?: string[];
  exclude?: string[];
  ssh?: string;
};
type ReceiveOptions = {
  protocol: string;
  listen: string;
  name?: string;
  zone?: string;
  allow?: string[];
  cert?: string;
  key?: string;
  clientCa?: string;
};

const EVENT_BOUNDS = { maxLines: 1000, maxBytes: 262_144, flushMs: 2000 };
const MOST_SAMPLE = 262_144;

/** `logs add`, `logs sources`, `logs test`, `logs formats` and `logs receive`. */
export function logSourceCommands(logs: Command, context: CommandContext): void {
  reading(logs.command('add').description('follow files, here or on a host'))
    .requiredOption('--path <glob>', 'file, folder or pattern')
    .option('--more <glob...>', 'further files, folders or patterns of the same source')
    .option('--exclude <glob...>', 'files that are left out')
    .option('--host <host>', 'which host the lines are of; this machine when left out')
    .option('--name <name>', 'how it is called in lists')
    .option('--from <where>', 'beginning or end', 'beginning')
    .option('--ssh <login>', 'name or id of an SSH login: the files are on that host')
    .action(
      context.action(async (output, options: AddOptions) => {
        await context.withSession(output, async (session) => {
          const { from, path, more = [], exclude = [], ssh, encoding, join, ...rest } = options;
          const login = ssh === undefined ? null : await loginOf(session, ssh);
          // The engine may run in another folder than the one this was typed in; a host has folders of its own.
          const absolute = (one: string): string => (login === null ? resolve(one) : one);
          const added = await session.call('logs.sources.add', {
            ...rest,
            ...(login === null || rest.host !== undefined ? {} : { host: login.name }),
            path: absolute(path),
            more: more.map(absolute),
            exclude,
            from: from as 'beginning',
            ...(encoding === undefined ? {} : { encoding: encoding as LogEncoding }),
            multiline: multilineOf(join),
            remote: login === null ? null : { login: login.id },
          });
          output.result(added, () => added.id);
        });
      }),
    );
  logs
    .command('sources')
    .description('what is read: state, lines, how far behind')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const listed = await call('logs.sources.list', {});
          output.result(listed, () =>
            table([
              ['name', 'host', 'from', 'format', 'state', 'lines', 'behind'],
              ...listed.sources.map((source) => [
                source.name,
                source.host,
                source.origin.kind,
                source.detectedFormat ?? source.format,
                source.error?.code ?? source.state,
                String(source.lines),
                String(source.lagBytes),
              ]),
            ]),
          );
        });
      }),
    );
  reading(
    logs.command('test [file]').description('show what a format makes of a file, or of standard input'),
  ).action(
    context.action(async (output, file: string | undefined, options: ReadingOptions) => {
      await context.withSession(output, async (session) => testSample(session, output, file, options));
    }),
  );
  logs
    .command('formats')
    .description('the built-in formats, each in a sentence')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const known = await call('logs.formats', {});
          output.result(known, () =>
            known.formats.map(({ name, sentence }) => `${name}\n    ${sentence[output.locale]}`).join('\n'),
          );
        });
      }),
    );
  receiveCommands(logs, context);
}

function reading(command: Command): Command {
  return command
    .option(
      '--format <format>',
      'auto, a name of `logs formats`, grok:PATTERN, or a pattern with named groups',
      'auto',
    )
    .option('--zone <tz>', 'of time stamps that carry none')
    .option('--encoding <name>', 'auto, utf-8, utf-16le, utf-16be or gb18030')
    .option('--join <rule>', 'several lines are one event: indent, time, or start:PATTERN of its first line');
}

function receiveCommands(logs: Command, context: CommandContext): void {
  logs
    .command('receive')
    .description('receive syslog from the network; without --listen: what is received at present')
    .option('--listen <address>', 'such as 0.0.0.0:514 or [::]:6514')
    .option('--protocol <name>', 'udp, tcp or tls', 'udp')
    .option('--name <name>', 'how it is called in lists')
    .option('--zone <tz>', 'of time stamps that carry none')
    .option('--allow <network...>', 'who may send; everyone when left out')
    .option('--cert <file>', 'PEM, for tls')
    .option('--key <file>', 'PEM, for tls')
    .option('--client-ca <file>', 'senders must show a certificate that this one signed')
    .option('--off <id>', 'switch a receiver off; what it has received stays')
    .action(
      context.action(async (output, options: Partial<ReceiveOptions> & { off?: string }) => {
        await context.withSession(output, async ({ call }) => {
          if (options.listen !== undefined) {
            const put = await call('logs.receivers.put', receiverOf(options as ReceiveOptions));
            output.result(put, () => put.id);
            return;
          }
          const { receivers } = await call('logs.receivers.list', {});
          if (options.off !== undefined) {
            const found = receivers.find(({ id, name }) => id === options.off || name === options.off);
            if (found === undefined)
              throw new CommandFailure(
                appError('NOT_FOUND', { what: 'log receiver', id: options.off }),
                EXIT.failed,
              );
            await call('logs.receivers.put', { ...found, enabled: false });
            output.result({ id: found.id }, () => found.id);
            return;
          }
          output.result({ receivers }, () =>
            table([
              ['id', 'name', 'listens', 'state', 'messages', 'dropped', 'senders'],
              ...receivers.map((one) => [
                one.id,
                one.name,
                `${one.protocol} ${one.address}:${one.boundPort ?? one.port}`,
                one.error?.code ?? one.state,
                String(one.counters.messages),
                String(
                  one.counters.droppedRate + one.counters.droppedDisk + (one.counters.droppedKernel ?? 0),
                ),
                String(one.senderCount),
              ]),
            ]),
          );
        });
      }),
    );
}

function usage(field: string, why: string): CommandFailure {
  return new CommandFailure(appError('BAD_INPUT', { method: 'logs', field, why }), EXIT.usage);
}

function receiverOf(options: ReceiveOptions): LogReceiverInput {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(options.listen);
  if (match === null) throw usage('--listen', `not ADDRESS:PORT: ${options.listen}`);
  const { protocol, cert, key, clientCa, name, zone, allow } = options;
  if (protocol !== 'udp' && protocol !== 'tcp' && protocol !== 'tls')
    throw usage('--protocol', `not udp, tcp or tls: ${protocol}`);
  return {
    name: name ?? `${protocol} ${options.listen}`,
    enabled: true,
    protocol,
    address: match[1] ?? match[2] ?? '',
    port: Number(match[3]),
    ...(zone === undefined ? {} : { zone }),
    allow: allow ?? [],
    tls:
      cert === undefined || key === undefined
        ? null
        : {
            certFile: resolve(cert),
            keyFile: resolve(key),
            clientCaFile: clientCa === undefined ? null : resolve(clientCa),
          },
  };
}

function multilineOf(rule: string | undefined): LogMultiline {
  if (rule === undefined) return { kind: 'none' };
  if (rule === 'indent' || rule === 'time') return { kind: rule, ...EVENT_BOUNDS };
  if (rule.startsWith('start:') && rule.length > 6)
    return { kind: 'start', pattern: rule.slice(6), ...EVENT_BOUNDS };
  throw usage('--join', `not indent, time or start:PATTERN: ${rule}`);
}

async function loginOf(
  session: Session,
  named: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const { logins } = await session.call('ssh.logins.list', {});
  const found = logins.find(({ id, name }) => id === named || name === named);
  if (found === undefined)
    throw new CommandFailure(appError('NOT_FOUND', { what: 'SSH login', id: named }), EXIT.failed);
  return found;
}

/** Prints each event with its fields, and for those that do not match the file, line, column and why, as compilers do. */
async function testSample(
  session: Session,
  output: Output,
  file: string | undefined,
  { format, zone, encoding, join }: ReadingOptions,
): Promise<void> {
  if (file !== undefined && !existsSync(file))
    throw new CommandFailure(
      appError('LOG_FILE_UNREADABLE', { file, why: 'there is no such file' }),
      EXIT.failed,
    );
  const sample =
    file === undefined ? { text: readFileSync(0, 'utf8').slice(0, MOST_SAMPLE) } : { path: resolve(file) };
  const tested = await session.call('logs.sources.test', {
    format,
    ...(zone === undefined ? {} : { zone }),
    ...(encoding === undefined ? {} : { encoding: encoding as LogEncoding }),
    multiline: multilineOf(join),
    ...sample,
    limit: 500,
  });
  const name = file ?? '-';
  output.result(tested, () =>
    tested.lines
      .map((line) => {
        if (line.why !== null) return `${name}:${line.line}:${line.column ?? 1}: ${line.why[output.locale]}`;
        const fields = line.fields.map((field) => `    ${field.name} = ${field.value}`);
        const time = line.time === null ? '-' : new Date(line.time).toISOString();
        return [`${name}:${line.line}: ${time} ${line.level} ${line.message}`, ...fields].join('\n');
      })
      .join('\n'),
  );
  output.note(
    output.locale === 'zh'
      ? `格式 ${tested.format}，编码 ${tested.encoding}：${tested.total} 个事件中 ${tested.matched} 个匹配`
      : `format ${tested.format}, encoding ${tested.encoding}: ${tested.matched} of ${tested.total} events match`,
  );
}
