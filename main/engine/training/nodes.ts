import type { Tier } from '#shared/contract/hosts.ts';

/** What a machine of the training site does. */
export type Role = 'balancer' | 'application' | 'database';

/** A machine of the training site. */
export type TrainingNode = {
  readonly name: string;
  readonly role: Role;
  readonly tier: Tier;
  /** A number of its own, from which its figures are made: the same at every start. */
  readonly seed: number;
};

const many = (count: number, name: string, role: Role, tier: Tier): readonly TrainingNode[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `${name}-${index + 1}`,
    role,
    tier,
    seed: name.length * 31 + index * 17,
  }));

/** The three tiers: two load balancers, six application servers, two databases. */
export const TRAINING_NODES: readonly TrainingNode[] = [
  ...many(2, 'lb', 'balancer', 'presentation'),
  ...many(6, 'app', 'application', 'business'),
  ...many(2, 'db', 'database', 'data'),
];
