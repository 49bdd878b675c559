import type { CheckResult } from '#shared/contract/checks.ts';
import { appError } from '#shared/errors/index.ts';
import { type Family, gauge } from '../workstation/families.ts';
import { type CheckProbe, failed, type ProbeDeps } from './check-probe.ts';
import { type PerfDatum, readPluginOutput } from './perfdata.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';
import { cut } from './steps.ts';

/** What a plugin's exit code means. */
const STATES: readonly CheckResult['state'][] = ['ok', 'warning', 'critical', 'unknown'];

/** Runs a Nagios plugin and reads what it says: its exit code is the state, its performance data become series. */
export function createNagiosProbe({ timers }: ProbeDeps): CheckProbe<'nagios'> {
  return async ({ what, timeoutMs, signal, steps }) => {
    const end = steps.begin({ zh: '运行插件', en: 'run the plugin' });
    const run = await runProgram({ file: what.file, args: what.args }, signal, timers);
    const output = run.stdout === '' ? run.stderr : run.stdout;
    if (run.reason !== 'exit') {
      const error = endError(run, what.file, timeoutMs);
      end(false, error.message.en);
      return failed(error, { state: 'unknown', output });
    }
    const state = STATES[run.exitCode ?? -1];
    const { firstLine, perfdata } = readPluginOutput(output);
    end(state === 'ok', `${run.exitCode}: ${firstLine}`);
    const said = firstLine === '' ? '–' : cut(firstLine, 500);
    const shared = {
      measures: Object.fromEntries(perfdata.map(({ label, value }) => [label, value])),
      families: perfdataFamilies(perfdata),
      output,
    };
    if (state === undefined)
      return failed(appError('CHECK_PLUGIN_CODE', { file: what.file, code: run.exitCode ?? '?', said }), {
        state: 'unknown',
        ...shared,
      });
    return {
      error: state === 'ok' ? null : appError('CHECK_PLUGIN_SAYS', { said }),
      state,
      sentence: { zh: said, en: said },
      ...shared,
    };
  };
}

function endError(run: ProgramEnd, file: string, timeoutMs: number) {
  switch (run.reason) {
    case 'not-started':
      return appError('CHECK_PLUGIN_NOT_STARTED', { file, why: run.why });
    case 'flood':
      return appError('CHECK_PLUGIN_FLOODS', { file });
    case 'stopped':
      return appError('CHECK_PLUGIN_ENDLESS', { file, seconds: timeoutMs / 1000 });
    default:
      return appError('CHECK_PLUGIN_KILLED', { file, why: run.why });
  }
}

/** Units that are multiples of a base unit of Prometheus, and what to multiply by. */
const TO_BASE: Readonly<Record<string, readonly [string, number]>> = {
  s: ['seconds', 1],
  ms: ['seconds', 1e-3],
  us: ['seconds', 1e-6],
  ns: ['seconds', 1e-9],
  B: ['bytes', 1],
  KB: ['bytes', 1024],
  MB: ['bytes', 1024 ** 2],
  GB: ['bytes', 1024 ** 3],
  TB: ['bytes', 1024 ** 4],
};

/** Performance data as series: as the plugin wrote them, and in seconds and bytes where the unit says so. */
function perfdataFamilies(data: readonly PerfDatum[]): readonly Family[] {
  const unique = [...new Map(data.map((datum) => [datum.label, datum])).values()];
  const bound = (name: 'min' | 'max', help: string): Family =>
    gauge(
      `hmtt_check_perfdata_${name}`,
      help,
      unique.flatMap(({ label, [name]: value }) => (value === null ? [] : [{ labels: { label }, value }])),
    );
  return [
    gauge(
      'hmtt_check_perfdata',
      'Performance data of a plugin, in the unit that it wrote.',
      unique.map(({ label, unit, value }) => ({ labels: unit === '' ? { label } : { label, unit }, value })),
    ),
    ...['seconds', 'bytes'].map((base) =>
      gauge(
        `hmtt_check_perfdata_${base}`,
        `Performance data of a plugin in ${base}.`,
        unique.flatMap(({ label, unit, value }) => {
          const [to, factor] = TO_BASE[unit] ?? [];
          return to === base && factor !== undefined ? [{ labels: { label }, value: value * factor }] : [];
        }),
      ),
    ),
    bound('min', 'Least possible value of performance data.'),
    bound('max', 'Greatest possible value of performance data.'),
  ];
}
