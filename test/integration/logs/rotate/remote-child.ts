import { openRotationOverSsh } from './ssh-rotation.ts';

/** A process of its own that rotates a host's files and kills itself with -9 when STEP is done: `remote-child.ts DATA POLICY STEP`. */
const [dir = '', policy = '', step = ''] = process.argv.slice(2);
const rotation = openRotationOverSsh(dir, {
  stepDone: (done) => {
    if (done === step) process.kill(process.pid, 'SIGKILL');
  },
});
const job = await rotation.run(policy);
await rotation.close();
process.stdout.write(`${job.error?.message.en ?? 'done'}\n`);
