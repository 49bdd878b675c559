import type { Maintenance } from '#shared/contract/notify-silences.ts';
import { absoluteText } from '../../../components/time.ts';

/** An entry of the maintenance calendar that a host may name. */
export type MaintenanceChoice = {
  readonly id: string;
  readonly name: string;
  /** `open`: its window is open now. `ended`: none will come. `off`: it is switched off. */
  readonly state: 'open' | 'next' | 'ended' | 'off';
  /** When its next window begins, to the minute; empty without one. */
  readonly at: string;
};

/** The entries of the calendar, by name; those without a window to come stand last. */
export function maintenanceChoices(
  maintenances: readonly Pick<Maintenance, 'id' | 'name' | 'enabled' | 'now' | 'next'>[],
): readonly MaintenanceChoice[] {
  const stateOf = ({ enabled, now, next }: (typeof maintenances)[number]): MaintenanceChoice['state'] => {
    if (!enabled) return 'off';
    if (now !== null) return 'open';
    return next === null ? 'ended' : 'next';
  };
  const isOver = ({ state }: MaintenanceChoice): boolean => state === 'ended' || state === 'off';
  return maintenances
    .map((one) => {
      const state = stateOf(one);
      const at = state === 'next' && one.next !== null ? absoluteText(one.next.from).slice(0, 16) : '';
      return { id: one.id, name: one.name, state, at };
    })
    .sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || a.name.localeCompare(b.name));
}
