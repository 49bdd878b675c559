import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { type DocumentImport, MOST_DOCUMENT_TEXT } from '#shared/contract/site-document.ts';
import { appError, describeThrown, type Locale } from '#shared/errors/index.ts';
import { visibleText } from '../platform/visible-text.ts';
import { writeFileDurably } from '../storage/durable.ts';
import type { CommandContext } from './context.ts';
import type { KeyOptions } from './key-options.ts';
import { table } from './output.ts';
import { readSecretFile, readSecretLine } from './secret-file.ts';
import { CommandFailure } from './session.ts';

type ExportOptions = { readonly encryptTo?: string[]; readonly passphraseFile?: string };
type ImportOptions = KeyOptions & { readonly dryRun?: boolean; readonly withoutSecrets?: boolean };

/** `export site` and `import site`: the whole configuration as one document. */
export function siteDocumentCommands(
  door: { readonly import: Command; readonly export: Command },
  context: CommandContext,
): void {
  door.export
    .command('site <file>')
    .description('the whole configuration as one document; secrets are left out unless they are sealed')
    .option('--encrypt-to <recipient...>', 'seal the secrets to age recipients')
    .option('--passphrase-file <file>', 'seal the secrets with the passphrase in the first line of this file')
    .action(
      context.action(async (output, file: string, options: ExportOptions) => {
        await context.withSession(output, async ({ call }) => {
          const { text, ...answer } = await call('configuration.export', {
            encryptTo: options.encryptTo ?? [],
            ...(options.passphraseFile === undefined
              ? {}
              : { passphrase: readSecretLine('--passphrase-file', options.passphraseFile) }),
          });
          save(file, text);
          output.result({ file, ...answer }, () =>
            [
              table([
                ['section', 'entries'],
                ...answer.sections
                  .filter(({ entries }) => entries > 0)
                  .map(({ section, entries }) => [section, String(entries)]),
              ]),
              `${answer.secretsSealed} secrets sealed, ${answer.secretsLeftOut.length} left out`,
              ...answer.secretsLeftOut.map((name) => `left out: ${name}`),
              file,
            ].join('\n'),
          );
        });
      }),
    );
  door.import
    .command('site <file>')
    .description('the whole configuration of this console or of another one; whole or not at all')
    .option('--dry-run', 'say what would be added and changed, change nothing')
    .option('--identity-file <file>', 'age identity, or a sealed NAME.key.age, that opens the secrets')
    .option(
      '--passphrase-file <file>',
      'file whose first line is the passphrase of the secrets, or of the identity',
    )
    .option('--without-secrets', 'import although the sealed secrets cannot be opened')
    .action(
      context.action(async (output, file: string, options: ImportOptions) => {
        const text = readDocument(file);
        await context.withSession(output, async ({ call }) => {
          const answer = await call('configuration.import', {
            fileName: basename(file),
            text,
            ...(options.identityFile === undefined
              ? {}
              : { identity: readSecretFile('--identity-file', options.identityFile) }),
            ...(options.passphraseFile === undefined
              ? {}
              : { passphrase: readSecretLine('--passphrase-file', options.passphraseFile) }),
            withoutSecrets: options.withoutSecrets === true,
            dryRun: options.dryRun === true,
          });
          output.result(answer, () => importText(answer, output.locale));
          if (answer.faultCount > 0)
            throw new CommandFailure(appError('SITE_DOCUMENT_REFUSED', { count: answer.faultCount }));
        });
      }),
    );
}

function readDocument(file: string): string {
  try {
    if (statSync(file).size > MOST_DOCUMENT_TEXT) throw new Error('> 32 MiB');
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

function save(file: string, text: string): void {
  try {
    // It names hosts, users and paths of the whole site.
    writeFileDurably(file, text);
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_NOT_SAVED', { file, why: describeThrown(thrown) }));
  }
}

function importText(answer: DocumentImport, locale: Locale): string {
  const count = (what: 'added' | 'changed' | 'same' | 'left'): number =>
    answer.sections.reduce((sum, section) => sum + section[what], 0);
  const rows = answer.sections.flatMap(({ section, rows: own }) =>
    own.map(({ name, action, fields }) => [section, action, visibleText(name), fields.join(' ')]),
  );
  return [
    table([
      ['section', 'added', 'changed', 'same', 'left'],
      ...answer.sections
        .filter(({ added, changed, same, left }) => added + changed + same + left > 0)
        .map(({ section, ...of }) => [section, ...[of.added, of.changed, of.same, of.left].map(String)]),
    ]),
    ...(rows.length === 0 ? [] : [table([['section', 'action', 'name', 'fields'], ...rows])]),
    ...answer.faults.map(({ path, message }) => visibleText(`${path}: ${message[locale]}`)),
    ...answer.warnings.map(({ path, message }) => visibleText(`warning: ${path}: ${message[locale]}`)),
    ...more(answer.faultCount - answer.faults.length, 'faults'),
    ...more(answer.warningCount - answer.warnings.length, 'warnings'),
    ...answer.secretsToEnter.map((name) => visibleText(`to be entered again: ${name}`)),
    `${count('added')} added, ${count('changed')} changed, ${count('same')} the same, ${count('left')} left as they are, ${answer.secretsTaken} secrets taken over, ${answer.faultCount} wrong${answer.applied ? '' : '; nothing was changed'}`,
  ].join('\n');
}

function more(count: number, what: string): string[] {
  return count > 0 ? [`… and ${count} more ${what}`] : [];
}
