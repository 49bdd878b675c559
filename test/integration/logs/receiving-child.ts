import { openArea, until } from './helpers.ts';

/** An engine's log area with a receiver, in a process that is going to be killed: `receiving-child.ts FOLDER`. */
const area = openArea(process.argv[2] ?? '');
const found = (await area.call('logs.receivers.list', {})).receivers[0];
if (found === undefined)
  await area.call('logs.receivers.put', {
    name: 'network',
    enabled: true,
    protocol: 'tcp',
    port: 0,
    zone: 'UTC',
  });
let port: number | null = null;
await until('the receiver listens', async () => {
  port = (await area.call('logs.receivers.list', {})).receivers[0]?.boundPort ?? null;
  return port !== null;
});
process.send?.({ port });
setInterval(async () => {
  const state = (await area.call('logs.receivers.list', {})).receivers[0];
  process.send?.({ written: state?.counters.messages ?? 0 });
}, 50);
// Whoever started it has gone: nobody would end it.
process.once('disconnect', () => process.exit());
