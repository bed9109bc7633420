// columns.mjs - what a seller's columns mean: what is open is told once a category, said once for
// all products, and taken back; TAP. Started by run_columns.py.
import { eq, run, seriousFaults, start } from './browser.mjs';

const web = await start();
const { base, faults, shot, toast, signIn } = web;

async function open(name, how) {
  const page = await signIn(name, how);
  await page.goto(`${base}/#/products`);
  await page.selectOption('.of-seller', 'kain');
  await page.locator('a[href="#/columns"]').click();
  await page.waitForSelector('main h1');
  return page;
}

const gap = (page, name) => page.locator('.gap', { has: page.locator('strong', { hasText: new RegExp(`^${name}$`) }) });
const taught = (page) => page.$$eval('.taught tbody tr', (rows) => rows.map((r) => [...r.children].slice(0, 4).map((x) => x.textContent)));
const without = (page, name) => page.waitForFunction((what) =>
  document.querySelector('.gap') && ![...document.querySelectorAll('.gap p strong')].some((x) => x.textContent === what), name);

const cases = [
  ['what nobody fetched is said, and fetched from there', async () => {
    const page = await open('ana');
    await page.waitForFunction(() => document.querySelector('.why')?.textContent.startsWith('Of 4 products'));
    await page.getByRole('button', { name: 'Fetch it' }).click();
    await page.waitForSelector('[role=status]:has-text("of 4 mapped products")');
    await page.waitForFunction(() => !document.querySelector('.why'));
    await page.getByRole('button', { name: 'Optional ones too' }).click();
    await gap(page, 'Musim').waitFor();
  }],
  ['whoever changes their mind is shown the last, and the service is asked one thing at a time', async () => {
    const page = await open('budi');
    await page.waitForSelector('[role=status]:has-text("of 4 mapped products")');
    const now = new Set();
    let most = 0;
    page.on('request', (r) => { if (r.url().includes('/attributes/open?')) most = Math.max(most, now.add(r).size); });
    page.on('requestfinished', (r) => now.delete(r));
    page.on('requestfailed', (r) => now.delete(r));
    const toggle = page.getByRole('button', { name: 'Optional ones too' });
    await toggle.evaluate(async (button) => {
      for (let i = 0; i < 5; i++) {
        button.click();
        await new Promise((done) => setTimeout(done));
      }
    });
    await gap(page, 'Musim').waitFor();
    eq(await toggle.getAttribute('aria-pressed'), 'true', 'pressed');
    eq(most, 1, 'asked at once');
  }],
  ['a value is proposed and kept with one press; a column is named; both close what was open', async () => {
    const page = await open('budi');
    await page.getByRole('button', { name: 'Optional ones too' }).click();
    const season = gap(page, 'Musim');
    await season.waitFor();
    eq((await season.locator('p').first().textContent()).includes('3 products lack it'), true, 'how many');
    eq(await season.locator('select[name=value-0] option:checked').textContent(), 'Hujan', 'proposed');
    await season.locator('select[name=value-2]').selectOption({ label: 'Semua Musim' });
    await shot(page, 'columns');
    eq(await seriousFaults(page), [], 'what is open');
    await season.getByRole('button', { name: 'Keep' }).click();
    await toast(page, 'Kept');
    await without(page, 'Musim');
    const sleeve = gap(page, 'Panjang Lengan');
    eq(await sleeve.locator('[name=column]').inputValue(), 'Tangan', 'a column that may be it');
    await sleeve.getByRole('button', { name: 'Keep' }).click();
    await without(page, 'Panjang Lengan');
    eq((await taught(page)).map((r) => r.join(' | ')).sort(),
      ['Musim | musim | hujan deras | Hujan', 'Musim | musim | salju | Semua Musim', 'Panjang Lengan | tangan | any | as it is'], 'taught');
    await shot(page, 'columns-taught');
    eq(await seriousFaults(page), [], 'what was said');
  }],
  ['what was said is taken back, and that is undone', async () => {
    const page = await open('budi');
    await page.getByRole('button', { name: 'Optional ones too' }).click();
    await page.waitForSelector('.taught tbody tr');
    await page.locator('.taught tr', { hasText: 'salju' }).getByRole('button', { name: 'Take back' }).click();
    await toast(page, 'Taken back');
    await gap(page, 'Musim').waitFor();
    await page.locator('.toast button').click();
    await without(page, 'Musim');
    eq((await taught(page)).length, 3, 'taught again');
  }],
  ['who may only look sees it and is offered nothing', async () => {
    const page = await open('vera');
    await page.waitForSelector('.taught tbody tr');
    eq(await page.locator('.gap form, .taught button').count(), 0, 'forms');
  }],
  ['in Indonesian, in the dark, on 360 pixels: nothing sticks out', async () => {
    const page = await open('budi', { viewport: { width: 360, height: 740 }, locale: 'id-ID', colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Yang opsional juga' }).click();
    await page.waitForSelector('.gap');
    eq(await page.evaluate(() => document.querySelector('main').scrollWidth <= 360), true, 'width');
    eq(await seriousFaults(page), [], 'faults');
    await shot(page, 'phone-columns-open');
  }],
  ['no error reached the console, and no other host was asked', async () => eq(faults, [], 'faults')],
];

await run(cases, web);
