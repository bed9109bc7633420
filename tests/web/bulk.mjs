// bulk.mjs - many approved in one go, by hand in a real browser; at each moment run_bulk.py is
// told a line of JSON, and looks into the store.
import { drawn, seriousFaults, start, tell } from './browser.mjs';

const { signIn, base, end, faults, shot, toast } = await start();

const numbers = (text) => (text.match(/\d[\d,]*/g) ?? []).map((n) => Number(n.replace(/,/g, '')));
const page = await signIn('budi');

/* ---- the overview ---- */

await page.goto(`${base}/#/overview`);
await page.waitForSelector('.tiles');
const tile = (name) => page.locator('.tiles .panel', { has: page.locator('h2', { hasText: name }) });
const bars = (name) => tile(name).locator('.bars strong').allTextContents().then((all) => all.map((n) => numbers(n)[0]));
await tell('overview', {
  by: await bars('Mapped by whom'),
  conflicts: numbers(await tile('Mapped by whom').locator('p').textContent()),
  sure: (await tile('How sure').locator('svg').getAttribute('aria-label')).split(': ').slice(1).join(': ').split(/, (?=\d+ %)/).map((s) => numbers(s)[1]),
  settled: numbers(await tile('Where products stand').locator('p.quiet').textContent()),
  calls: await bars('Calls'),
  tree: numbers(await tile('The tree was looked at').locator('p.quiet').textContent()).slice(0, 2),
});

/* ---- a queue ---- */

const left = (name) => page.textContent(`.queue.${name} .count`).then((n) => numbers(n)[0]);
const counted = (name, n) => page.waitForFunction(([at, want]) =>
  Number(document.querySelector(`.queue.${at} .count`)?.textContent.replace(/\D/g, '')) === want, [name, n]);

/* Whoever thinks better of it is where one was, be it after two boxes. */
async function thinkBetter(name) {
  const button = page.getByRole('button', { name: 'Approve all here' });
  await button.click();
  await page.waitForSelector('dialog .first');
  await page.locator('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.waitForFunction(() => !document.querySelector('dialog'));
  await drawn(page);
  if (!(await button.evaluate((x) => x === document.activeElement))) faults.push(`${name}: one is lost after a box`);
}

async function approveAll(name) {
  await page.locator(`.queue.${name}`).click();
  await page.waitForSelector('.card .head .picture');
  await thinkBetter(name);
  const before = await left(name);
  await page.keyboard.press('Shift+A');
  await page.waitForSelector('dialog .first');
  const named = numbers(await page.textContent('dialog .first'))[0];
  await shot(page, `bulk-${name}`);
  faults.push(...(await seriousFaults(page)));
  await page.locator('dialog .first').click();
  await toast(page, `Approved: ${named.toLocaleString('en-US')}`);
  await counted(name, before - named);
  return { named, before };
}

async function takeBack(name, before) {
  await page.locator('.toast button', { hasText: 'Undo' }).click();
  await toast(page, 'Taken back');
  await counted(name, before);
}

await page.goto(`${base}/#/review`);
await page.getByRole('button', { name: 'Product', exact: true }).click();
for (const name of ['agreed', 'needs']) {
  const { named, before } = await approveAll(name);
  await tell(name, { named, before, left: await left(name) });
  await takeBack(name, before);
  await tell(`${name}-undone`, { named, before, left: await left(name) });
}

/* ---- where there is nothing to approve in bulk ---- */

const offered = [];
for (const name of ['none', 'done']) {
  await page.locator(`.queue.${name}`).click();
  await page.waitForSelector(`.queue.${name}[aria-current=true]`);
  await page.waitForSelector('.card h2, .empty');
  await page.keyboard.press('Shift+A');
  offered.push((await page.locator('dialog').count()) > 0);
}
await tell('end', { offered, faults });
await end();
