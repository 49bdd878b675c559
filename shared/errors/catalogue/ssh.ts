import { defineErrors } from '../define.ts';

/** Expected failures of the area `ssh`. */
export const sshErrors = defineErrors({
  SSH_UNREACHABLE: {
    message: {
      zh: '无法连接 {host}:{port} 的 SSH 服务：{why}',
      en: 'SSH on {host}:{port} cannot be reached: {why}',
    },
    hint: {
      zh: '检查主机是否开机、网络与防火墙是否放行该端口、sshd 是否在运行。',
      en: 'Check that the host is on, that network and firewall let the port through, and that sshd runs.',
    },
  },
  SSH_HOST_KEY_UNKNOWN: {
    message: {
      zh: '{host}:{port} 的主机密钥还没有确认：{type} {fingerprint}',
      en: 'The host key of {host}:{port} is not confirmed yet: {type} {fingerprint}',
    },
    hint: {
      zh: '在该主机上运行 ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub，指纹一致再点“确认”。',
      en: 'Run ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on that host; confirm when the fingerprints are the same.',
    },
  },
  SSH_HOST_KEY_CHANGED: {
    message: {
      zh: '{host}:{port} 的主机密钥变了：原来是 {known}，现在是 {fingerprint}。连接已停止，没有发送任何登录信息。',
      en: 'The host key of {host}:{port} has changed: it was {known}, now it is {fingerprint}. The connection was stopped; no login was sent.',
    },
    hint: {
      zh: '可能是主机重装，也可能有人冒充。向管理员核实后，在主机密钥列表中移除旧密钥，再重新确认。',
      en: 'The host was installed anew, or somebody poses as it. Ask its administrator; then remove the old key from the list of host keys and confirm the new one.',
    },
  },
  SSH_LOGIN_REFUSED: {
    message: { zh: '{host} 拒绝用户 {user} 登录：{why}', en: '{host} refuses the login of {user}: {why}' },
    hint: {
      zh: '检查用户名、密钥或密码文件，以及该主机的 ~/.ssh/authorized_keys 与 sshd_config。',
      en: 'Check the user, the key or password file, and ~/.ssh/authorized_keys and sshd_config of that host.',
    },
  },
  SSH_SECRET_UNREADABLE: {
    message: { zh: '无法读取 {file}：{why}', en: '{file} cannot be read: {why}' },
    hint: {
      zh: '检查路径与权限；文件应只有运行控制台的用户可读。',
      en: 'Check its path and permissions; only the user who runs the console should be able to read it.',
    },
  },
  SSH_CONNECTION_LOST: {
    message: { zh: '与 {host} 的 SSH 连接中断：{why}', en: 'The SSH connection to {host} was lost: {why}' },
    hint: { zh: '下次使用时会自动重新连接。', en: 'It is made again by itself when it is needed next.' },
  },
  SSH_TIMEOUT: {
    message: {
      zh: '{host} 在 {seconds} 秒内没有完成：{what}',
      en: '{host} did not finish within {seconds} s: {what}',
    },
    hint: {
      zh: '主机可能过载或命令被挂起；可以稍后重试。',
      en: 'The host may be overloaded or the command hang; try again later.',
    },
  },
  SSH_OUTPUT_TOO_LONG: {
    message: {
      zh: '{host} 的输出超过 {bytes} 字节：{what}',
      en: '{host} wrote more than {bytes} bytes: {what}',
    },
    hint: { zh: '结果已丢弃，没有部分采用。', en: 'The result was dropped; no part of it is used.' },
  },
  SSH_REMOTE_FAILED: {
    message: { zh: '{host} 上的操作失败：{what}：{why}', en: 'On {host}, {what} failed: {why}' },
    hint: { zh: '按主机给出的原因处理后重试。', en: 'Do what the reason asks for, then try again.' },
  },
  SSH_SUDO_REFUSED: {
    message: {
      zh: '主机不允许控制台操作服务 {unit}：{why}',
      en: 'The host does not let the console act on {unit}: {why}',
    },
    hint: {
      zh: '在“主机 → SSH → 允许的命令”生成 sudoers 文件，装到该主机后重试。',
      en: 'Make the sudoers file under Hosts → SSH → What may run, install it on that host, then try again.',
    },
  },
  SSH_SERVICE_FAILED: {
    message: { zh: '服务 {unit} 操作失败：{why}', en: 'Acting on {unit} failed: {why}' },
    hint: {
      zh: '在该主机上查看 systemctl status 与服务日志。',
      en: 'Look at systemctl status and the log of that service on the host.',
    },
  },
  SSH_LOOP: {
    message: { zh: '跳板机成环：{path}', en: 'The jump hosts go round in a circle: {path}' },
    hint: { zh: '修改其中一个登录的跳板机。', en: 'Change the jump host of one of them.' },
  },
});
