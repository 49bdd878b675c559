import type { RestorePlan } from '#shared/contract/restore.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import type { NotSetKind, NotSetReport } from './not-set.ts';

const WORDS: Readonly<Record<NotSetKind, Bilingual>> = {
  owners: { zh: '所有者', en: 'owner' },
  modes: { zh: '权限', en: 'permissions' },
  times: { zh: '修改时间', en: 'time' },
  xattrs: { zh: '扩展属性', en: 'extended attributes' },
};
const NAMED = 3;

/** What the evidence of a restore to a host says of it. */
export function hostNotes(
  { host, owners }: RestorePlan,
  ownersRestored: boolean,
  result: { readonly notSet?: readonly NotSetReport[] } | null,
): Bilingual[] {
  const name = host === null ? '' : `${host.name} (${host.address})`;
  const notes: Bilingual[] = [
    {
      zh: `经 SFTP 写入主机 ${name}；每个文件先以临时名写入，在主机上核对 SHA-256 后才改为正式名。时间恢复到秒。`,
      en: `Written by SFTP to the host ${name}; each file under a temporary name first, given its own after its SHA-256 was compared there. Times are restored to the second.`,
    },
  ];
  if (owners.mode === 'current')
    notes.push({
      zh: '按要求，恢复的文件归登录用户所有。',
      en: 'As asked for, the restored files belong to the user of the login.',
    });
  else if (!ownersRestored)
    notes.push({
      zh: '文件所有者没有恢复：登录用户不是 root，文件归登录用户所有。',
      en: 'Owners were not restored: the login is not root, and the files belong to its user.',
    });
  for (const { what, count, paths } of result?.notSet ?? []) {
    const named = paths.slice(0, NAMED).join(', ');
    const more = count > NAMED ? ' …' : '';
    notes.push({
      zh: `${count} 个路径的${WORDS[what].zh}未能设置：${named}${more}`,
      en: `${count} paths did not get their ${WORDS[what].en}: ${named}${more}`,
    });
  }
  return notes;
}
