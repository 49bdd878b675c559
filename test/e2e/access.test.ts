import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareTrainingFolder } from '../../main/engine/training-site.ts';
import { type ConsoleRun, launchConsole } from '../helpers/electron.ts';
import { goTo, settled } from '../helpers/go.ts';
import { untranslatedInChinese, visibleTexts } from '../helpers/page-text.ts';
import { type Sshd, startSshd } from '../helpers/sshd.ts';

/** Logins, host keys, the sealed store and the training site, as an operator uses them in the window. */

const PASSPHRASE = 'four unrelated words here';
const PASSWORD = 'planted-in-the-window-7f3a';
let folder: string;
let dataDir: string;
let sshd: Sshd;
let run: ConsoleRun;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-access-'));
  dataDir = join(folder, 'data');
  prepareTrainingFolder(dataDir);
  sshd = await startSshd(join(folder, 'sshd'));
  run = await launchConsole({ ready: true, dataDir });
});
afterAll(async () => {
  await run?.close();
  await sshd?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const dialog = () => run.page.getByRole('dialog');
const button = (name: string) => run.page.getByRole('button', { name, exact: true });

async function addLogin(name: string, user: string): Promise<void> {
  await button('Add a login').click();
  await dialog().getByLabel('Name').fill(name);
  await dialog().getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await dialog().getByLabel('Port').fill(String(sshd.port));
  await dialog().getByLabel('User').fill(user);
}

describe('SSH in the window', () => {
  test('a login is added, its host key compared and confirmed, and it works', async () => {
    await goTo(run.page, '/hosts/ssh');
    await addLogin('app-1', sshd.user);
    await dialog().getByLabel('Private key file').fill(sshd.keyFile);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await run.page.getByTestId('ssh-logins').getByRole('button', { name: 'Test' }).click();
    await dialog().getByText('First connection: compare the host key').waitFor();
    const shown = await dialog().locator('.ssh-key code').first().innerText();
    expect(shown.replaceAll(' ', '')).toBe(sshd.fingerprint);
    await dialog().getByText('ssh_host_ed25519_key.pub').waitFor();
    await dialog().getByRole('button', { name: 'They are the same: trust this key' }).click();
    await dialog().getByText('The login works').waitFor();
    await dialog().getByRole('button', { name: 'Close' }).first().click();
    await goTo(run.page, '/hosts/ssh?tab=audit');
    await run.page.getByText('uname -srm').first().waitFor();
  });

  test('a changed host key stops everything and says what to do', async () => {
    const port = sshd.port;
    await sshd.stop();
    sshd = await startSshd(join(folder, 'anew'), { port });
    await goTo(run.page, '/hosts/ssh');
    await run.page.getByTestId('ssh-logins').getByRole('button', { name: 'Test' }).click();
    await dialog().getByText('The host key has changed; the connection was stopped').waitFor();
    await dialog().getByText('No login was sent.', { exact: false }).first().waitFor();
    await dialog().getByRole('button', { name: 'Look at the host keys' }).click();
    await run.page.getByTestId('ssh-keys').getByRole('button', { name: 'Remove' }).click();
    await dialog().locator('input').fill('127.0.0.1');
    await dialog().getByRole('button', { name: 'Remove', exact: true }).last().click();
    await run.page.getByText('No host key is trusted yet').waitFor();
  });

  test('what may run is listed, and the sudoers file names the services and no others', async () => {
    await goTo(run.page, '/hosts/ssh?tab=commands');
    await run.page.getByTestId('ssh-commands').getByText('sudo -n systemctl reload -- UNIT').waitFor();
    await run.page.getByLabel('Services').fill('erp.service');
    await button('Make it').click();
    const text = await run.page.getByTestId('sudoers').innerText();
    expect(text).toContain('hmtt ALL=(root) NOPASSWD: /usr/bin/systemctl stop -- erp.service');
  });
});

describe('the sealed store in the window', () => {
  test('takes a password that is never shown again, and a passphrase', async () => {
    await goTo(run.page, '/hosts/ssh');
    await addLogin('app-2', 'nobody');
    await dialog().getByLabel('Way to log in').selectOption('password');
    await dialog().locator('input[name="password"]').fill(PASSWORD);
    await dialog().getByRole('button', { name: 'Save' }).click();
    await run.page.getByTestId('ssh-logins').getByText('nobody@127.0.0.1').waitFor();
    await run.page.getByTestId('ssh-logins').getByRole('button', { name: 'Edit' }).last().click();
    await dialog().getByText('kept, sealed').waitFor();
    expect(await run.page.content()).not.toContain(PASSWORD);
    await run.page.keyboard.press('Escape');

    await goTo(run.page, '/settings');
    const secrets = run.page.getByTestId('secrets');
    await secrets.getByText('ssh://nobody@127.0.0.1', { exact: false }).waitFor();
    await secrets.getByRole('button', { name: 'Set a passphrase' }).click();
    await dialog().getByLabel('New passphrase').fill(PASSPHRASE);
    await dialog().getByLabel('Once more').fill(PASSPHRASE);
    await dialog().getByRole('button', { name: 'Set a passphrase' }).click();
    await secrets.getByText('a passphrase', { exact: false }).first().waitFor();
    await secrets.getByRole('button', { name: 'Lock', exact: true }).click();
    await secrets.getByText('Locked', { exact: true }).waitFor();
    await secrets.getByRole('button', { name: 'Unlock' }).click();
    await dialog().getByLabel('Passphrase').fill('a wrong passphrase');
    await dialog().getByRole('button', { name: 'Unlock' }).click();
    await dialog().locator('[data-error-code="SECRETS_WRONG_PASSPHRASE"]').waitFor();
    await dialog().getByLabel('Passphrase').fill(PASSPHRASE);
    await dialog().getByRole('button', { name: 'Unlock' }).click();
    await secrets.getByText('Open', { exact: true }).waitFor();
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    for (const file of files) {
      const bytes = readFileSync(join(file.parentPath, file.name));
      for (const secret of [PASSWORD, PASSPHRASE])
        expect([file.name, bytes.includes(secret)]).toEqual([file.name, false]);
    }
  });
});

describe('the training site in the window', () => {
  test('speaks Chinese, as do the pages of SSH and secrets', async () => {
    await run.page.locator('.top-right select').first().selectOption('zh-CN');
    for (const path of [
      '/settings/training',
      '/settings',
      '/hosts/ssh',
      '/hosts/ssh?tab=keys',
      '/hosts/add',
    ]) {
      await goTo(run.page, path);
      await settled(run.page);
      expect([path, untranslatedInChinese(await visibleTexts(run.page))]).toEqual([path, []]);
    }
  });
});
