// changes.mjs - a long review by keyboard alone, then a tree that changed under it: what is hurt
// is seen first and repaired, and a batch is taken back. run_changes.py looks into the store.
import { seriousFaults, settled, start, tell } from './browser.mjs';

const { base, end, faults, open, password, shot, toast } = await start();
const { many } = JSON.parse(process.env.PAGE);
const title = (page) => page.textContent('.card h2');

/* Not one click: signing in, the unit, the decisions. */
const page = await open();
await page.locator('[name=user]').waitFor();
for (let i = 0; (await page.evaluate(() => document.activeElement.getAttribute('name'))) !== 'user' && i < 9; i++)
  await page.keyboard.press('Tab');
await page.keyboard.type('cici');
await page.keyboard.press('Tab');
await page.keyboard.type(password);
await page.keyboard.press('Enter');
await page.waitForSelector('.queue .count');
for (let i = 0; (await page.evaluate(() => document.activeElement.textContent)) !== 'Product' && i < 60; i++)
  await page.keyboard.press('Tab');
await page.keyboard.press('Enter');
await page.waitForSelector('.card .head .picture');
let accepted = 0;
for (let i = 0; i < many; i++) {
  const before = await title(page);
  const has = await page.locator('.candidate:not(.closed)').count();
  const key = i % 5 === 4 || !has ? 'n' : 'a';
  accepted += key === 'a';
  await page.keyboard.press(key);
  await page.waitForFunction((was) => document.querySelector('.card h2')?.textContent !== was, before);
}
await settled(page);
await tell('hundred', { accepted, failures: await page.locator('.toast.failed, .clash').count() });

/* The tree has changed by now. */
await page.goto(`${base}/#/syncs`);
await page.waitForSelector('.impact');
await page.waitForSelector('.differences tbody tr');
await shot(page, 'syncs-hurt');
faults.push(...(await seriousFaults(page)));
const first = await page.evaluate(() => document.querySelector('.sheet > section')?.className);
const impacts = await page.locator('.impact').count();
const kinds = await page.$$eval('.differences .actions button:not(:disabled)', (all) => all.map((b) => b.textContent));
await page.getByRole('button', { name: 'renamed' }).click();
const renamed = await page.locator('.differences tbody tr').count();
await page.getByRole('button', { name: 'permission' }).click();
await page.setViewportSize({ width: 360, height: 740 });
const aside = await page.$$eval('.differences td > div > small', (all) => all.filter((x) => x.getBoundingClientRect().left < 90).length);
const permissions = await page.locator('.differences td > div > small').count();
await page.setViewportSize({ width: 1360, height: 820 });
await tell('hurt', { first, impacts, kinds, renamed, aside, permissions });

const one = page.locator('.impact', { has: page.getByRole('button', { name: 'Accept', exact: true }) }).first();
const key = await one.locator('strong').first().textContent();
await one.getByRole('button', { name: 'Accept', exact: true }).click();
await toast(page, key);
await page.waitForFunction((n) => document.querySelectorAll('.impact').length < n, impacts);
await tell('one', { key });

const safe = page.getByRole('button', { name: /safe/ });
const count = (await safe.count()) ? Number((await safe.textContent()).replace(/\D/g, '')) : 0;
if (count) {
  await safe.click();
  await toast(page, `Approved: ${count}`);
  await page.waitForFunction((n) => document.querySelectorAll('.impact').length === n, impacts - 1 - count);
}
await tell('safe', { count, left: impacts - 1 - count });

await page.goto(`${base}/#/history`);
await page.locator('.batch').first().getByRole('button', { name: 'Take back' }).click();
await toast(page, 'taken back');
await page.goto(`${base}/#/syncs`);
await page.waitForSelector('.impact');
await tell('undone', { impacts: await page.locator('.impact').count() });
/* A run that is slow is stopped, and taken up again where it stood. */
await tell('slow');
await page.goto(`${base}/#/jobs`);
await page.getByRole('button', { name: 'Map the catalogue' }).click();
await page.waitForSelector('.job .state.under-way');
await page.waitForFunction(() => /[1-9]/.test(document.querySelector('.job .numbers')?.textContent ?? ''));
await shot(page, 'jobs-running');
await page.locator('.job').first().getByRole('button', { name: 'Stop' }).click();
await page.waitForSelector('.job .state.stopped');
await page.locator('tr', { has: page.locator('.state.stopped') }).first().getByRole('button', { name: 'Resume' }).waitFor();
await tell('stopped');
await page.locator('tr', { has: page.locator('.state.stopped') }).first().getByRole('button', { name: 'Resume' }).click();
await page.waitForFunction(() => document.querySelector('.job .state')?.classList.contains('done'));
await tell('resumed');
await tell('end', { faults });
await end();
