import { expect, test } from 'vitest';
import { notifySite, value } from '../../../helpers/notify-area.ts';

test('a configuration is taken whole, or refused with every mistake; nobody overwrites what another one changed', async () => {
  const { ask } = notifySite();
  const { config, revision, isDefault } = value(await ask('notify.config.get', {}));
  expect(isDefault).toBe(true);
  const wrong = {
    ...config,
    route: { ...config.route, receiver: 'nobody-knows', groupBy: ['...', 'host'] },
    receivers: [
      ...config.receivers,
      {
        name: 'lost',
        targets: [{ kind: 'channel' as const, channel: 'gone', to: null }],
        sendResolved: true,
      },
    ],
  };
  const refused = value(await ask('notify.config.set', { config: wrong, revision, dryRun: false }));
  expect(refused.revision).toBeNull();
  expect(refused.problems.map(({ path }) => path)).toEqual([
    'receivers.3.targets.0',
    'route.receiver',
    'route.groupBy',
  ]);
  const better = { ...config, settings: { ...config.settings, historyDays: 30 } };
  const taken = value(await ask('notify.config.set', { config: better, revision, dryRun: false }));
  const late = await ask('notify.config.set', { config, revision, dryRun: false });
  expect(late.ok ? '' : late.error.code).toBe('NOTIFY_CONFIG_CHANGED');
  expect(value(await ask('notify.config.get', {}))).toMatchObject({
    revision: taken.revision,
    isDefault: false,
  });
  value(await ask('notify.config.reset', {}));
  expect(value(await ask('notify.config.get', {})).isDefault).toBe(true);
  const tested = value(await ask('notify.config.test', { labels: { severity: 'page' } }));
  expect(tested.routes.map(({ receiver }) => receiver)).toEqual(['desktop']);
});

test('an imported file makes its channels, and says what it could not make', async () => {
  const { ask } = notifySite();
  const text = `global: {smtp_smarthost: 'relay:25', smtp_from: a@b}
route: {receiver: hook, routes: [{receiver: mail, match: {team: web}}]}
receivers:
- {name: hook, webhook_configs: [{url: 'http://127.0.0.1:9/'}]}
- {name: mail, email_configs: [{to: c@d}]}
`;
  const bad = value(
    await ask('notify.config.import', {
      fileName: 'a.yml',
      text: text.replace('match:', 'mtch:'),
      dryRun: false,
    }),
  );
  expect(bad).toMatchObject({ config: null, problems: [{ line: 2 }] });
  expect(value(await ask('notify.config.get', {})).isDefault).toBe(true);
  const read = value(await ask('notify.config.import', { fileName: 'a.yml', text, dryRun: false }));
  expect(read.channels.map(({ channel }) => channel)).toEqual(['made', null]);
  expect(read.leftOut.map(({ line }) => line)).toEqual([5]);
  const { config } = value(await ask('notify.config.get', {}));
  expect(config.receivers.map(({ targets }) => targets)).toEqual([
    [{ kind: 'channel', channel: 'made', to: null }],
    [{ kind: 'channel', channel: 'desktop', to: null }],
  ]);
});
