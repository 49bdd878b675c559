import type { LogLevel } from '#shared/contract/logs.ts';

/** How a field is compared. `:` means equal, without regard to case, `*` standing for anything. */
export type FieldOperator = ':' | '>' | '>=' | '<' | '<=';

/** A parsed query. */
export type QueryNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly items: readonly QueryNode[] }
  | { readonly kind: 'or'; readonly items: readonly QueryNode[] }
  | { readonly kind: 'not'; readonly item: QueryNode }
  /** A word or phrase in lower case. `prefix`: the last word may go on. */
  | { readonly kind: 'text'; readonly text: string; readonly prefix: boolean }
  /** Any of these levels, by their numbers. */
  | { readonly kind: 'level'; readonly levels: ReadonlySet<number> }
  | { readonly kind: 'source'; readonly pattern: string }
  | { readonly kind: 'host'; readonly pattern: string }
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly operator: FieldOperator;
      readonly value: string;
    };

/** A level by one of its names in a query. */
export type QueryLevel = LogLevel;
