import type { RequestName, RequestParams } from '#shared/contract/index.ts';

/** That and how a request is recorded. */
type Recorded<N extends RequestName> = {
  /** What the request is about, in a word; '' when the action says it. */
  readonly object: (params: RequestParams<N>) => string;
  /** Values that are kept. No secret, no file's content, no command and no free configuration may be among them. */
  readonly asked?: readonly (keyof RequestParams<N> & string)[];
  /** True for what it only tries or shows. */
  readonly unless?: (params: RequestParams<N>) => boolean;
  /** It makes room, or stops or locks something, and must be possible on a full disk: its entry is written from the reserve then. */
  readonly frees?: true;
};

/** `null`: not recorded, because the request only reads, tries out, or reports from one part of the console to another. */
export type AuditRule<N extends RequestName> = Recorded<N> | null;

/** A rule for every request of some areas. */
export type AuditRules<N extends RequestName> = { readonly [K in N]: AuditRule<K> };

/** The requests of areas, by the beginning of their names. */
export type RequestsOf<A extends string> = Extract<RequestName, `${A}.${string}`>;

/** The object of a request that names one. */
export const name = (params: { readonly name: string }): string => params.name;
/** The object of a request that has an id for it. */
export const id = (params: { readonly id: string }): string => params.id;
/** The object of a request that the action alone describes. */
export const nothing = (): string => '';
