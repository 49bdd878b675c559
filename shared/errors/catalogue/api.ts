import { defineErrors } from '../define.ts';

/** Expected failures of the HTTP API. */
export const apiErrors = defineErrors({
  API_PORT_IN_USE: {
    message: {
      zh: '端口 {port}（地址 {address}）已被另一个程序占用，HTTP 接口没有启动。',
      en: 'Port {port} of {address} is in use by another program; the HTTP API does not listen.',
    },
    hint: {
      zh: '请换一个端口，或先停止占用该端口的程序；填 0 可自动选用空闲端口。',
      en: 'Choose another port, or stop the program that uses it; 0 takes any free port.',
    },
  },
  API_CANNOT_LISTEN: {
    message: {
      zh: '无法在 {address}:{port} 上监听：{why}',
      en: 'It is not possible to listen on {address}:{port}: {why}',
    },
    hint: {
      zh: '该地址必须属于本机；1024 以下的端口通常需要管理员权限。',
      en: 'The address must be one of this machine; ports below 1024 mostly need an administrator.',
    },
  },
  API_TOKEN_NEEDED: {
    message: {
      zh: '没有令牌时只能在本机回环地址上监听，不能使用 {address}。',
      en: 'Without a token only loopback addresses are served, not {address}.',
    },
    hint: {
      zh: '请先生成令牌（命令行用 --token-file），或把地址改为 127.0.0.1。',
      en: 'Make a token first (--token-file on the command line), or use the address 127.0.0.1.',
    },
  },
  API_TOKEN_BAD: {
    message: {
      zh: '令牌不可用：令牌至少需要 {least} 个字符，且不含空白。',
      en: 'The token cannot be used: a token has at least {least} characters and no white space.',
    },
    hint: {
      zh: '例如用 openssl rand -hex 32 生成一个令牌，文件只对运行引擎的用户可读。',
      en: 'Make one with openssl rand -hex 32, for example, and let only the user of the engine read the file.',
    },
  },
  API_FIXED: {
    message: {
      zh: '引擎是用 --listen 启动的，HTTP 接口由命令行决定。',
      en: 'The engine was started with --listen, so the command line decides about the HTTP API.',
    },
    hint: {
      zh: '如需在设置中更改，请不带 --listen 重新启动引擎。',
      en: 'Start the engine without --listen to decide it in the settings.',
    },
  },
});
