// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Go, not of this language.
/** A rule as it stands in a prometheus.yml, in flow style. */
type YamlRule = string;

/** Rules of which Prometheus may refuse each; what it says is not written here but asked. */
export const RULE_DOCUMENTS: readonly YamlRule[] = [
  '{}',
  '{source_labels: [a], target_label: b}',
  '{source_labels: [a]}',
  '{source_labels: a, target_label: b}',
  '{source_labels: [a-b], target_label: b}',
  '{source_labels: [1a], target_label: b}',
  '{source_labels: [], target_label: b}',
  "{target_label: ''}",
  '{target_label: 0b}',
  '{target_label: b-c}',
  "{target_label: '${1}'}",
  "{target_label: '$1'}",
  "{target_label: '${1}_x$2'}",
  "{target_label: '${}'}",
  "{target_label: '$$1'}",
  "{target_label: 'a${b}c', replacement: ''}",
  '{target_label: b, regex: (}',
  "{target_label: b, regex: ''}",
  "{target_label: b, regex: 'a)(b'}",
  "{target_label: b, regex: '(?=a)'}",
  "{target_label: b, regex: '(?i)A'}",
  "{target_label: b, regex: '[[:alpha:]]+'}",
  "{target_label: b, regex: 'a{1000}'}",
  "{target_label: b, regex: 'a{1001}'}",
  "{target_label: b, regex: '\\p{Greek}'}",
  "{target_label: b, regex: '\\Q.\\E'}",
  "{target_label: b, regex: '\\1'}",
  "{target_label: b, regex: '(?P<n>a)'}",
  '{target_label: b, regex: 123}',
  '{target_label: b, action: Replace}',
  '{target_label: b, action: REPLACE}',
  "{target_label: b, action: ''}",
  '{target_label: b, action: unknown}',
  '{target_label: b, unknown: 1}',
  '{target_label: b, modulus: 3}',
  '{action: keep}',
  '{action: keep, target_label: 0-}',
  "{action: keep, replacement: '-'}",
  '{action: drop, source_labels: [a], regex: x}',
  '{action: hashmod, source_labels: [a], target_label: b}',
  '{action: hashmod, source_labels: [a], target_label: b, modulus: 8}',
  '{action: hashmod, source_labels: [a], target_label: b, modulus: 0}',
  '{action: hashmod, source_labels: [a], target_label: b, modulus: -1}',
  '{action: hashmod, source_labels: [a], modulus: 8}',
  "{action: hashmod, source_labels: [a], target_label: '$1', modulus: 8}",
  '{action: labelmap}',
  '{action: labelmap, regex: __meta_(.+)}',
  "{action: labelmap, replacement: 'a b'}",
  "{action: labelmap, replacement: ''}",
  "{action: labelmap, replacement: 'x_${1}', source_labels: [a]}",
  '{action: labeldrop}',
  '{action: labeldrop, regex: x}',
  '{action: labeldrop, regex: x, source_labels: [a]}',
  '{action: labeldrop, regex: x, source_labels: []}',
  '{action: labeldrop, regex: x, target_label: a}',
  '{action: labeldrop, regex: x, modulus: 1}',
  "{action: labeldrop, regex: x, separator: ';'}",
  "{action: labeldrop, regex: x, separator: ','}",
  "{action: labeldrop, regex: x, replacement: '$1'}",
  '{action: labelkeep, regex: x, replacement: y}',
  '{action: labelkeep, regex: x}',
  '{action: lowercase, source_labels: [a]}',
  '{action: lowercase, source_labels: [a], target_label: b}',
  '{action: lowercase, source_labels: [a], target_label: b, replacement: x}',
  "{action: lowercase, source_labels: [a], target_label: '$1'}",
  '{action: lowercase, source_labels: [a], target_label: b, regex: x}',
  '{action: uppercase, source_labels: [a], target_label: b, separator: x}',
  '{action: uppercase, source_labels: [a], target_label: b-}',
  '{action: keepequal, source_labels: [a]}',
  '{action: keepequal, source_labels: [a], target_label: b}',
  '{action: keepequal, source_labels: [a], target_label: b, regex: x}',
  "{action: keepequal, source_labels: [a], target_label: b, regex: '(.*)'}",
  "{action: keepequal, source_labels: [a], target_label: b, separator: ';'}",
  '{action: dropequal, source_labels: [a], target_label: b, separator: x}',
  '{action: dropequal, source_labels: [a], target_label: b, modulus: 1}',
  "{action: dropequal, source_labels: [a], target_label: b, replacement: '$1'}",
  '{action: dropequal, source_labels: [a], target_label: b, replacement: x}',
];

/** Jobs with target relabelling, each the lines below `job_name`; `NAME` is replaced by the job's number. */
export const TARGET_JOBS: readonly string[] = [
  `static_configs: [{targets: ['h:1', 'h', '[::1]:9', '[::1]']}]`,
  `scheme: https\nstatic_configs: [{targets: ['h:1', 'h', 'h:443']}]`,
  `static_configs: [{targets: ['h:1'], labels: {a: b, instance: i, job: other, empty: ''}}]`,
  `static_configs: [{targets: ['h:1'], labels: {__meta_x: y, __tmp: z, __metrics_path__: /m, __scheme__: https}}]`,
  `static_configs: [{targets: ['h'], labels: {__scheme__: https, __param_q: v, __scrape_interval__: 30s, __scrape_timeout__: 5s}}]`,
  `params: {q: [one, two], 'match[]': ['up{a="b"}']}\nstatic_configs: [{targets: ['h:1'], labels: {__param_q: listed}}]`,
  `params: {q: [one, two]}\nrelabel_configs: [{target_label: __param_q, replacement: changed}]\nstatic_configs: [{targets: ['h:1']}]`,
  `params: {q: [one]}\nrelabel_configs: [{action: labeldrop, regex: __param_.*}]\nstatic_configs: [{targets: ['h:1']}]`,
  [
    'metrics_path: /probe',
    'params: {module: [http_2xx]}',
    'relabel_configs:',
    '- {source_labels: [__address__], target_label: __param_target}',
    '- {source_labels: [__param_target], target_label: instance}',
    "- {target_label: __address__, replacement: '127.0.0.1:9115'}",
    "static_configs: [{targets: ['https://app.example/x?y=1', 'http://db:80']}]",
  ].join('\n'),
  `relabel_configs: [{source_labels: [__address__], regex: 'a.*', action: keep}]\nstatic_configs: [{targets: ['a1:1', 'b1:1', 'a2:1']}]`,
  `relabel_configs: [{source_labels: [__address__], regex: 'a.*', action: drop}]\nstatic_configs: [{targets: ['a1:1', 'b1:1', 'a2:1']}]`,
  `relabel_configs: [{source_labels: [__address__], target_label: __tmp, modulus: 3, action: hashmod}, {source_labels: [__tmp], regex: '1', action: keep}]\nstatic_configs: [{targets: ['n1:1', 'n2:1', 'n3:1', 'n4:1', 'n5:1', 'n6:1', 'n7:1', 'n8:1']}]`,
  `relabel_configs: [{source_labels: [__address__], target_label: shard, modulus: 1000003, action: hashmod}]\nstatic_configs: [{targets: ['n1:1', 'n2:1', 'n3:1'], labels: {x: 漢字}}]`,
  `relabel_configs: [{action: labelmap, regex: __meta_(.+)}]\nstatic_configs: [{targets: ['h:1'], labels: {__meta_zone: z, __meta_rack: r, zone: own}}]`,
  `relabel_configs: [{action: labelmap, regex: '(a)(b)', replacement: 'x_$2$1'}]\nstatic_configs: [{targets: ['h:1'], labels: {ab: one, abc: two}}]`,
  `relabel_configs: [{action: labelkeep, regex: '__.*|job|a'}]\nstatic_configs: [{targets: ['h:1'], labels: {a: b, c: d}}]`,
  `relabel_configs: [{action: labeldrop, regex: job}]\nstatic_configs: [{targets: ['h:1']}]`,
  `relabel_configs: [{source_labels: [a], target_label: B, action: uppercase}, {source_labels: [c], target_label: c, action: lowercase}]\nstatic_configs: [{targets: ['h:1'], labels: {a: 'straße éΣ ﬁ', c: 'İSTANBUL ΑΣ ÀÉ'}}]`,
  `relabel_configs: [{source_labels: [a], target_label: b, action: keepequal}]\nstatic_configs: [{targets: ['h:1'], labels: {a: x, b: x}}, {targets: ['h:2'], labels: {a: x, b: y}}]`,
  `relabel_configs: [{source_labels: [a, c], separator: '-', regex: '(.*)', target_label: b, action: replace}]\nstatic_configs: [{targets: ['h:1'], labels: {a: x, c: y}}, {targets: ['h:2'], labels: {c: y}}]`,
  `relabel_configs: [{source_labels: [a], target_label: b, action: dropequal}]\nstatic_configs: [{targets: ['h:1'], labels: {a: x, b: x}}, {targets: ['h:2'], labels: {a: x, b: y}}]`,
  `relabel_configs: [{source_labels: [a], regex: '(\\w+)-(.*)', target_label: '\${1}_new', replacement: '$2'}]\nstatic_configs: [{targets: ['h:1'], labels: {a: name-value}}, {targets: ['h:2'], labels: {a: '0bad-value'}}, {targets: ['h:3'], labels: {a: plain}}, {targets: ['h:4'], labels: {a: name-, name_new: old}}]`,
  `relabel_configs: [{source_labels: [a], regex: '0?(\\w+)-(.*)', target_label: '$1', replacement: ''}]\nstatic_configs: [{targets: ['h:1'], labels: {a: b-c, b: there}}]`,
  `relabel_configs: [{source_labels: [a], regex: '(?P<first>.)(?P<rest>.*)', target_label: b, replacement: '\${rest}\${first}$nothing$1x$$'}]\nstatic_configs: [{targets: ['h:1'], labels: {a: abc}}]`,
  `relabel_configs: [{source_labels: [a], target_label: b}, {source_labels: [a], regex: '(?s)(.*)', target_label: c}]\nstatic_configs: [{targets: ['h:1'], labels: {a: "x\\ny"}}]`,
  `relabel_configs: [{source_labels: [__address__], regex: '([^:]+):.*', target_label: instance}]\nstatic_configs: [{targets: ['h:1', 'other:2']}]`,
  `relabel_configs: [{source_labels: [__scrape_interval__, __scrape_timeout__, __metrics_path__, __scheme__], target_label: all}]\nscrape_interval: 90s\nstatic_configs: [{targets: ['h:1']}]`,
  `relabel_configs: [{target_label: __scrape_interval__, replacement: 1m30s}, {target_label: __scrape_timeout__, replacement: 7s}]\nstatic_configs: [{targets: ['h:1']}]`,
  `relabel_configs: [{target_label: __metrics_path__, replacement: '/a b?c=d&e%20'}]\nstatic_configs: [{targets: ['h:1']}]`,
  `metrics_path: /x?y=1\nstatic_configs: [{targets: ['h:1']}]`,
  `relabel_configs: [{target_label: __metrics_path__, replacement: relative}]\nstatic_configs: [{targets: ['h:1']}]`,
  `relabel_configs: [{target_label: job, replacement: renamed}, {target_label: instance, replacement: one}]\nstatic_configs: [{targets: ['h:1']}]`,
  `relabel_configs: [{source_labels: [__address__], regex: 'h:(.*)', target_label: __address__, replacement: 'other:$1'}]\nstatic_configs: [{targets: ['h:1', 'g:2']}]`,
  `relabel_configs: [{action: drop}]\nstatic_configs: [{targets: ['h:1']}]`,
  `relabel_configs: [{action: keep, regex: 'x?'}]\nstatic_configs: [{targets: ['h:1']}]`,
];

/** A small deterministic source of choices (mulberry32), so that a difference can be looked at again. */
function chooser(seed: number): <T>(from: readonly T[]) => T {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return (from) => {
    const chosen = from[Math.floor(next() * from.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  };
}

const NAMES = ['a', 'b', 'c', 'ab', 'abc', 'zone', '__tmp', '__meta_x', '__meta_zone', 'instance', 'job'];
const VALUES = ['x', 'y', 'X-1', 'x-y-z', 'a', 'b', 'Zone.1', '漢字', 'x\ny', ' x ', '10', 'é', '$1', 'a;b'];
const EXPRESSIONS = [
  '(.*)',
  '.*',
  '.+',
  '',
  'x',
  'x|y',
  '(x)-(.*)',
  '([^-]+)-?(.*)',
  '(?i)zone.*',
  '(a)(b)?(c)?',
  '__meta_(.+)',
  '(?s)(.).*',
  '(?P<n>\\w)(.*)',
  '[[:alpha:]]+',
  '\\d+',
  'a|(b)',
  '(.*);(.*)',
];
const REPLACEMENTS = [
  '$1',
  '$2',
  '${1}',
  '${n}',
  'x',
  '',
  '$1-$2',
  '$0',
  '$$1',
  '${1}_${2}',
  '$1x',
  'pre_$1',
];
const TARGETS = ['a', 'b', 'new', '__tmp', 'zone', '${1}', '$1', 'l_${1}', '${2}'];

/** Jobs with rules put together at random, for {@link TARGET_JOBS}' kind of comparison. */
export function randomJobs(count: number, seed: number): readonly string[] {
  const pick = chooser(seed);
  const quoted = (text: string): string => JSON.stringify(text);
  const few = <T>(from: readonly T[]): readonly T[] => [pick(from), pick(from)].slice(pick([0, 1]));
  const rule = (): string => {
    const source = `source_labels: [${few(NAMES).join(', ')}]`;
    const regex = `regex: ${quoted(pick(EXPRESSIONS))}`;
    const separator = `separator: ${quoted(pick([';', '', '-']))}`;
    switch (
      pick([
        'replace',
        'replace',
        'replace',
        'keep',
        'drop',
        'hashmod',
        'labelmap',
        'labeldrop',
        'case',
        'equal',
      ])
    ) {
      case 'keep':
        return `{action: keep, ${source}, ${separator}, regex: '.*|x'}`;
      case 'drop':
        return `{action: drop, ${source}, ${separator}, ${regex.replace(/: "(\(?)\.[*+]\)?"$/, ': "never"')}}`;
      case 'hashmod':
        return `{action: hashmod, ${source}, ${separator}, target_label: ${pick(NAMES)}, modulus: ${pick([2, 7, 1000, 4294967296])}}`;
      case 'labelmap':
        return `{action: labelmap, ${regex}, replacement: ${quoted(pick(['x_$1', 'm_${1}', '$1$2', 'fixed']))}}`;
      case 'labeldrop':
        return `{action: labeldrop, regex: ${quoted(pick(['a|b', 'a.*', '__meta_.*', 'zone', 'nothing', '(?i)ABC']))}}`;
      case 'case':
        return `{action: ${pick(['lowercase', 'uppercase'])}, ${source}, target_label: ${pick(NAMES)}}`;
      case 'equal':
        return `{action: ${pick(['keepequal', 'dropequal'])}, source_labels: [${pick(NAMES)}], target_label: ${pick(NAMES)}}`;
      default:
        return `{${source}, ${separator}, ${regex}, target_label: ${quoted(pick(TARGETS))}, replacement: ${quoted(pick(REPLACEMENTS))}}`;
    }
  };
  return Array.from({ length: count }, () => {
    const groups = [1, 2, 3].map((n) => {
      const labels = new Map(
        few([...NAMES, ...NAMES])
          .concat(few(NAMES))
          .map((name) => [name, pick(VALUES)]),
      );
      const pairs = [...labels].map(([name, value]) => `${name}: ${quoted(value)}`);
      return `{targets: ['h${n}:1'], labels: {${pairs.join(', ')}, group: '${n}'}}`;
    });
    const rules = Array.from({ length: pick([1, 2, 3, 4]) }, rule);
    return `relabel_configs: [${rules.join(', ')}]\nstatic_configs: [${groups.join(', ')}]`;
  });
}
