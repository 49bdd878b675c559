import type { Clock } from '../../platform/clock.ts';
import type { Timers } from '../../platform/timers.ts';
import type { ProbeDeps } from './check-probe.ts';
import type { MakeCheck } from './make-check.ts';
import type { TargetProbe } from './target-probe.ts';

/** The maker of checks, loaded with the first check: its protocols are a good part of the engine, and a new site has no checks. */
export function lazyMakeCheck(deps: Omit<ProbeDeps, 'lookup'>): MakeCheck {
  let loading: Promise<MakeCheck> | null = null;
  const load = async (): Promise<MakeCheck> => {
    const [{ createMakeCheck }, { createResolver }] = await Promise.all([
      import('./make-check.ts'),
      import('../../platform/http/resolver.ts'),
    ]);
    return createMakeCheck({ ...deps, lookup: createResolver(deps.clock) });
  };
  return (check, signal) => {
    loading ??= load();
    const begun = loading.then((make) => make(check, signal));
    return { made: begun.then(({ made }) => made), gone: begun.then(({ gone }) => gone) };
  };
}

/** The probe of targets that cannot be scraped, loaded with the first of them. */
export function lazyTargetProbe(deps: { readonly clock: Clock; readonly timers: Timers }): TargetProbe {
  let loading: Promise<TargetProbe> | null = null;
  return async (config, signal, observe) => {
    loading ??= import('./target-probe.ts').then(({ createTargetProbe }) => createTargetProbe(deps));
    return (await loading)(config, signal, observe);
  };
}
