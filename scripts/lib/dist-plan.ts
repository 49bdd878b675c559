import type { RuntimeSource } from './runtime.ts';

/** What the packages are called and what they say, decided by the runtime they are built from. */
export type DistPlan = {
  /** Part of every file name; empty for releases. */
  readonly suffix: string;
  /** Debian's version: a development build sorts before the release of the same number. */
  readonly debVersion: string;
  /** One sentence for the package's description; undefined for releases. */
  readonly summary: string | undefined;
  /** Text of a file in the package; undefined for releases. */
  readonly notice: string | undefined;
};

/** The name of the notice inside a development package. */
export const noticeFile = 'DEVELOPMENT-BUILD.txt';

/**
 * Decides how a build is marked. What is built from the registry runtime carries an Electron without security
 * updates, so nobody must mistake it for a release.
 */
export function planDist(version: string, source: RuntimeSource, electron: string): DistPlan {
  if (source === 'official') {
    return { suffix: '', debVersion: version, summary: undefined, notice: undefined };
  }
  return {
    suffix: '-dev-not-for-release',
    debVersion: `${version}~dev`,
    summary: `DEVELOPMENT BUILD, NOT FOR RELEASE: made from the end-of-life Electron ${electron}.`,
    notice: [
      `HMTT Console ${version}: DEVELOPMENT BUILD, NOT FOR RELEASE`,
      '',
      `It was built on a host that could not reach the official Electron, from Electron ${electron}, which gets no`,
      'security updates any more. Use it for trying out and testing only.',
      '',
      `HMTT 运维控制台 ${version}：开发构建，不得发布`,
      '',
      `构建主机无法访问官方 Electron，本软件包基于已停止安全更新的 Electron ${electron}，仅供试用和测试。`,
      '',
    ].join('\n'),
  };
}

/** Debian's name of a processor. */
export function debianArch(arch: string): string {
  return (
    new Map([
      ['x64', 'amd64'],
      ['arm64', 'arm64'],
    ]).get(arch) ?? arch
  );
}
