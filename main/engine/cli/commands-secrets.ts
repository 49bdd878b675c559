import type { Command } from 'commander';
import type { GuardKind, SecretsStatus } from '#shared/contract/secrets.ts';
import type { Locale } from '#shared/errors/index.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { readSecretFile, readSecretLine } from './secret-file.ts';

type PassphraseOptions = { readonly passphraseFile: string };

const FILE_HELP = 'file whose first line is the passphrase; - reads standard input';

/** `secrets …`: the sealed store. Passphrases and secrets come from files or standard input: a command line can be seen by others. */
export function secretsCommands(program: Command, context: CommandContext): void {
  const secrets = program.command('secrets').description('the sealed store of passwords, tokens and keys');
  secrets
    .command('status')
    .description('whether it is open, what guards it, and which secrets it holds; never what they are')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const status = await call('secrets.status', {});
          output.result(status, () => statusText(status, output.locale));
        });
      }),
    );
  secrets
    .command('unlock')
    .description('open the store of a running engine')
    .requiredOption('--passphrase-file <file>', FILE_HELP)
    .action(
      context.action(async (output, { passphraseFile }: PassphraseOptions) => {
        const passphrase = readSecretLine('--passphrase-file', passphraseFile);
        await context.withSession(output, async ({ call }) => {
          await call('secrets.unlock', { passphrase });
          output.result({ state: 'open' }, () => word('open', output.locale));
        });
      }),
    );
  secrets
    .command('lock')
    .description('forget the key until the passphrase is given again')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          await call('secrets.lock', {});
          output.result({ state: 'locked' }, () => word('locked', output.locale));
        });
      }),
    );
  secrets
    .command('passphrase')
    .description('set or change the passphrase; every secret is sealed anew')
    .requiredOption('--new-passphrase-file <file>', FILE_HELP)
    .option('--passphrase-file <file>', 'the passphrase until now, when there is one')
    .action(
      context.action(
        async (output, options: Partial<PassphraseOptions> & { readonly newPassphraseFile: string }) => {
          const passphrase = readSecretLine('--new-passphrase-file', options.newPassphraseFile);
          const current =
            options.passphraseFile === undefined
              ? {}
              : { current: readSecretLine('--passphrase-file', options.passphraseFile) };
          await context.withSession(output, async ({ call }) => {
            await call('secrets.setPassphrase', { passphrase, ...current });
            const status = await call('secrets.status', {});
            output.result(status, () => statusText(status, output.locale));
          });
        },
      ),
    );
  secrets
    .command('put <name>')
    .description('keep a secret under a name, for settings that name one')
    .requiredOption('--file <file>', 'file that holds it, without its last line end; - reads standard input')
    .action(
      context.action(async (output, name: string, options: { readonly file: string }) => {
        const text = readSecretFile('--file', options.file).replace(/\r?\n$/, '');
        await context.withSession(output, async ({ call }) => {
          await call('secrets.put', { name, text });
          output.result({ name }, () => name);
        });
      }),
    );
  secrets
    .command('remove <name>')
    .description('forget a secret that was kept under a name')
    .action(
      context.action(async (output, name: string) => {
        await context.withSession(output, async ({ call }) => {
          await call('secrets.remove', { name });
          output.result({ name }, () => name);
        });
      }),
    );
}

const GUARDS: Readonly<Record<GuardKind, { readonly zh: string; readonly en: string }>> = {
  key_store: { zh: '系统密钥环', en: "the operating system's key store" },
  passphrase: { zh: '口令', en: 'a passphrase' },
  file: {
    zh: '数据目录中的密钥文件（请设置口令）',
    en: 'a key file in the data folder (set a passphrase)',
  },
};

function statusText({ state, guards, secrets }: SecretsStatus, locale: Locale): string {
  const kept = guards.map(({ kind }) => GUARDS[kind][locale]).join(locale === 'zh' ? '、' : ', ');
  const by = locale === 'zh' ? '保护：' : 'guarded by ';
  const rows = secrets.map((one) => [
    one.area,
    one.field,
    one.place === '' ? '-' : one.place,
    new Date(one.sealedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
  ]);
  return [
    word(state, locale),
    ...(kept === '' ? [] : [by + kept]),
    ...(rows.length === 0 ? [] : [table([['of', 'field', 'for', 'sealed'], ...rows])]),
  ].join('\n');
}

function word(state: SecretsStatus['state'], locale: Locale): string {
  if (locale === 'zh') return state === 'open' ? '已解锁' : '已锁定';
  return state;
}
