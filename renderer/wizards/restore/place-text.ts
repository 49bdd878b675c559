import type { RestorePlan } from '#shared/contract/restore.ts';

/** The folder that a plan writes to, with the host's name where it is not this machine. */
export function placeText({ host, targetDir }: Pick<RestorePlan, 'host' | 'targetDir'>): string {
  return host === null ? targetDir : `${host.name}:${targetDir}`;
}
