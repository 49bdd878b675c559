import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { type ImportRow, type InventoryImport, MOST_INVENTORY_BYTES } from '#shared/contract/inventory.ts';
import { appError, describeThrown } from '#shared/errors/index.ts';
import type { CommandContext } from './context.ts';
import { type Output, table } from './output.ts';
import { CommandFailure } from './session.ts';

type ImportOptions = { readonly dryRun?: boolean; readonly goodRows?: boolean };

/** `inventory import` and `inventory export`: hosts, components and links alone. */
export function inventoryCommands(program: Command, context: CommandContext): void {
  const inventory = program
    .command('inventory')
    .description('who owns what, what runs where, what stands behind what');
  inventory
    .command('import <file>')
    .description('a CSV file, a list like /etc/hosts, or a file of inventory export')
    .option('--dry-run', 'say what would happen, change nothing')
    .option('--good-rows', 'leave wrong rows out instead of refusing the file')
    .action(
      context.action(async (output, file: string, options: ImportOptions) =>
        importFile(output, file, options),
      ),
    );
  inventory
    .command('export')
    .description('on stdout: hosts, targets, components, links, scrape jobs, without secrets')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          context.stdout((await call('inventory.export', {})).text);
        });
      }),
    );

  async function importFile(output: Output, file: string, options: ImportOptions): Promise<void> {
    const bytes = readBytes(file).toString('base64');
    await context.withSession(output, async ({ call }) => {
      const answer = await call('inventory.import', {
        fileName: basename(file),
        bytes,
        take: options.goodRows === true ? 'good' : 'all',
        dryRun: options.dryRun === true,
      });
      output.result(answer, () => importText(answer, file, output.locale));
      if (answer.faults.length > 0 && options.goodRows !== true)
        throw new CommandFailure(appError('INVENTORY_ROWS_REFUSED', { count: answer.faults.length }));
    });
  }
}

function readBytes(file: string): Buffer {
  try {
    if (statSync(file).size > MOST_INVENTORY_BYTES)
      throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: '> 16 MiB' }));
    return readFileSync(file);
  } catch (thrown) {
    if (thrown instanceof CommandFailure) throw thrown;
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

function importText(answer: InventoryImport, file: string, locale: 'zh' | 'en'): string {
  const changes = answer.rows.filter(({ action }) => action !== 'same');
  const count = (action: ImportRow['action']): number =>
    answer.rows.filter((row) => row.action === action).length;
  const place = (line: number | null): string =>
    line === null ? basename(file) : `${basename(file)}:${line}`;
  return [
    ...(changes.length === 0
      ? []
      : [
          table([
            ['line', 'what', 'name', 'action', 'fields'],
            ...changes.map((row) => [
              row.line === null ? '' : String(row.line),
              row.what,
              row.name,
              row.action,
              row.fields.join(' '),
            ]),
          ]),
        ]),
    ...answer.faults.map(({ line, field, message }) => `${place(line)}: ${field}: ${message[locale]}`),
    ...answer.ignoredColumns.map((column) => `column ignored: ${column}`),
    `${count('add')} added, ${count('change')} changed, ${count('same')} the same, ${answer.faults.length} wrong (${answer.format}, ${answer.encoding})${answer.applied ? '' : '; nothing was changed'}`,
  ].join('\n');
}
