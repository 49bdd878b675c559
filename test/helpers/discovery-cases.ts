/** A job with the files of each round; null, or nothing, is a file that is not there. */
export type DiscoveryCase = {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly files: Readonly<Record<string, readonly (string | null)[]>>;
  /** Further lines of the job. */
  readonly more?: string;
  /** What the console says of the files in each round: code and line, or nothing. */
  readonly faults: readonly string[];
};

/** Rounds of edits, the first state among them. */
export const ROUNDS = 4;

const SOUND = ['', '', '', ''];
const REFUSED = 'DISCOVERY_FILE_REFUSED';
const INVALID = 'DISCOVERY_FILE_INVALID';
const WRONG = 'DISCOVERY_TARGET_REFUSED';
const NONE = 'DISCOVERY_NO_FILE';

/** Sound first, broken in the second round, sound again in the third, empty in the last. */
const breaking = (file: string, broken: string, fault: string): DiscoveryCase => ({
  name: `${file}: ${broken}`,
  patterns: [file],
  files: {
    [file]: file.endsWith('json')
      ? ['[{"targets": ["a:1", "b:1"], "labels": {"v": "1"}}]', broken, '[{"targets": ["b:2"]}]', '[]']
      : ['- targets: [a:1, b:1]\n  labels: {v: "1"}\n', broken, '- targets: [b:2]\n', '[]\n'],
  },
  faults: ['', fault, '', ''],
});

/** What Prometheus makes of each is not written here but asked. */
export const CASES: readonly DiscoveryCase[] = [
  breaking('x.yml', '- targets: [a:1\n', `${REFUSED} 2`),
  breaking('x.yml', '- targets: [a:1]\n  labls: {}\n', `${REFUSED} 2`),
  breaking('x.yml', '- targets: [a:1]\n- \n', `${REFUSED} 2`),
  breaking('x.yml', '- targets: [a:1]\n  labels: {a-b: c}\n', `${REFUSED} 2`),
  breaking('x.yml', 'targets: [a:1]\n', `${REFUSED} 1`),
  breaking('x.yml', '- targets: a:1\n', `${REFUSED} 1`),
  breaking('x.yml', '- targets: [a:1]\n  labels: [a]\n', `${REFUSED} 2`),
  breaking('x.yaml', '- targets: [{a: b}]\n', `${REFUSED} 1`),
  breaking('x.json', '[{"targets": ["a:1"]}', `${INVALID} 1`),
  breaking('x.json', '[\n {"targets": ["a:1"],\n  "lables": {}}\n]', `${INVALID} 3`),
  breaking('x.json', '[\n {"targets": ["a:1"],\n  "labels": {"a-b": "c"}}\n]', `${INVALID} 3`),
  breaking('x.json', '[{"targets": ["a:1"], "labels": {"a": 1}}]', `${INVALID} 1`),
  breaking('x.json', '[null]', `${INVALID} 1`),
  breaking('x.json', '{"targets": ["a:1"]}', `${INVALID} 1`),
  breaking('x.json', '', `${INVALID} 1`),
  breaking('x.json', '[{"targets": "a:1"}]', `${INVALID} 1`),
  {
    name: 'empty and null documents',
    patterns: ['x.yml', 'y.json', 'z.yaml'],
    files: {
      'x.yml': ['- targets: [a:1]\n', '', '- targets: [a:2]\n', '# nothing\n'],
      'y.json': [
        '[{"targets": ["b:1"]}]',
        'null',
        '[{"targets": ["b:1"], "labels": null}]',
        '[{"targets": null}]',
      ],
      'z.yaml': ['- targets: [c:1]\n', '- targets: []\n', '- labels: {a: b}\n', 'null\n'],
    },
    faults: SOUND,
  },
  {
    name: 'values of every kind',
    patterns: ['x.yml', 'y.json'],
    files: {
      'x.yml': [
        '- targets: [a:1]\n  labels: {n: 1, b: true, f: 1.50, e: ""}\n',
        '- &one\n  targets: [a:1]\n  labels: &l {n: "2"}\n- targets: [b:1]\n  labels: *l\n',
        '- targets: ["a:1", "a:1"]\n- targets: ["a:1"]\n',
        '- targets: [a:1]\n  labels: {instance: i, job: other, __metrics_path__: /m, __scheme__: https}\n',
      ],
      'y.json': [
        '[{"Targets": ["j:1"], "LABELS": {"x": "漢字"}}]',
        '[{"targets": ["j:1", "j:2"], "labels": {"x": ""}}]',
        '[{"targets": ["j:1"], "labels": {"instance": "i", "__param_q": "v"}}]',
        '[{"targets": ["j:1"], "labels": {"__scrape_interval__": "30s", "__scrape_timeout__": "5s"}}]',
      ],
    },
    faults: SOUND,
  },
  {
    name: 'a target that cannot be scraped is left out alone',
    patterns: ['x.yml'],
    files: {
      'x.yml': [
        '- targets: ["a:1", "http://b:1", "c:1"]\n',
        '- targets: ["a:1", "b/c"]\n- targets: ["c:1"]\n',
        '- targets:\n  - a:1\n  - "http://b:1"\n  - c:1\n',
        '- targets: ["a", "b:1"]\n',
      ],
    },
    faults: [`${WRONG} 1`, `${WRONG} 1`, `${WRONG} 3`, ''],
  },
  {
    name: 'files come and go',
    patterns: ['*.yml', 'fixed.json'],
    files: {
      'a.yml': ['- targets: [a:1]\n', '- targets: [a:1]\n', null, '- targets: [a:3]\n'],
      'b.yml': [null, '- targets: [b:1]\n', '- targets: [b:1, b:2]\n', '- targets: [b:1]\n'],
      'c.txt': ['- targets: [c:1]\n', '- targets: [c:1]\n', null, null],
      'fixed.json': [null, '[{"targets": ["f:1"]}]', null, '[{"targets": ["f:1"]}]'],
    },
    faults: [NONE, '', NONE, ''],
  },
  {
    name: 'rules see the path of the file',
    patterns: ['t-*.json'],
    more: [
      'scrape_interval: 20s',
      'relabel_configs:',
      "- {source_labels: [__meta_filepath], regex: '.*/t-(.+)\\.json', target_label: file}",
      '- {source_labels: [__address__], regex: drop.*, action: drop}',
      "- {source_labels: [__address__], regex: '([^:]+):.*', target_label: instance}",
    ].join('\n'),
    files: {
      't-one.json': [
        '[{"targets": ["a:1", "drop:1"]}]',
        '[{"targets": ["a:1", "aa:1"]}]',
        null,
        '[{"targets": ["a:1"]}]',
      ],
      't-two.json': [null, '[{"targets": ["b:1"], "labels": {"z": "y"}}]', '[{"targets": ["drop:1"]}]', null],
    },
    faults: ['', '', '', ''],
  },
  {
    name: 'listed and found',
    patterns: ['x.yml'],
    more: "static_configs: [{targets: ['s:1', 'a:1']}]",
    files: { 'x.yml': ['- targets: [a:1, f:1]\n', '- targets: [a:1\n', '- targets: [f:1]\n', null] },
    faults: ['', `${REFUSED} 2`, '', NONE],
  },
];
