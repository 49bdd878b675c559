import { defineErrors } from '../define.ts';

/** Expected failures of the heartbeat. */
export const signalsErrors = defineErrors({
  WATCHDOG_NOT_WRITTEN: {
    message: {
      zh: '心跳文件 {file} 无法写入：{why}',
      en: 'The heartbeat file {file} cannot be written: {why}',
    },
    hint: {
      zh: '检查该目录是否存在、可写；别处看不到心跳时会认为控制台已停止。',
      en: 'Check that its folder exists and can be written to; whoever looks at it will take the console for dead.',
    },
  },
  WATCHDOG_NOT_SENT: {
    message: { zh: '心跳无法发送到 {url}：{why}', en: 'The heartbeat cannot be sent to {url}: {why}' },
    hint: {
      zh: '检查该地址和网络；对方会认为控制台已停止。',
      en: 'Check the address and the network; the other side will take the console for dead.',
    },
  },
  WATCHDOG_UNREADABLE: {
    message: { zh: '心跳文件 {file} 无法读取：{why}', en: 'The heartbeat file {file} cannot be read: {why}' },
    hint: {
      zh: '检查路径和共享是否可用；另一台控制台可能从未启动。',
      en: 'Check the path and the share; the other console may never have been started.',
    },
  },
});
