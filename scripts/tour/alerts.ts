import { until } from '../../test/helpers/electron.ts';
import { type EngineAccess, reachEngine } from '../../test/helpers/engine.ts';
import type { Tour, TourStep } from './tour-step.ts';

/** Rules over what every site has; they fire at once. */
const rules = `
groups:
  - name: tour
    interval: 1s
    rules:
      - alert: MemoryUsed
        expr: 100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > 2
        labels: {severity: warning}
        annotations:
          summary_zh: '{{ $labels.instance }} 的内存已用 {{ printf "%.0f" $value }}%'
          summary_en: 'Memory of {{ $labels.instance }} is {{ printf "%.0f" $value }} % used'
          description_zh: 查看占用内存最多的进程。
          description_en: Look for the processes that use most of it.
      - alert: CoolingFailed
        expr: vector(38) > 30
        labels: {severity: critical, room: server-room-1}
        annotations:
          summary_zh: 机房空调故障，温度 {{ $value }} ℃
          summary_en: The cooling of the server room has failed, {{ $value }} °C
          description_zh: 打开机房门，联系空调维保。
          description_en: Open the doors and call the maintenance of the cooling.
      - alert: LoadHigh
        expr: node_load1 > 0
        for: 6h
        labels: {severity: warning}
        annotations: {summary_zh: '{{ $labels.instance }} 负载偏高', summary_en: 'Load of {{ $labels.instance }} is high'}
`;

const HOUR = 3_600_000;

const FILE = 'tour.yml';

/** Puts alerts into the site, and maintenance when there is none. */
async function prepare(engine: EngineAccess): Promise<void> {
  await engine.call('rules.files.put', { name: FILE, text: rules });
  const told = async (): Promise<boolean> => {
    const { alerts } = await engine.call('notify.alerts', {});
    return alerts.some(({ labels, state }) => labels.alertname === 'CoolingFailed' && state === 'told');
  };
  await until('the notice of the tour', told, 90_000);
  const { alerts } = await engine.call('notify.alerts', {});
  const [memory] = alerts.filter(({ labels }) => labels.alertname === 'MemoryUsed');
  if (memory) {
    const { id } = memory.problem;
    await engine.call('notify.acknowledge', { ids: [id], by: '李伟', remindAfterMs: HOUR });
  }
  if ((await engine.call('notify.maintenance.list', {})).maintenances.length > 0) return;
  const now = Date.now();
  await engine.call('notify.maintenance.put', {
    name: 'DB',
    matchers: [{ name: 'tier', op: '=', value: 'data' }],
    schedule: { kind: 'recurring', cron: '0 2 * * 0', durationMs: 2 * HOUR },
    by: '李伟',
  });
  await engine.call('notify.maintenance.put', {
    name: 'UPS',
    matchers: [{ name: 'tier', op: '=~', value: 'business|presentation' }],
    schedule: { kind: 'once', startsAt: now + 72 * HOUR, endsAt: now + 100 * HOUR },
    by: '李伟',
  });
}

async function alerts(tour: Tour): Promise<void> {
  const { page } = tour;
  const engine = await until('the engine', () => reachEngine(tour.run.dataDir));
  try {
    await prepare(engine);
    await tour.goTo('/alerts');
    await page.waitForSelector('.firing-row');
    await page
      .locator('.firing-row', { hasText: /机房空调|server room/ })
      .locator('[data-row]')
      .focus();
    await tour.shot('40-alerts');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid="trace"] li');
    await page.waitForTimeout(1_000);
    await tour.shot('42-alert');
    await tour.goTo('/alerts');
    await page
      .locator('.firing-row', { hasText: /内存|Memory/ })
      .locator('[data-row]')
      .first()
      .focus();
    await page.keyboard.press('s');
    await page.waitForSelector('[data-testid="silence-preview"]');
    await page.waitForTimeout(500);
    await tour.shot('43-silence');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    for (const [name, address] of [
      ['41-alert-history', '/alerts?tab=history'],
      ['44-silences', '/alerts?tab=silences'],
      ['45-routes', '/alerts?tab=routes'],
      ['46-shift-report', '/alerts?tab=history&show=shift'],
      ['47-rules', '/alerts?tab=rules'],
      ['48-starter-rules', '/alerts?tab=rules&view=starter'],
    ] as const) {
      await tour.goTo(address);
      await page.waitForTimeout(300);
      await tour.shot(name);
    }
  } finally {
    // The other pages' pictures show the site as it is.
    await engine.call('rules.files.remove', { name: FILE });
    engine.close();
  }
}

/** What is wrong, who is on it, who is told, and why. */
export const alertsSteps: readonly TourStep[] = [{ name: 'alerts', run: alerts }];
