import * as z from 'zod';
import {
  type DataSource,
  dataSourceSchema,
  type RemoteEndpoint,
  type RemoteLimits,
  remoteEndpointSchema,
  remoteLimitsSchema,
} from '#shared/contract/remote.ts';

/** Named values of console.db. */
export type StagingStore = {
  readonly get: (name: string) => string | null;
  readonly set: (name: string, value: string) => void;
};

/** The value; it belongs to the transaction of an import, and is empty once `remote.db` has it. */
const NAME = 'remote.staged';

const stagedSchema = z.object({
  endpoints: z.array(z.object({ id: z.string(), endpoint: remoteEndpointSchema })).default([]),
  limits: remoteLimitsSchema.nullable().default(null),
  source: dataSourceSchema.nullable().default(null),
});
/** What an import has written in console.db, and `remote.db` is still to take over; secrets are references. */
export type Staged = {
  readonly endpoints: readonly { readonly id: string; readonly endpoint: RemoteEndpoint }[];
  readonly limits: RemoteLimits | null;
  readonly source: DataSource | null;
};

/** What waits; nothing when it is empty or cannot be read. */
export function readStaged(store: StagingStore): Staged {
  const text = store.get(NAME) ?? '';
  const parsed = stagedSchema.safeParse(text === '' ? {} : JSON.parse(text));
  return parsed.success ? parsed.data : stagedSchema.parse({});
}

/** Adds to what waits. */
export function stage(store: StagingStore, more: Partial<Staged>): void {
  const known = readStaged(store);
  const endpoints = [...known.endpoints, ...(more.endpoints ?? [])];
  store.set(NAME, JSON.stringify({ ...known, ...more, endpoints }));
}

/** Nothing waits any more. */
export function clearStaged(store: StagingStore): void {
  if (hasStaged(store)) store.set(NAME, '');
}

/** Whether anything waits. */
export function hasStaged(store: StagingStore): boolean {
  return (store.get(NAME) ?? '') !== '';
}
