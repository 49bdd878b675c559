import type { TextKey, Translate } from '../../../locales/use-translation.ts';

const names: Readonly<Record<string, TextKey>> = {
  name: 'inventory:fieldName.name',
  address: 'inventory:fieldName.address',
  tier: 'inventory:fieldName.tier',
  labels: 'inventory:fieldName.labels',
  kind: 'inventory:fieldName.kind',
  owner: 'inventory:fieldName.owner',
  contact: 'inventory:fieldName.contact',
  maintenance: 'inventory:fieldName.maintenance',
  classification: 'inventory:fieldName.classification',
  note: 'inventory:fieldName.note',
  hostId: 'inventory:fieldName.hostId',
  targetId: 'inventory:fieldName.targetId',
  from: 'inventory:fieldName.from',
  to: 'inventory:fieldName.to',
  protocol: 'inventory:fieldName.protocol',
  dependsOn: 'inventory:fieldName.dependsOn',
};

/** What a field of a host, component or link is called; one that has no name here keeps its own. */
export function fieldName(t: Translate, field: string): string {
  const key = names[field];
  return key === undefined ? field : t(key);
}
