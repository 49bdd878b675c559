import { appError } from '#shared/errors/index.ts';
import { commandEnvironment } from '../../platform/command/environment.ts';
import { lastLine } from '../../platform/command/output-tail.ts';
import { describeEnd, runCommand } from '../../platform/command/run-command.ts';
import type { Timers } from '../../platform/timers.ts';
import { later, oneLine, type Sender } from '../sender.ts';

/** What a command reads on its standard input: one JSON document. `version` grows when a reader of this one could not read it. */
export type CommandInput = { readonly version: 1; readonly to: string | null; readonly notice: unknown };

/** How much of the end of a command's output is kept. */
const KEPT_BYTES = 4_096;

/**
 * Runs a program of the site for each copy, without a shell, in a process group of its own that is ended with all its
 * children when it takes too long. Exit code 0 is "told"; everything else is tried again.
 */
export function commandSender(timers: Timers): Sender<'command'> {
  return {
    send: async (settings, { notice, to }, signal) => {
      const [file = '', ...args] = settings.argv;
      const input: CommandInput = { version: 1, to, notice };
      const end = await runCommand(
        {
          run: { file, args },
          env: commandEnvironment({
            HMTT_NOTICE: notice.id,
            HMTT_KIND: notice.kind,
            HMTT_TO: to ?? '',
            HMTT_TITLE: oneLine(notice.title.zh),
            HMTT_TITLE_EN: oneLine(notice.title.en),
          }),
          ...(settings.cwd === null ? {} : { cwd: settings.cwd }),
          timeoutMs: settings.timeoutMs,
          signal,
          stdin: Buffer.from(`${JSON.stringify(input)}\n`, 'utf8'),
          keepBytes: KEPT_BYTES,
        },
        timers,
      );
      const how = describeEnd(end, settings.timeoutMs);
      const said = end.output.trim() === '' ? '' : oneLine(lastLine(end.output));
      const answer = said === '' ? how.en : `${how.en}: ${said}`;
      if (end.reason === 'exit' && end.exitCode === 0) return { ok: true, answer };
      const told = said === '' ? how : { zh: `${how.zh}（${said}）`, en: `${how.en} (${said})` };
      // A program that cannot be started fails for every copy; one that ran has failed for this one.
      const retry = end.reason === 'not-started' ? 'all-later' : 'later';
      return later(appError('CHANNEL_COMMAND_FAILED', { command: file, how: told }), answer, retry);
    },
  };
}
