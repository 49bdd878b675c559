import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ImportItem } from '#shared/contract/logs-pipelines.ts';
import { appError, describeThrown } from '#shared/errors/index.ts';
import type { CommandContext } from './context.ts';
import { type Output, table } from './output.ts';
import { CommandFailure } from './session.ts';

/** A configuration is written by people; a longer file is not one. */
const LARGEST_FILE = 1_000_000;

/** `import logstash FILE`. */
export function importLogstashCommand(imports: Command, context: CommandContext): void {
  imports
    .command('logstash <file>')
    .description('a Logstash pipeline: file inputs, filters, elasticsearch and file outputs')
    .option('--dry-run', 'say what would be taken and what would be refused, change nothing')
    .action(
      context.action(async (output, file: string, options: { dryRun?: boolean }) => {
        const text = readConfiguration(file);
        const fileName = resolve(file);
        await context.withSession(output, async ({ call }) => {
          const preview = await call('logs.logstash.preview', { text, fileName });
          for (const item of preview.refused) output.note(itemLine(file, 'refused', item, output));
          if (options.dryRun === true && preview.refused.length === 0) {
            output.result(preview, () =>
              [
                ...preview.taken.map((item) => itemLine(file, 'taken', item, output)),
                ...preview.notices.map((item) => itemLine(file, 'note', item, output)),
              ].join('\n'),
            );
            return;
          }
          // With anything refused this answers why, and changes nothing.
          const applied = await call('logs.logstash.apply', { text, fileName });
          output.result(applied, () =>
            [
              ...preview.taken.map((item) => itemLine(file, 'taken', item, output)),
              ...applied.notices.map((item) => itemLine(file, 'note', item, output)),
              `${applied.sources.length} log sources, ${applied.pipeline === null ? 0 : 1} pipeline, ${applied.outputs.length} outputs; streams: ${
                applied.streams.length === 0 ? '–' : applied.streams.join(', ')
              }`,
            ].join('\n'),
          );
        });
      }),
    );
}

/** `logs pipelines`, `logs masking` and `logs outputs`. */
export function logPipelineCommands(logs: Command, context: CommandContext): void {
  const pipelines = logs.command('pipelines').description('filters between reading and storing');
  pipelines
    .command('list', { isDefault: true })
    .description('every pipeline with its counters')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const listed = await call('logs.pipelines.list', {});
          output.result(listed, () =>
            table([
              ['name', 'on', 'sources', 'streams', 'in', 'dropped', 'failed'],
              ...listed.pipelines.map(({ name, enabled, sources, streams, counts }) => [
                name,
                enabled ? 'yes' : 'no',
                sources.length === 0 ? '*' : sources.join(', '),
                streams.join(', '),
                String(Math.max(0, ...counts.map((count) => count.in))),
                String(counts.reduce((sum, count) => sum + count.dropped, 0)),
                String(counts.reduce((sum, count) => sum + count.failed, 0)),
              ]),
            ]),
          );
        });
      }),
    );
  pipelines
    .command('remove <name>')
    .description('events are stored as they come from then on; what is stored stays as it is')
    .action(
      context.action(async (output, name: string) => {
        await context.withSession(output, async ({ call }) => {
          const { pipelines: all } = await call('logs.pipelines.list', {});
          const id = all.find((one) => one.name === name)?.id;
          if (id === undefined)
            throw new CommandFailure(appError('NOT_FOUND', { what: 'log pipeline', id: name }));
          await call('logs.pipelines.remove', { id });
          output.result({ removed: name }, () => `removed ${name}`);
        });
      }),
    );

  const masking = logs.command('masking').description('what is hidden in logs');
  masking
    .command('list', { isDefault: true })
    .description('every rule, and where it hides')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const listed = await call('logs.masking.list', {});
          output.result(listed, () =>
            table([
              ['rule', 'when stored', 'when exported', 'replacement', 'pattern'],
              ...listed.rules.map(({ name, atIngest, atExport, replacement, pattern }) => [
                name,
                atIngest ? 'yes' : 'no',
                atExport ? 'yes' : 'no',
                replacement,
                pattern,
              ]),
            ]),
          );
        });
      }),
    );
  masking
    .command('set <rule>')
    .description(
      'switch a rule, by its name or kind (password, token, id-number, phone, bank-card, email, ip)',
    )
    .option('--ingest <on|off>', 'hide before an event is stored; nothing brings it back')
    .option('--export <on|off>', 'hide when events leave the console')
    .action(
      context.action(async (output, rule: string, options: { ingest?: string; export?: string }) => {
        await context.withSession(output, async ({ call }) => {
          const { rules } = await call('logs.masking.list', {});
          const found = rules.find((one) => one.id === rule || one.name === rule);
          if (found === undefined)
            throw new CommandFailure(appError('NOT_FOUND', { what: 'masking rule', id: rule }));
          const next = {
            ...found,
            atIngest: options.ingest === undefined ? found.atIngest : options.ingest === 'on',
            atExport: options.export === undefined ? found.atExport : options.export === 'on',
          };
          await call('logs.masking.put', next);
          output.result(
            next,
            () => `${next.name}: stored ${onOff(next.atIngest)}, exported ${onOff(next.atExport)}`,
          );
        });
      }),
    );

  logs
    .command('outputs')
    .description('servers that events are sent to, and how far that is')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const listed = await call('logs.outputs.list', {});
          output.result(listed, () =>
            table([
              ['name', 'state', 'server', 'sent', 'waiting', 'refused', 'given up', 'error'],
              ...listed.outputs.map((one) => [
                one.output.name,
                one.state,
                one.output.servers[0] ?? '',
                String(one.eventsSent),
                String(one.backlogEvents),
                String(one.eventsRefused),
                String(one.eventsGivenUp),
                one.lastError?.message[output.locale] ?? '',
              ]),
            ]),
          );
        });
      }),
    );
}

function onOff(value: boolean): string {
  return value ? 'masked' : 'as it is';
}

function itemLine(file: string, what: string, { line, name, text }: ImportItem, output: Output): string {
  return `${file}:${line}: ${what}: ${name === '' ? '' : `${name}: `}${text[output.locale]}`;
}

function readConfiguration(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length <= LARGEST_FILE) return text;
    throw new Error(`larger than ${LARGEST_FILE} characters`);
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}
