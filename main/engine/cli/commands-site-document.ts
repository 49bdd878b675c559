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
                WORDS[output.locale].exportHead,
                ...answer.sections
                  .filter(({ entries }) => entries > 0)
                  .map(({ section, entries }) => [section, String(entries)]),
              ]),
              WORDS[output.locale].exported(answer.secretsSealed, answer.secretsLeftOut.length),
              ...answer.secretsLeftOut.map(WORDS[output.locale].leftOut),
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
  const words = WORDS[locale];
  const count = (what: 'added' | 'changed' | 'same' | 'left'): number =>
    answer.sections.reduce((sum, section) => sum + section[what], 0);
  const rows = answer.sections.flatMap(({ section, rows: own }) =>
    own.map(({ name, action, fields }) => [section, words[action], visibleText(name), fields.join(' ')]),
  );
  return [
    table([
      words.sectionsHead,
      ...answer.sections
        .filter(({ added, changed, same, left }) => added + changed + same + left > 0)
        .map(({ section, ...of }) => [section, ...[of.added, of.changed, of.same, of.left].map(String)]),
    ]),
    ...(rows.length === 0 ? [] : [table([words.rowsHead, ...rows])]),
    ...answer.faults.map(({ path, message }) => visibleText(`${path}: ${message[locale]}`)),
    ...answer.warnings.map(({ path, message }) => visibleText(`${words.warning}${path}: ${message[locale]}`)),
    ...more(answer.faultCount - answer.faults.length, words.moreFaults),
    ...more(answer.warningCount - answer.warnings.length, words.moreWarnings),
    ...answer.secretsToEnter.map((name) => visibleText(`${words.toEnter}${name}`)),
    words.summary(
      { added: count('added'), changed: count('changed'), same: count('same'), left: count('left') },
      answer,
    ),
  ].join('\n');
}

function more(count: number, sentence: (count: number) => string): string[] {
  return count > 0 ? [sentence(count)] : [];
}

type Counts = Readonly<Record<'added' | 'changed' | 'same' | 'left', number>>;
type Ended = Pick<DocumentImport, 'secretsTaken' | 'faultCount' | 'applied'>;

const WORDS = {
  zh: {
    exportHead: ['部分', '条目'],
    exported: (sealed: number, left: number) => `已加密 ${sealed} 个密码，未导出 ${left} 个`,
    leftOut: (name: string) => `未导出：${name}`,
    sectionsHead: ['部分', '新增', '更改', '相同', '保留'],
    rowsHead: ['部分', '操作', '名称', '更改的字段'],
    add: '新增',
    change: '更改',
    warning: '请注意：',
    toEnter: '需要重新录入：',
    moreFaults: (count: number) => `……还有 ${count} 处错误`,
    moreWarnings: (count: number) => `……还有 ${count} 处请注意`,
    summary: ({ added, changed, same, left }: Counts, { secretsTaken, faultCount, applied }: Ended) =>
      `新增 ${added} 条，更改 ${changed} 条，相同 ${same} 条，仅在本机、保持不变 ${left} 条；带入 ${secretsTaken} 个密码；${faultCount} 处错误${applied ? '' : '；没有写入任何内容'}`,
  },
  en: {
    exportHead: ['section', 'entries'],
    exported: (sealed: number, left: number) => `${sealed} secrets sealed, ${left} left out`,
    leftOut: (name: string) => `left out: ${name}`,
    sectionsHead: ['section', 'added', 'changed', 'same', 'left'],
    rowsHead: ['section', 'action', 'name', 'fields'],
    add: 'add',
    change: 'change',
    warning: 'warning: ',
    toEnter: 'to be entered again: ',
    moreFaults: (count: number) => `… and ${count} more faults`,
    moreWarnings: (count: number) => `… and ${count} more warnings`,
    summary: ({ added, changed, same, left }: Counts, { secretsTaken, faultCount, applied }: Ended) =>
      `${added} added, ${changed} changed, ${same} the same, ${left} left as they are, ${secretsTaken} secrets taken over, ${faultCount} wrong${applied ? '' : '; nothing was changed'}`,
  },
};
