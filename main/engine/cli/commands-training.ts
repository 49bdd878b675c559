import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { trainingIncidentIdSchema } from '#shared/contract/training.ts';
import { consoleHome } from '#shared/domain/data-dir.ts';
import { appError } from '#shared/errors/index.ts';
import { startEngine } from '../index.ts';
import { prepareTrainingFolder } from '../training-site.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure, EXIT } from './session.ts';

/** `simulate` runs the training site; `training …` looks at it and starts its incidents. */
export function trainingCommands(program: Command, context: CommandContext): void {
  program
    .command('simulate')
    .description(
      'a three-tier training site on loopback, in a data folder of its own, until SIGTERM or SIGINT',
    )
    .option('--listen <address>', 'serve the Prometheus HTTP API read-only', '127.0.0.1:0')
    .option('--anew', 'give up everything of an earlier training first')
    .action(
      context.action(async (output, options: { readonly listen: string; readonly anew?: true }) => {
        const { listen } = options;
        const home = consoleHome({ platform: process.platform, env: process.env, home: homedir() });
        const isNamed = program.opts<{ data?: string }>().data !== undefined;
        const dir = isNamed ? context.dataDir() : join(home, 'training');
        const prepared = prepareTrainingFolder(dir, options.anew === true);
        if (!prepared.ok) throw new CommandFailure(prepared.error, EXIT.usage);
        const started = await startEngine({ dir, watching: true, listen: { address: listen, token: null } });
        if (!started.ok) throw new CommandFailure(started.error);
        const engine = started.value;
        const ended = new Promise<void>((resolve) => {
          for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
        });
        context.stdout(`${JSON.stringify({ ready: true, api: engine.apiUrl(), data: dir })}\n`);
        output.note(
          output.locale === 'zh'
            ? `演练站点已启动。另开一个终端：${calledAs()} --data ${dir} training`
            : `The training site runs. In another terminal: ${calledAs()} --data ${dir} training`,
        );
        await ended;
        await engine.close();
      }),
    );
  const training = program
    .command('training')
    .description('lessons and incidents of a running training site')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const status = await call('training.status', {});
          if (!status.isTraining) throw new CommandFailure(appError('TRAINING_NOT_HERE'));
          output.result(status, () =>
            [
              table([
                ['incident', 'on', 'since', 'what'],
                ...status.incidents.map(({ id, node, since, title }) => [
                  ...[id, node, since === null ? '-' : new Date(since).toISOString()],
                  title[output.locale],
                ]),
              ]),
              ...status.lessons.map(({ title, steps }) =>
                [
                  `\n${title[output.locale]}`,
                  ...steps.flatMap(({ done, text, how, copy }) => [
                    `  ${done ? '[x]' : '[ ]'} ${text[output.locale]}`,
                    ...(done || how === null ? [] : [`      ${how[output.locale]}`]),
                    ...(done || copy === null ? [] : [`      ${copy}`]),
                  ]),
                ].join('\n'),
              ),
            ].join('\n'),
          );
        });
      }),
    );
  for (const active of [true, false])
    training
      .command(active ? 'begin <incident>' : 'end <incident>')
      .description(active ? 'begin an incident' : 'end it')
      .action(
        context.action(async (output, name: string) => {
          const id = trainingIncidentIdSchema.safeParse(name);
          if (!id.success)
            throw new CommandFailure(appError('NOT_FOUND', { what: 'incident', id: name }), EXIT.usage);
          await context.withSession(output, async ({ call }) => {
            await call('training.incident', { id: id.data, active });
            const { incidents } = await call('training.status', {});
            const hint = incidents.find((one) => one.id === id.data)?.hint[output.locale] ?? '';
            output.result({ id: id.data, active }, () => (active ? hint : id.data));
          });
        }),
      );
  training
    .command('anew')
    .description('give up everything of the training when it starts next')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          await call('training.anew', {});
          output.result({ anew: true }, () => 'at the next start');
        });
      }),
    );
  training
    .command('answer <text>')
    .description('answer the question of the log lesson')
    .action(
      context.action(async (output, text: string) => {
        await context.withSession(output, async ({ call }) => {
          const { right } = await call('training.answer', { text });
          output.result({ right }, () => (right ? 'right' : 'not yet'));
        });
      }),
    );
}

/** How this command is called: in a checkout there is no `hmtt` to be found, but a script of npm. */
function calledAs(): string {
  return process.env.npm_lifecycle_event === undefined ? 'hmtt' : 'npm run -s hmtt --';
}
