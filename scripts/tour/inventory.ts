import type { Tour, TourStep } from './tour-step.ts';

/** A list as a site engineer has it: what is there, what is behind what, who calls whom. */
function siteList({ language, stage }: Tour): string {
  const [a, b] = stage.exporters.map(({ port }) => port);
  const zh = language === 'zh-CN';
  const owner = zh ? '张工' : 'Zhang';
  const header = zh
    ? '名称,地址,层,类型,所在主机,负责人,联系方式,TCP检查,上联,供电,调用'
    : 'name,address,tier,kind,on host,owner,contact,tcp,behind,power,calls';
  return [
    header,
    `sw-1,127.0.0.1,other,switch,,${owner},8001,${a},,,`,
    `ups-1,127.0.0.1,other,ups,,${owner},8001,${b},,,`,
    `lb-1,127.0.0.1,presentation,load balancer,,${owner},8002,,sw-1:1GbE,ups-1,app-1:HTTP;app-2:HTTP`,
    `app-1,127.0.0.1,business,application server,,${owner},8003,,sw-1:1GbE,ups-1,postgres:SQL`,
    `app-2,127.0.0.1,business,application server,,${owner},8003,,sw-1:1GbE,ups-1,postgres:SQL`,
    `db-1,127.0.0.1,data,database server,,${owner},8004,,sw-1:1GbE,ups-1,`,
    `postgres,,data,database server,db-1,${owner},8004,,,,`,
    // Nothing is called so: the preview names the row.
    `app-3,127.0.0.1,business,application server,,${owner},8003,,sw-9,,`,
  ].join('\n');
}

async function topology(tour: Tour): Promise<void> {
  const { page } = tour;
  await tour.goTo('/hosts/import-list');
  await page.setInputFiles('input[type="file"]', {
    name: 'site.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(siteList(tour)),
  });
  const next = page.locator('.wizard-foot .btn-primary');
  await next.click();
  await page.waitForSelector('[data-testid="import-faults"]');
  await tour.shot('26-inventory-import');
  await page.locator('[data-testid="import-faults"] input[type="checkbox"]').check();
  await page.waitForFunction(
    () => document.querySelector('.wizard-foot .btn-primary:not(:disabled)') !== null,
  );
  await next.click();
  await page.waitForSelector('[data-testid="imported"], .notice-ok');
  await tour.goTo('/hosts/topology');
  await page.waitForSelector('.topo-up', { timeout: 30_000 });
  await page.waitForTimeout(3_000);
  await page.locator('.topo-node', { hasText: 'sw-1' }).click();
  await page.waitForSelector('[data-testid="topology-side"] .node-list');
  await tour.shot('27-topology');
  await tour.goTo('/hosts/app-1');
  await page.locator('[data-testid="inventory-panel"]').scrollIntoViewIfNeeded();
  await tour.shot('28-host-inventory');
}

/** The inventory: a list that is imported, the topology it makes, and what a host's page says of it. */
export const inventorySteps: readonly TourStep[] = [{ name: 'topology', run: topology }];
