import { goTo } from '../../test/helpers/go.ts';
import type { Tour, TourStep } from './tour-step.ts';

const RANGE = 'range=15m';

async function look({ page }: Tour, theme: 'light' | 'dark'): Promise<void> {
  await page.locator('.top-right select').nth(1).selectOption(theme);
}

/** The list, a built-in board in both looks, its copy while it is edited, and the wall. */
async function dashboards(tour: Tour): Promise<void> {
  const { page } = tour;
  await tour.goTo('/metrics/dashboards');
  await page.waitForSelector('[data-testid="table-dashboards"] tbody a');
  await tour.shot('35-dashboards');
  await tour.goTo(`/metrics/dashboards/hmtt-site?${RANGE}`);
  await page.waitForSelector('.stat-text');
  await page.waitForTimeout(1_000);
  await tour.shot('36-dashboard');
  await look(tour, 'dark');
  await page.waitForTimeout(300);
  await tour.shot('36b-dashboard-dark');
  await look(tour, 'light');
  await page.locator('.page-actions .btn', { hasText: /复制并编辑|Copy and edit/ }).click();
  await page.waitForSelector('.board-grip-move');
  await page.waitForTimeout(1_000);
  await tour.shot('37-dashboard-edit');
  await page.locator('.board-grip-move').first().press('Enter');
  await page.waitForSelector('[data-testid="panel-editor"]');
  await page.waitForSelector('.expression-editor[data-ready="true"]');
  await page.waitForTimeout(800);
  await tour.shot('38-dashboard-panel');
  await goTo(page, `/wall/hmtt-site?${RANGE}`);
  await page.waitForSelector('.wall .stat-text');
  await page.waitForTimeout(1_500);
  await tour.shot('39-dashboard-wall');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.board-page');
  // A display without a window manager does not give the size back by itself.
  await tour.run.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(1366, 768);
  });
}

/** Dashboards, from the list to the wall. */
export const dashboardSteps: readonly TourStep[] = [{ name: 'dashboards', run: dashboards }];
