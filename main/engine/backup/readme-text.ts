import type { HeaderLine } from './manifest.ts';

/** The text that each archive carries in front: how to read it without this program. */
export function readmeText(
  header: Pick<HeaderLine, 'plan' | 'type' | 'host' | 'startedAt' | 'tool' | 'compression' | 'encryption'>,
): string {
  const unpack = header.compression === 'zstd' ? 'zstd -dc' : 'gzip -dc';
  const suffix = header.compression === 'zstd' ? 'zst' : 'gz';
  const tar =
    header.encryption === null
      ? `${unpack} NAME.tar.${suffix}`
      : `age -d -i 密钥文件/KEY NAME.tar.${suffix}.age | ${unpack}`;
  return `HMTT Console 备份归档 / backup archive

计划 / plan:      ${header.plan}
类型 / type:      ${header.type}
主机 / host:      ${header.host}
时间 / time:      ${new Date(header.startedAt).toISOString()}
写入者 / made by: ${header.tool}

不需要本程序也能读取本归档 / This archive can be read without the program that made it:

  sha256sum -c 名称/NAME.sha256
  ${tar} | tar -xpf - -C 目标目录/TARGET
  cd TARGET && sha256sum --quiet -c .hmtt-archive/SHA256SUMS

.hmtt-archive/SHA256SUMS     每个文件的 SHA-256 / the SHA-256 of every file
.hmtt-archive/manifest.ndjson  清单:每行一个 JSON / the manifest: one JSON object a line
.hmtt-archive/DELETED        (仅增量与差异备份 / only incremental and differential) 自上一备份以来删除的路径
                             paths deleted since the parent, each followed by NUL
.hmtt-archive/rebuild.sh     (同上 / likewise) 由变化部分重建大文件 / rebuilds large files from their changed pieces
增量和差异备份：先解包全备份，再按顺序对每个后续归档执行 / Chains: unpack the full, then for each later archive, in order:
  ${tar} | tar -xOf - .hmtt-archive/DELETED | xargs -0r rm -rf --
  ${tar} | tar -xpf -
  sh .hmtt-archive/rebuild.sh
扩展属性与 ACL：给 tar 加上 / Extended attributes and ACLs: add to tar  --xattrs --xattrs-include='*'
`;
}
