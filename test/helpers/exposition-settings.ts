// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Go, not of this language.
import { type ExpositionCase, TEXT } from './exposition-sequences.ts';

/** `metric_relabel_configs` with these rules, each the inside of a mapping in flow style. */
function relabel(...rules: string[]): readonly string[] {
  return ['metric_relabel_configs:', ...rules.map((rule) => `- {${rule}}`)];
}

/** Cases whose point is a setting. */
export function withSettings(now: number): readonly ExpositionCase[] {
  // The sample without the label doc would be one series of several cases, so its name is the case's own.
  const labelled = (name: string): string =>
    `a{job="x",instance=""} 1\nb{instance="i"} 2\n${name}{doc=""} 3\nd 4\nup{job="y"} 5\n`;
  const timed = `a 1 ${now - 30_000}\nb 2 ${now + 5_000_000}\n`;
  const make = (name: string, job: readonly string[], ...bodies: string[]): ExpositionCase => ({
    name,
    contentType: TEXT,
    bodies,
    job,
  });
  return [
    make('honor_labels', ['honor_labels: true'], labelled('x')),
    make('honor_labels with time', ['honor_labels: true', 'honor_timestamps: false'], labelled('y'), timed),
    make('honor_timestamps off', ['honor_timestamps: false'], timed, `a 1 ${now}\n`, 'c 1\n'),
    make('sample_limit reached', ['sample_limit: 2'], 'a 1\nb 2\n', 'a 1\nb 2\nc 3\n', 'a 2\nb 3\n'),
    make(
      'sample_limit passed at once',
      ['sample_limit: 2'],
      'a 1\nb 2\nc 3\nd 4\n',
      'a 1\n',
      'a 1\nb 1\nd 1\n',
    ),
    make('sample_limit and twins', ['sample_limit: 2'], 'a 1\na 2\na 3\n', 'a 1\na 1\n'),
    make('sample_limit and an error', ['sample_limit: 1'], 'a 1\nb 2\n&\n', 'a 1\n'),
    make(
      'metric_relabel drops',
      relabel('source_labels: [__name__], regex: "b.*", action: drop'),
      'a 1\nb 2\nbc 3\n',
      'a 1\nbc 3\nb 2\nd 4\n',
      'b 1\n',
    ),
    make(
      'metric_relabel keeps',
      relabel('source_labels: [__name__, x], regex: "a;1", action: keep'),
      'a{x="1"} 1\na{x="2"} 2\nb{x="1"} 3\n',
      'a{x="2"} 2\n',
      'a{x="1"} 1\n',
    ),
    make('metric_relabel drops all', relabel('action: drop'), 'a 1\nb 2\n', 'a 1\n&\n', 'a 1\n'),
    make(
      'metric_relabel drops a broken line no less',
      relabel('source_labels: [__name__], regex: b, action: drop'),
      'a 1\nb{x="1",x="2"} 2\n',
      'b x\n',
      'a 1\nb 3\n',
    ),
    make(
      'metric_relabel and a label twice',
      relabel('regex: x, action: labeldrop'),
      'a{x="1",x="2"} 1\n',
      'a{y="1",y="2"} 1\n',
    ),
    make(
      'metric_relabel sets a label that is there twice',
      relabel('target_label: x, replacement: set'),
      'a{x="1",x="2"} 1\n',
      'a{__name__="b",x="1"} 1\n',
    ),
    make(
      'metric_relabel merges series',
      relabel('regex: x, action: labeldrop'),
      'a{x="1"} 1\na{x="2"} 2\n',
      'a{x="2"} 3\n',
      'a{x="1"} 4\na{x="2"} 5\nb 1\n',
      'b 2\n',
    ),
    make(
      'metric_relabel keeps labels',
      relabel('regex: "__name__|job|instance|doc|x", action: labelkeep'),
      'a{x="1",y="2"} 1\nb{z="1"} 2\n',
    ),
    make(
      'metric_relabel renames',
      relabel('source_labels: [__name__], regex: "old_(.*)", target_label: __name__, replacement: "new_$1"'),
      'old_a 1\nnew_a 2\nold_b 3\n',
      'new_a 2\nold_a 1\n',
    ),
    make('metric_relabel loses the name', relabel('regex: __name__, action: labeldrop'), 'a 1\n'),
    make(
      'metric_relabel loses one name',
      relabel('source_labels: [x], target_label: __name__, regex: "1", replacement: ""'),
      'a{x="2"} 1\nb{x="1"} 2\nc{x="3"} 3\n',
      'a{x="2"} 1\n',
    ),
    make(
      'metric_relabel makes a name that is none',
      relabel('source_labels: [x], target_label: __name__'),
      'a{x="ok"} 1\nb{x="1-2"} 2\n',
      'a{x="b:c"} 1\n',
    ),
    make(
      'metric_relabel makes a label name that is none',
      relabel(
        'regex: "(x.*)", action: labelmap, replacement: "${1}${2}"',
        'regex: "x(.*)", action: labelmap, replacement: "$1"',
      ),
      'a{y="1"} 1\nb{x1="2"} 2\n',
    ),
    make(
      'metric_relabel maps',
      relabel('regex: "x_(.*)", action: labelmap, replacement: "y_$1"'),
      'a{x_a="1",x_b="",y_a="3"} 1\n',
    ),
    make(
      'metric_relabel counts',
      relabel('source_labels: [n], target_label: shard, modulus: 7, action: hashmod'),
      'a{n="1"} 1\na{n="2"} 2\na{n="漢字"} 3\na 4\n',
    ),
    make(
      'metric_relabel shard only',
      relabel(
        'source_labels: [n], target_label: __tmp, modulus: 4, action: hashmod',
        'source_labels: [__tmp], regex: "2", action: keep',
      ),
      Array.from({ length: 40 }, (_, n) => `a{n="${n}"} 1\n`).join(''),
    ),
    make(
      'metric_relabel letters',
      relabel(
        'source_labels: [n], target_label: lower, action: lowercase',
        'source_labels: [n], target_label: upper, action: uppercase',
      ),
      'a{n="straße ÀÉ ΑΣ ﬁ ǆ İi"} 1\n',
    ),
    make(
      'metric_relabel equal',
      relabel('source_labels: [n], target_label: m, action: keepequal'),
      'a{n="1",m="1"} 1\nb{n="1",m="2"} 2\nc 3\n',
    ),
    make(
      'metric_relabel not equal',
      relabel('source_labels: [n], target_label: m, action: dropequal'),
      'a{n="1",m="1"} 1\nb{n="1",m="2"} 2\nc 3\n',
    ),
    make(
      'metric_relabel and the target labels',
      relabel('source_labels: [job, exported_job], target_label: both', 'regex: instance, action: labeldrop'),
      'a{job="x"} 1\nb 2\n',
      'b 3\n',
    ),
    make(
      'metric_relabel and honor_labels',
      ['honor_labels: true', ...relabel('source_labels: [job], regex: x, action: drop')],
      'a{job="x"} 1\nb{job="y"} 2\nc 3\n',
    ),
    make(
      'metric_relabel and own time stamps',
      relabel('regex: x, action: labeldrop'),
      `a{x="1"} 1 ${now - 9_000}\na{x="2"} 2 ${now - 8_000}\n`,
      `a{x="1"} 1 ${now - 7_000}\na{x="2"} 2 ${now - 9_500}\n`,
    ),
    make(
      'metric_relabel does not touch the series about the scrape',
      relabel(
        'source_labels: [__name__], regex: "up|scrape_.*", action: drop',
        'target_label: added, replacement: x',
      ),
      'a 1\nup 5\nscrape_x 6\n',
    ),
    make(
      'metric_relabel with an empty label',
      relabel('source_labels: [x], target_label: y, regex: "", replacement: none'),
      'a{x=""} 1\nb{x="1"} 2\nc 3\n',
    ),
    make(
      'metric_relabel and line breaks',
      relabel(
        'source_labels: [x], target_label: y',
        'source_labels: [x], regex: "(?s).*", target_label: z, replacement: any',
      ),
      'a{x="1\\n2"} 1\n',
    ),
    make(
      'sample_limit after metric_relabel',
      ['sample_limit: 2', ...relabel('source_labels: [__name__], regex: "d.*", action: drop')],
      'a 1\nd1 1\nd2 1\nb 1\n',
      'a 1\nb 1\nc 1\nd1 1\n',
      'a 1\nd1 1\nd2 1\nd3 1\n',
    ),
    make(
      'label_limit',
      ['label_limit: 5'],
      'a{x="1"} 1\n',
      'a{x="1"} 1\nb{x="1",y="2"} 2\nc 3\n',
      'a{x="1"} 1\nc 4\n',
    ),
    make(
      'label_limit counts what is stored',
      ['label_limit: 5'],
      'a{x="1",y=""} 1\na{job="x"} 2\n',
      'a{job="x",y="1"} 2\n',
    ),
    make(
      'label_limit after metric_relabel',
      ['label_limit: 5', ...relabel('regex: y, action: labeldrop')],
      'a{x="1",y="2"} 1\n',
      'a{x="1",z="2"} 1\n',
    ),
    make(
      'label_limit and a dropped sample',
      ['label_limit: 5', ...relabel('source_labels: [x], regex: ".+", action: drop')],
      'a{x="1",y="2",z="3"} 1\nb 1\n',
    ),
    make(
      'label_name_length_limit',
      ['label_name_length_limit: 8'],
      'a{eightlen="1"} 1\n',
      'a{ninechars="1"} 1\nb 2\n',
      'b 2\na{x="ninechars"} 3\n',
    ),
    make('label_name_length_limit below the target labels', ['label_name_length_limit: 7'], 'a 1\n'),
    make(
      'label_value_length_limit',
      ['label_value_length_limit: 30'],
      `a{x="${'v'.repeat(30)}"} 1\n`,
      `a{x="${'v'.repeat(31)}"} 1\nb 2\n`,
      'b 3\n',
    ),
    make(
      'label_value_length_limit in bytes',
      ['label_value_length_limit: 30'],
      `a{x="${'漢'.repeat(10)}"} 1\n`,
      `a{x="${'漢'.repeat(11)}"} 1\n`,
    ),
    make(
      'label_value_length_limit of the name',
      ['label_value_length_limit: 30'],
      `${'n'.repeat(31)} 1\n`,
      'n 1\n',
    ),
    make(
      'label limits and an error',
      ['label_limit: 5', 'sample_limit: 1'],
      'a 1\nb{x="1",y="2"} 2\n',
      'a 1\nb 2\n&\n',
      'a 1\n',
    ),
    make('body_size_limit', ['body_size_limit: 20B'], 'a 1\nb 2\n', 'a 1\nb 2\nccccccccccccccc 3\n', 'a 1\n'),
    make(
      'body_size_limit reached to the byte',
      ['body_size_limit: 12B'],
      'a 1\nb 2\nc 3\n',
      'a 1\nb 2\nc 31\n',
      'a 1\n',
    ),
    make('target_limit', ['target_limit: 1', 'params: {second: [yes]}'], 'a 1\n'),
    make(
      'all limits, none reached',
      [
        'sample_limit: 9',
        'label_limit: 9',
        'label_name_length_limit: 99',
        'label_value_length_limit: 99',
        'body_size_limit: 1MB',
        'target_limit: 2',
      ],
      'a{x="1"} 1\n',
      'a{x="1"} 2\nb 1\n',
    ),
    make('params and path', ['params: {x: [y z, w], "m[]": ["a&b"]}'], 'a 1\n'),
  ];
}
