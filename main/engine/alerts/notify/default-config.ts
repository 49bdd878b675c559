import { DESKTOP_CHANNEL } from '#shared/contract/notice.ts';
import type { NotifyConfig, Route } from '#shared/contract/notify-config.ts';

const MINUTE_MS = 60_000;

const ROUTE: Route = {
  title: '',
  receiver: null,
  matchers: [],
  continue: false,
  groupBy: null,
  groupWaitMs: null,
  groupIntervalMs: null,
  repeatIntervalMs: null,
  muteTimes: [],
  activeTimes: [],
  escalation: null,
  routes: [],
};

/**
 * The routing of the first minute, before anybody has configured anything: what is not `info` reaches this workstation, a storm
 * as one notice; what is critical fills the screen when nobody acknowledges.
 *
 * Groups wait 20 s, so that the alert of a switch, which may come after those of the hosts behind it, is still in time to be
 * their cause, and a notice leaves within a minute after a death that took a scrape and its timeout to be seen. They tell news
 * after a minute, where Alertmanager's five are too long for one person who watches alone.
 */
export const DEFAULT_CONFIG: NotifyConfig = {
  route: {
    ...ROUTE,
    receiver: 'desktop',
    groupBy: ['alertname'],
    groupWaitMs: 20_000,
    groupIntervalMs: MINUTE_MS,
    repeatIntervalMs: 4 * 60 * MINUTE_MS,
    escalation: [],
    routes: [
      {
        ...ROUTE,
        title: 'info',
        receiver: 'nobody',
        matchers: [{ name: 'severity', op: '=~', value: '(?i:info|information|none)' }],
      },
      {
        ...ROUTE,
        title: 'critical',
        matchers: [{ name: 'severity', op: '=~', value: '(?i:critical|page|emergency|fatal)' }],
        escalation: [{ afterMs: 10 * MINUTE_MS, receiver: 'full-screen' }],
      },
    ],
  },
  receivers: [
    {
      name: 'desktop',
      targets: [{ kind: 'channel', channel: DESKTOP_CHANNEL, to: null }],
      sendResolved: true,
    },
    { name: 'full-screen', targets: [{ kind: 'full_screen' }], sendResolved: false },
    { name: 'nobody', targets: [], sendResolved: false },
  ],
  inhibitRules: [],
  timeIntervals: [],
  settings: {
    flapping: { enabled: true, openings: 5, windowMs: 60 * MINUTE_MS, calmMs: 20 * MINUTE_MS },
    dependencies: { enabled: true, waitMs: 30_000 },
    historyDays: 400,
    lateAfterMs: 15 * MINUTE_MS,
  },
};
