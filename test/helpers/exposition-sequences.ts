// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Go, not of this language.
/** What an exporter answers, scrape by scrape; the last answer goes on. */
export type ExpositionCase = {
  readonly name: string;
  readonly contentType: string;
  readonly bodies: readonly (string | Uint8Array)[];
  /** Further lines of the job in prometheus.yml. */
  readonly job?: readonly string[];
};

/** Content types that exporters send. */
export const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Answers that change from scrape to scrape. `now` is UTC milliseconds. */
export function sequences(now: number): readonly ExpositionCase[] {
  const text = (name: string, ...bodies: string[]): ExpositionCase => ({ name, contentType: TEXT, bodies });
  const seconds = now / 1000;
  return [
    text('series vanish and return', 'a 1\nb 2\nc 3\n', 'a 2\nc 4\n', 'c 5\n', 'a 3\nb 4\nc 6\n'),
    text('lines change places', 'a 1\nb 2\nc 3\n', 'c 3\nb 2\na 1\n', 'b 5\nc 6\na 7\n'),
    text(
      'lines are put in between',
      'a 1\nc 3\n',
      'a 1\nb 2\nc 3\n',
      '# HELP a x\na 1\nb 2\n# HELP c y\nc 3\n',
    ),
    text('labels grow', 'a 1\n', 'a{b="c"} 1\n', 'a{b="c",d="e"} 1\n', 'a 4\n'),
    text('spelled differently', 'a{x="1",y="2"} 1\n', 'a{y="2",x="1"} 2\n', 'a{x="1",y="2"} 3\n'),
    text('a broken document in between', 'a 1\nb 2\n', '&\n', 'a 3\nb 4\n'),
    text('a document that breaks at its end', 'a 1\nb 2\n', 'a 2\nb 3\n&\n', 'a 3\nb 4\n'),
    text('breaks at its end twice', 'a 1\nb 2\n', 'a 2\nb 3\n&\n', 'a 2\n&\n', 'b 4\n'),
    text('empty in between', 'a 1\nb 2\n', '', 'a 3\n', 'a 4\nb 5\n'),
    text('one repeats', 'a 1\na 2\n', 'a 3\na 4\n'),
    text('own time stamps', `a 1 ${now - 30_000}\nb 2\n`, `a 2 ${now - 20_000}\nb 3\n`, 'b 4\n'),
    text(
      'the same own time stamp',
      `a 1 ${now - 30_000}\n`,
      `a 1 ${now - 30_000}\n`,
      `a 2 ${now - 30_000}\n`,
    ),
    text(
      'own time stamps go back',
      `a 1 ${now - 20_000}\n`,
      `a 2 ${now - 30_000}\n`,
      `a 3 ${now - 10_000}\n`,
    ),
    text(
      'own time stamps far off',
      `a 1 ${now - 7_200_000}\nb 1 ${now + 660_000}\nc 1 ${now + 500_000}\nd 1 0\ne 1\n`,
    ),
    text('own time stamps many', `a 1 ${now - 20_000}\na 2 ${now - 10_000}\na 3 ${now - 15_000}\n`),
    text('own time stamps come and go', `a 1 ${now - 20_000}\n`, 'a 2\n', `a 3 ${now}\n`, 'b 1\n'),
    text('huge time stamps', 'a 1 9223372036854775807\nb 1\n', 'a 1 9223372036854775808\nb 1\n'),
    text('kinds of NaN', 'a NaN\nb 1\n', 'a NaN\nb NaN\n', 'a 1\nb NaN\n'),
    {
      name: 'OpenMetrics with time stamps',
      contentType: OPEN_METRICS,
      bodies: [
        `a 1 ${seconds - 30}\nb_total 2 ${(seconds - 20.5).toFixed(3)} # {x="y"} 1\nc 1 -5\nd 1 1e300\n# EOF\n`,
        `a 2 ${seconds - 10}\nb_total 3 ${(seconds - 10.5).toFixed(3)}\n# EOF\n`,
      ],
    },
    {
      name: 'OpenMetrics breaks off',
      contentType: OPEN_METRICS,
      bodies: ['a 1\nb 2\n# EOF\n', 'a 2\nb 3\n', 'a 3\nb 4\n# EOF\n'],
    },
    text('one dropped, one returns', 'a 1\nb 2\n', 'b 3\n', 'b 3\n', 'a 5\nb 4\n'),
    text(
      'the same lines in three orders',
      'a 1\nb 2\nc 3\n',
      'b 1\nc 2\na 3\n',
      'c 1\na 2\nb 3\n',
      'a 9\nb 9\nc 9\n',
    ),
    text('a comment comes and goes', '# x\na 1\n', 'a 2\n', '# x\n# y\na 3\n'),
    text(
      'the same series twice, then once',
      'a{x="1",y="2"} 1\na{y="2",x="1"} 2\n',
      'a{y="2",x="1"} 3\n',
      'a{x="1",y="2"} 4\n',
    ),
    text('own time stamps vanish', `a 1 ${now - 10_000}\nb 1\n`, 'c 1\n', 'c 2\n'),
    text(
      'one series with and without time',
      `a{x="1"} 1\na{x="2"} 1 ${now - 5_000}\n`,
      `a{x="1"} 1 ${now - 4_000}\na{x="2"} 2\n`,
      'b 1\n',
    ),
    text('empty, then all, then empty', '', 'a 1\nb 2\n', '', ''),
    text('broken at the first line every second time', 'a 1\n', '1a\n', 'a 2\n', '1a\n', 'a 3\n'),
    {
      name: 'the content type changes nothing in the middle',
      contentType: OPEN_METRICS,
      bodies: ['# TYPE a gauge\na 1\n# EOF\n', '# TYPE a counter\na 2\n# EOF\n', 'a 3\nb 1\n# EOF\n'],
    },
  ];
}
