import type { Locale } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { sumsNameOf } from '../names.ts';
import type { KitChain, KitContent, KitPoint } from './kit-content.ts';

/** In front of every line that is to be typed into a shell. */
export const COMMAND_MARK = '    $ ';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Where a file lies, seen from the folder of the checklist. */
const inFolder = (content: KitContent, name: string): string =>
  quoted(content.folder === '' ? `./${name}` : `${content.folder}/${name}`);

/** The shell's pipe that makes a tar stream of an archive. */
function tarStream(content: KitContent, { archive }: KitPoint): string {
  const file = inFolder(content, archive);
  const unpack = /\.gz(\.age)?$/.test(archive) ? 'gzip -dc' : 'zstd -dc';
  return archive.endsWith('.age') ? `age -d -i "$KEY" ${file} | ${unpack}` : `${unpack} ${file}`;
}

/** The commands that unpack one archive of a chain onto what the earlier ones left in the target. */
function unpackCommands(content: KitContent, link: KitPoint): readonly string[] {
  const stream = tarStream(content, link);
  if (link.type === 'full') return [`${stream} | tar -xpf - -C "$TARGET"`];
  return [
    `${stream} | tar -xOf - .hmtt-archive/DELETED | (cd "$TARGET" && xargs -0r rm -rf --)`,
    `${stream} | tar -xpf - -C "$TARGET"`,
    `(cd "$TARGET" && if [ -f .hmtt-archive/rebuild.sh ]; then sh .hmtt-archive/rebuild.sh; fi)`,
  ];
}

/** The key file beside the archives when there is one, unless KEY says otherwise. */
function keyCommand({ folder }: KitContent): string {
  const here = quoted(folder === '' ? '.' : folder);
  return `KEY="\${KEY:-$(ls ${here}/*.key.age 2> /dev/null | head -n 1)}"; ls -l "$KEY"`;
}

type Words = {
  readonly title: string;
  readonly intro: (content: KitContent) => readonly string[];
  readonly needs: (isEncrypted: boolean) => readonly string[];
  readonly choose: readonly string[];
  readonly key: readonly string[];
  readonly chain: (chain: KitChain, number: number) => string;
  readonly check: string;
  readonly unpack: string;
  readonly asOf: (link: KitPoint) => string;
  readonly compare: string;
  readonly earlier: string;
  readonly elsewhere: string;
  readonly none: string;
  readonly more: readonly string[];
};

const time = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19);

const WORDS: Readonly<Record<Locale, Words>> = {
  zh: {
    title: '控制台不在了，怎样取回数据',
    intro: ({ name, label, host, writtenAt }) => [
      label === null ? `本目录：${name}` : `介质标签：${label}`,
      `写入主机：${host}    更新于（UTC）：${time(writtenAt)}`,
      '',
      '不需要 HMTT 运维控制台。任何一台 Linux 主机，按顺序执行下面以“$”开头的命令即可。',
      '在本文件所在的目录打开一个终端，逐行输入（不含“$”）。',
    ],
    needs: (isEncrypted) => [
      `需要的工具：sh、sha256sum、GNU tar、zstd（.gz 归档用 gzip）${isEncrypted ? '、age' : ''}。`,
      '要恢复属主和权限，请以 root 身份执行。',
    ],
    choose: ['第 1 步  选一个空目录，放取回的数据。要换别的目录，先执行 TARGET=/目录；空间要够。'],
    key: [
      '第 2 步  归档已加密。KEY 指向打开它的密钥文件（age 身份文件，或旁边的 *.key.age，后者会询问口令）。',
    ],
    chain: ({ plan, links }, number) =>
      `恢复 ${number}  计划“${plan}”，恢复到 ${time(links.at(-1)?.startedAt ?? 0)}（UTC），共 ${links.length} 个归档`,
    check: '核对归档是否完好。任何一行不是 OK，就不要使用那个归档，改用其他介质上的副本。',
    unpack: '按顺序解包。顺序不能变，也不能跳过。',
    asOf: (link) =>
      `# ${link.archive}（${formatBytes(link.bytes)}）。执行完后，数据是 ${time(link.startedAt)}（UTC）的样子。`,
    compare: '核对取回的文件。没有输出就是全部一致。',
    earlier: '要回到更早的时间，就在那个时间的命令之后停下，不再执行后面的解包。',
    elsewhere: '不在这里的归档，以及它们在哪里：',
    none: '这里还没有可以单独恢复的归档。',
    more: [
      '其他文件：',
      '  FORMAT.txt      归档格式的简短说明',
      '  CATALOGUE.json  备份目录的副本：所有恢复点、所在介质与存放地点',
      '有 HMTT 运维控制台时：接上本介质，运行“hmtt backup rebuild 本目录”，再用向导恢复。',
    ],
  },
  en: {
    title: 'The console is gone: how to get the data back',
    intro: ({ name, label, host, writtenAt }) => [
      label === null ? `This folder: ${name}` : `Label of this medium: ${label}`,
      `Written by host: ${host}    Updated (UTC): ${time(writtenAt)}`,
      '',
      'HMTT Console is not needed. On any Linux host, run the commands below that begin with "$", in order.',
      'Open a terminal in the folder of this file and type them line by line, without the "$".',
    ],
    needs: (isEncrypted) => [
      `Tools needed: sh, sha256sum, GNU tar, zstd (gzip for .gz archives)${isEncrypted ? ', age' : ''}.`,
      'Run them as root to get owners and permissions back.',
    ],
    choose: [
      'Step 1  Choose an empty folder for the data. For another one run TARGET=/FOLDER first; it needs the room.',
    ],
    key: [
      'Step 2  The archives are encrypted. KEY is the key file that opens them (an age identity, or the *.key.age beside',
      '        them, which asks for its passphrase).',
    ],
    chain: ({ plan, links }, number) =>
      `Restore ${number}  plan "${plan}" as of ${time(links.at(-1)?.startedAt ?? 0)} (UTC), ${links.length} archives`,
    check:
      'Check that the archives are sound. Where a line does not say OK, use a copy on another medium instead.',
    unpack: 'Unpack in this order. Do not change the order and leave none out.',
    asOf: (link) =>
      `# ${link.archive} (${formatBytes(link.bytes)}). After it the data is as of ${time(link.startedAt)} (UTC).`,
    compare: 'Compare the files. No output means that all are right.',
    earlier:
      'To go back to an earlier time, stop after the commands of that time and unpack nothing further.',
    elsewhere: 'Archives that are not here, and where they are:',
    none: 'There is no archive here yet that could be restored by itself.',
    more: [
      'Other files:',
      '  FORMAT.txt      the archive format in short',
      '  CATALOGUE.json  a copy of the catalogue: all points, the media they are on, and where those lie',
      'With a console: connect this medium, run "hmtt backup rebuild THIS-FOLDER", then restore with the wizard.',
    ],
  },
};

/**
 * The checklist of a target: how to restore everything on it with standard tools, step by step, with the very file names. Lines
 * that begin with {@link COMMAND_MARK} are commands; a shell that runs them in order restores every chain named.
 */
export function checklist(content: KitContent, locale: Locale): string {
  const words = WORDS[locale];
  const isEncrypted = content.chains.some(({ links }) =>
    links.some(({ archive }) => archive.endsWith('.age')),
  );
  const command = (text: string): string => `${COMMAND_MARK}${text}`;
  const lines = [
    words.title,
    '='.repeat(72),
    '',
    ...words.intro(content),
    '',
    ...words.needs(isEncrypted),
    '',
    ...words.choose,
    command(`TARGET="\${TARGET:-$HOME/hmtt-restored}"; mkdir -p "$TARGET"`),
  ];
  if (isEncrypted) lines.push('', ...words.key, command(keyCommand(content)));
  if (content.chains.length === 0) lines.push('', words.none);
  for (const [index, chain] of content.chains.entries()) {
    lines.push('', '-'.repeat(72), words.chain(chain, index + 1), '');
    // Each plan and time gets a folder of its own, so that one restore never lands on another.
    const folder = quoted(`${chain.plan}.${chain.links.at(-1)?.id.slice(0, 8) ?? ''}`);
    lines.push(`  1. ${words.check}`);
    for (const { archive } of chain.links) {
      const sums = quoted(sumsNameOf(archive).split(/[\\/]/).at(-1) ?? '');
      lines.push(
        command(`(cd ${quoted(content.folder === '' ? '.' : content.folder)} && sha256sum -c ${sums})`),
      );
    }
    lines.push(
      '',
      `  2. ${words.unpack}`,
      command(`TOP="$TARGET"; TARGET="$TOP"/${folder}; mkdir -p "$TARGET"`),
    );
    for (const link of chain.links) {
      lines.push(`     ${words.asOf(link)}`);
      for (const text of unpackCommands(content, link)) lines.push(command(text));
    }
    if (chain.links.length > 1) lines.push(`     ${words.earlier}`);
    lines.push('', `  3. ${words.compare}`);
    lines.push(command('(cd "$TARGET" && sha256sum --quiet -c .hmtt-archive/SHA256SUMS)'));
    lines.push(command('TARGET="$TOP"'));
  }
  const away = content.points.filter((point) => !point.here);
  if (away.length > 0) {
    lines.push('', '-'.repeat(72), words.elsewhere);
    for (const { archive, elsewhere } of away.slice(0, 500))
      lines.push(
        `  ${archive}  ${elsewhere.map(({ name, location }) => (location === '' ? name : `${name} (${location})`)).join(', ') || '?'}`,
      );
  }
  lines.push('', '-'.repeat(72), ...words.more);
  return `${lines.join('\n')}\n`;
}

/** The archive format in short, for who has to read an archive without any of our programs. */
export const FORMAT_TEXT = `HMTT 备份归档格式（简述） / The archive format in short

一个恢复点有三个文件 / A restore point is three files:
  PLAN.TIME.TYPE.ID.tar.zst[.age]               归档 / the archive
  PLAN.TIME.TYPE.ID.manifest.ndjson.zst[.age]   清单 / the manifest, also inside the archive
  PLAN.TIME.TYPE.ID.sha256                      前两者的 SHA-256 / SHA-256 of the two

归档由多个独立的 zstd 帧（或 gzip 段）连接而成，解压后是一个 tar（POSIX pax）；末尾是解压程序会跳过的结尾标记。
The archive is independent zstd frames (or gzip members) one after another; together they are one tar (POSIX pax). It ends
with a trailer that zstd and gzip skip. ".age" is the whole file encrypted with age (age-encryption.org/v1).

TYPE: full 全备份 everything; incremental 增量 what changed since the last point of any type; differential 差异 what
changed since the last full. 每个清单的第一行写明它的上一个恢复点 / The first line of each manifest names the point it builds on.

tar 中的 .hmtt-archive/ / In the tar, .hmtt-archive/ holds:
  README.txt       怎样读取 / how to read it
  DELETED          自上一个恢复点以来删除的路径，以 NUL 分隔 / paths that are gone since the parent, each followed by NUL
  SHA256SUMS       每个文件的 SHA-256 / SHA-256 of every file of this archive
  rebuild.sh       （若有）重建大文件 / (if there) makes large files from their changed pieces
  manifest.ndjson  清单：每行一个 JSON / the manifest, one JSON object a line
`;
