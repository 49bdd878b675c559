/** An engine's channels in a process of their own, to be killed: `node channels-child.ts FOLDER PORT COUNT`. */
import { DESKTOP_CHANNEL } from '#shared/contract/notice.ts';
import { channelsBench } from './channels-area.ts';
import { aNotice, aProblem } from './notices.ts';

const [folder = '', port = '0', count = '0'] = process.argv.slice(2);
const { area, call } = channelsBench(folder);
const { channels } = await call('channels.list', {});
const known = channels.find(({ id }) => id !== DESKTOP_CHANNEL);
const settings = {
  type: 'smtp' as const,
  host: '127.0.0.1',
  port: Number(port),
  security: 'none' as const,
  from: 'hmtt@site.test',
  to: ['duty@site.test'],
};
const id = known?.id ?? (await call('channels.add', { name: 'mail', settings })).id;
// The same notices each time, as a pipeline does that does not know whether they were taken before it was killed.
for (let i = 0; i < Number(count); i++) {
  const group = `g${i % 20}`;
  const ended = i >= Number(count) / 2;
  const alerts = [aProblem({ until: ended ? Date.now() : null })];
  const taken = area.enqueue(aNotice({ id: `n${i}`, groupKey: group, alerts }), [{ channel: id, to: null }]);
  if (!taken.ok) throw new Error(taken.error.code);
}
process.stdout.write('taken\n');
setInterval(() => {
  const mail = area.health().find(({ channel }) => channel === id);
  if (mail?.queued === 0) process.stdout.write('empty\n');
}, 50);
