import { openRotation } from './rotation-area.ts';

/**
 * A process of its own that rotates until it is killed: `kill-child.ts DATA POLICY STEP TIMES`. It kills itself with -9 when
 * STEP is done for the TIMES-th time; without a step it rotates once and ends.
 */
const [dir = '', policy = '', step = '', times = '1'] = process.argv.slice(2);
let seen = 0;
const rotation = openRotation(dir, {
  stepDone: (done) => {
    if (done !== step) return;
    seen += 1;
    if (seen >= Number(times)) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write('ready\n');
const job = await rotation.run(policy, step === 'resume');
await rotation.close();
process.stdout.write(`${job.error?.code ?? 'done'}\n`);
