import type { Clock } from '../../platform/clock.ts';
import { madeLate } from '../../platform/made-late.ts';
import type { Timers } from '../../platform/timers.ts';
import type { ProbeDeps } from './check-probe.ts';
import type { MakeCheck } from './make-check.ts';
import type { TargetProbe } from './target-probe.ts';

/** The maker of checks, loaded with the first check: its protocols are a good part of the engine, and a new site has no checks. */
export function lazyMakeCheck(deps: Omit<ProbeDeps, 'lookup'>): MakeCheck {
  const late = madeLate(async (): Promise<MakeCheck> => {
    const [{ createMakeCheck }, { createResolver }] = await Promise.all([
      import('./make-check.ts'),
      import('../../platform/http/resolver.ts'),
    ]);
    return createMakeCheck({ ...deps, lookup: createResolver(deps.clock) });
  });
  return (check, signal) => {
    const begun = late.get().then((make) => make(check, signal));
    return { made: begun.then(({ made }) => made), gone: begun.then(({ gone }) => gone) };
  };
}

/** The probe of targets that cannot be scraped, loaded with the first of them. */
export function lazyTargetProbe(deps: { readonly clock: Clock; readonly timers: Timers }): TargetProbe {
  const late = madeLate(async () => (await import('./target-probe.ts')).createTargetProbe(deps));
  return async (config, signal, observe) => (await late.get())(config, signal, observe);
}
