/** Requests answered, by endpoint and status. */
export type RequestCounts = ReadonlyMap<
  string,
  { readonly handler: string; readonly code: number; count: number }
>;

/** What the API and the scraper did since the engine started; read by `/metrics`. */
export type Counters = {
  readonly request: (handler: string, code: number) => void;
  readonly query: (seconds: number) => void;
  readonly scrape: (outcome: {
    readonly durationMs: number;
    readonly samples: number | null;
    readonly error: unknown;
  }) => void;
  readonly read: () => {
    readonly requests: RequestCounts;
    readonly queries: number;
    readonly querySeconds: number;
    readonly scrapes: number;
    readonly scrapesFailed: number;
    readonly scrapeSeconds: number;
    readonly samples: number;
  };
};

/** Makes the counters, all at zero. */
export function createCounters(): Counters {
  const requests = new Map<string, { handler: string; code: number; count: number }>();
  const sums = { queries: 0, querySeconds: 0, scrapes: 0, scrapesFailed: 0, scrapeSeconds: 0, samples: 0 };
  return {
    request: (handler, code) => {
      const key = `${code} ${handler}`;
      const there = requests.get(key);
      if (there === undefined) requests.set(key, { handler, code, count: 1 });
      else there.count++;
    },
    query: (seconds) => {
      sums.queries++;
      sums.querySeconds += seconds;
    },
    scrape: ({ durationMs, samples, error }) => {
      sums.scrapes++;
      if (error !== null) sums.scrapesFailed++;
      sums.scrapeSeconds += durationMs / 1000;
      sums.samples += samples ?? 0;
    },
    read: () => ({ requests, ...sums }),
  };
}
