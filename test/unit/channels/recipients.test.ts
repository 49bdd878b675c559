import { expect, test } from 'vitest';
import { channelSchema } from '#shared/contract/channels.ts';
import { contactSchema, rotaSchema } from '#shared/contract/contacts.ts';
import {
  besidesTheBroken,
  type Directory,
  isKnownTarget,
  resolveReceiver,
} from '../../../main/engine/channels/recipients.ts';
import { aProblem, NOON } from '../../helpers/notices.ts';

const mail = channelSchema.parse({
  id: 'mail',
  name: 'mail',
  settings: { type: 'smtp', host: 'relay', from: 'hmtt@site.test' },
});
const desktop = channelSchema.parse({ id: 'desktop', name: 'desktop', settings: { type: 'desktop' } });
const call = channelSchema.parse({
  id: 'call',
  name: 'call',
  settings: { type: 'command', argv: ['/bin/true'] },
});
const contact = (id: string, given: object = {}) =>
  contactSchema.parse({ id, name: id, email: `${id}@site.test`, phone: '12', ...given });
const rota = rotaSchema.parse({
  id: 'r',
  name: 'r',
  timeZone: 'UTC',
  shifts: [
    {
      name: 'day',
      weekdays: [1, 2, 3, 4, 5, 6, 7],
      from: '08:00',
      to: '20:00',
      teams: [['li'], ['wang']],
      turnDays: 1,
      turnStart: '2026-11-22',
    },
  ],
});
const directory: Directory = {
  channels: [mail, desktop, call],
  contacts: [
    contact('li'),
    contact('wang', {
      via: [
        { channel: 'call', to: null },
        { channel: 'mail', to: 'w@elsewhere.test' },
      ],
    }),
    contact('mute', { email: '', phone: '' }),
  ],
  rotas: [rota],
};

test('a person is told as the person says, else by mail', () => {
  const at = (id: string) => resolveReceiver(directory, [{ kind: 'contact', contact: id }], NOON);
  expect(at('li')).toEqual([{ channel: 'mail', to: 'li@site.test' }]);
  expect(at('wang')).toEqual([
    { channel: 'call', to: '12' },
    { channel: 'mail', to: 'w@elsewhere.test' },
  ]);
});

test('a rota comes to whoever is on call, or comes next', () => {
  const on = (who: 'now' | 'next') => resolveReceiver(directory, [{ kind: 'on_call', rota: 'r', who }], NOON);
  expect(on('now')).toEqual([{ channel: 'mail', to: 'li@site.test' }]);
  // The next stretch is the night, in which nobody is: the desktop is told instead.
  expect(on('next')).toEqual([{ channel: 'desktop', to: null }]);
});

test('whoever is named twice is told once, and a receiver that comes to nobody tells the desktop', () => {
  const twice = resolveReceiver(
    directory,
    [
      { kind: 'contact', contact: 'li' },
      { kind: 'on_call', rota: 'r', who: 'now' },
      { kind: 'channel', channel: 'mail', to: 'li@site.test' },
    ],
    NOON,
  );
  expect(twice).toHaveLength(1);
  for (const target of ['mute', 'gone'])
    expect(resolveReceiver(directory, [{ kind: 'contact', contact: target }], NOON)).toEqual([
      { channel: 'desktop', to: null },
    ]);
  expect(resolveReceiver(directory, [], NOON)).toEqual([]);
  expect(isKnownTarget(directory, { kind: 'contact', contact: 'gone' })).toBe(false);
  expect(isKnownTarget(directory, { kind: 'on_call', rota: 'r', who: 'now' })).toBe(true);
});

test('a broken channel has company only when it would be alone', () => {
  const about = {
    alerts: [aProblem({ labels: { alertname: 'ChannelFailing', severity: 'warning', channel: 'call' } })],
  };
  const alone = [{ channel: 'call', to: null }];
  // The mail channel has nobody to write to by itself.
  expect(besidesTheBroken(directory.channels, about, alone)).toEqual([
    ...alone,
    { channel: 'desktop', to: null },
  ]);
  const both = [...alone, { channel: 'mail', to: 'li@site.test' }];
  expect(besidesTheBroken(directory.channels, about, both)).toEqual(both);
  expect(besidesTheBroken(directory.channels, { alerts: [aProblem()] }, alone)).toEqual(alone);
});
