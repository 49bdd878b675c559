/** The same tree of keys with any sentence at the leaves: a missing or surplus key is a compile error. */
export type SameKeys<T> = { readonly [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> };
