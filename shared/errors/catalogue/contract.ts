import { defineErrors } from '../define.ts';

/** Expected failures of calls between window, command line and engine. */
export const contractErrors = defineErrors({
  UNKNOWN_METHOD: {
    message: { zh: '引擎不认识请求“{method}”。', en: 'The engine does not know the request "{method}".' },
    hint: {
      zh: '窗口与引擎的版本可能不同，请重新启动控制台。',
      en: 'Window and engine may be of different versions: restart the console.',
    },
  },
  BAD_INPUT: {
    message: {
      zh: '请求“{method}”的字段“{field}”不合要求：{why}。',
      en: 'Request "{method}" refused: field "{field}": {why}.',
    },
    hint: {
      zh: '请更正该字段后重试；没有做任何更改。',
      en: 'Correct the field and try again; nothing was changed.',
    },
  },
  CANCELLED: {
    message: { zh: '操作已取消。', en: 'The operation was cancelled.' },
    hint: { zh: '需要时可重新开始。', en: 'Start it again when needed.' },
  },
  ENGINE_GONE: {
    message: { zh: '引擎没有应答。', en: 'The engine does not answer.' },
    hint: {
      zh: '控制台会自动重新启动引擎；数据没有丢失。请稍候。',
      en: 'The console restarts the engine by itself; no data is lost. Wait a moment.',
    },
  },
  INTERNAL: {
    message: { zh: '程序内部错误：{what}', en: 'Internal error: {what}' },
    hint: {
      zh: '其余功能继续工作。请在“设置 → 关于”导出诊断信息。',
      en: 'Everything else keeps working. Export the diagnostics under Settings → About.',
    },
  },
  NOT_FOUND: {
    message: { zh: '找不到{what}“{id}”。', en: 'There is no {what} "{id}".' },
    hint: { zh: '它可能已被删除，请刷新列表。', en: 'It may have been removed: refresh the list.' },
    words: {
      what: {
        'SSH login': 'SSH 登录',
        alert: '告警',
        channel: '通知渠道',
        check: '检查',
        contact: '联系人',
        copy: '副本',
        dashboard: '仪表板',
        'database restore': '数据库恢复',
        drill: '演练',
        environment: '恢复环境条目',
        event: '日志事件',
        host: '主机',
        incident: '故障',
        job: '任务',
        'log output': '日志输出',
        'log pipeline': '日志流水线',
        'log receiver': 'syslog 接收器',
        'log source': '日志源',
        maintenance: '维护窗口',
        mark: '标记',
        'masking rule': '脱敏规则',
        'open alert': '触发中的告警',
        'presented host key': '对方出示的主机密钥',
        'remote write': '远程写入',
        rendering: '出图任务',
        report: '报告',
        restore: '恢复',
        'restore point': '恢复点',
        risk: '风险',
        rota: '值班表',
        'rotation policy': '轮转策略',
        'rule file': '规则文件',
        run: '预案执行记录',
        runbook: '应急预案',
        'saved search': '已存搜索',
        secret: '密码',
        segment: '归档段',
        silence: '静默',
        'starter rule': '起步规则',
        step: '步骤',
        template: '模板',
        view: '视图',
      },
    },
  },
});
