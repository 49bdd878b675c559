import { expect, test } from 'vitest';
import { planStart, type StartFacts, systemLanguage } from '../../../main/shell/start-options.ts';

const facts: StartFacts = {
  argv: [],
  env: {},
  workingDir: '/home/op',
  home: '/home/op/.config/hmtt-console',
  userDirSwitch: '',
};

test('without options everything lies in the console’s own folder', () => {
  expect(planStart(facts)).toEqual({
    ok: true,
    value: {
      dataDir: '/home/op/.config/hmtt-console/data',
      userDir: '/home/op/.config/hmtt-console',
      language: null,
      hidden: false,
    },
  });
});

test.each([
  [['--data', 'site'], {}, '/home/op/site', '/home/op/site/shell'],
  [['--data=/srv/site'], {}, '/srv/site', '/srv/site/shell'],
  [[], { HMTT_DATA: '/srv/env' }, '/srv/env', '/srv/env/shell'],
  [['--data', '/srv/flag'], { HMTT_DATA: '/srv/env' }, '/srv/flag', '/srv/flag/shell'],
  [['--data', '/a', '--data', '/b'], {}, '/b', '/b/shell'],
  [[], { HMTT_DATA: '' }, '/home/op/.config/hmtt-console/data', '/home/op/.config/hmtt-console'],
])('%j with %j uses %s', (argv, env, dataDir, userDir) => {
  expect(planStart({ ...facts, argv, env })).toMatchObject({ ok: true, value: { dataDir, userDir } });
});

test('Chromium’s own --user-data-dir decides about the shell’s files', () => {
  const plan = planStart({ ...facts, argv: ['--data', '/srv/site'], userDirSwitch: '/tmp/user' });
  expect(plan).toMatchObject({ ok: true, value: { dataDir: '/srv/site', userDir: '/tmp/user' } });
});

test.each([
  ['en', 'en'],
  ['zh-CN', 'zh-CN'],
  ['zh', 'zh-CN'],
])('--lang %s', (given, language) => {
  expect(planStart({ ...facts, argv: ['--lang', given, '--hidden'] })).toMatchObject({
    ok: true,
    value: { language, hidden: true },
  });
});

test.each([
  [['--data'], '--data'],
  [['--data='], '--data'],
  [['--data', '--hidden'], '--data'],
  [['--lang', 'fr'], '--lang'],
  [['--lang'], '--lang'],
])('%j is refused, naming %s', (argv, option) => {
  const plan = planStart({ ...facts, argv });
  expect(plan).toMatchObject({ ok: false, error: { code: 'BAD_START_OPTION' } });
  expect(plan.ok ? '' : plan.error.message.en).toContain(option);
});

test.each([
  [['en-US', 'zh-CN'], 'en'],
  [['zh_TW'], 'zh-CN'],
  [['fr-FR', 'en-GB'], 'en'],
  [['fr-FR'], 'zh-CN'],
  [[], 'zh-CN'],
])('a system that speaks %j gets %s', (preferred, language) => {
  expect(systemLanguage(preferred)).toBe(language);
});
