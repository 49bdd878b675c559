import type { LogLevel } from '../../contract/logs.ts';

/** How a field is compared. `:` means equal, without regard to case, `*` standing for anything. */
export type FieldOperator = ':' | '>' | '>=' | '<' | '<=';

/** A regular expression in RE2's syntax, between slashes. */
export type RegexSource = {
  readonly source: string;
  /** Written as `/…/i`. */
  readonly ignoreCase: boolean;
};

/** A parsed query. */
export type QueryNode =
  | { readonly kind: 'all' }
  | { readonly kind: 'and'; readonly items: readonly QueryNode[] }
  | { readonly kind: 'or'; readonly items: readonly QueryNode[] }
  | { readonly kind: 'not'; readonly item: QueryNode }
  /** A word or phrase in lower case. `open`: the last word may go on, or the first may have begun before. */
  | { readonly kind: 'text'; readonly text: string; readonly openStart: boolean; readonly openEnd: boolean }
  /** Found in the line as it is stored. */
  | { readonly kind: 'regex'; readonly regex: RegexSource }
  /** Any of these levels. */
  | { readonly kind: 'level'; readonly levels: ReadonlySet<LogLevel> }
  /** What is the same for many events. The pattern is in lower case, `*` stands for anything. */
  | { readonly kind: 'source' | 'host' | 'tag'; readonly pattern: string }
  /** `pattern` without a date; with one, only events of that UTC day, `[start, end]` in milliseconds. */
  | {
      readonly kind: 'stream';
      readonly pattern: string;
      readonly day: { readonly start: number; readonly end: number } | null;
    }
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly operator: FieldOperator;
      /** In lower case when the operator is `:`. */
      readonly value: string;
    }
  | { readonly kind: 'field-regex'; readonly name: string; readonly regex: RegexSource };
