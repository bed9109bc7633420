// steps.mjs - the manual mapping of a product in a real browser, as a person does it. At each
// moment run_steps.py is told a line of JSON, and looks into the store and the log.
import { seriousFaults, start, tell } from './browser.mjs';

const { signIn, base, end, faults, shot, toast } = await start();
const { image, closing } = JSON.parse(process.env.PAGE);

const page = await signIn('budi');
await page.goto(`${base}/#/products/new`);
await page.fill('[name=title]', 'Kaos polos pria hitam lengan pendek');
await page.waitForSelector('section[aria-label="our matcher"] .candidate');
let letGo = () => {};
const held = new Promise((done) => { letGo = done; });
await page.route(/\/api\/v1\/images\?/, async (route) => { await held; await route.continue(); });
await page.setInputFiles('input[type=file]', image);
await page.waitForFunction(() => document.querySelectorAll('form.panel .actions button:disabled').length === 2); /* it is waited for */
letGo();
await page.waitForSelector('.imagefacts');
await page.waitForFunction(() => document.querySelector('.imagefield img')?.naturalWidth);
await tell('image', {
  facts: await page.textContent('.imagefacts'),
  shown: await page.$eval('.imagefield img', (i) => i.complete && i.naturalWidth),
});

await page.fill('[name=id]', 'MAN-1');
await page.getByRole('button', { name: 'Save only' }).click();
await toast(page, 'Saved');
await tell('saved', { address: await page.evaluate(() => location.hash) });

await page.getByRole('button', { name: 'Save and ask the marketplace' }).click();
await page.waitForSelector('section[aria-label="marketplace"] .candidate');
await shot(page, 'new-product');
faults.push(...(await seriousFaults(page)));
await tell('asked', {
  marketplace: await page.$$eval('section[aria-label="marketplace"] .candidate strong', (all) => all.map((x) => x.textContent)),
  local: await page.locator('section[aria-label="our matcher"] .candidate').count(),
  chosen: await page.textContent('.deciding .path strong'),
});

await page.getByRole('button', { name: 'Approve', exact: true }).click();
await page.waitForSelector('.standing');
await tell('approved', { permission: await page.textContent('.deciding [role=status]') });

/* Another leaf instead, found by its id, which the marketplace closes meanwhile. */
await page.fill('.panel .search input', closing);
await page.waitForSelector('.panel .found li');
await page.keyboard.press('Enter');
await tell('another');
await page.getByRole('button', { name: 'Approve', exact: true }).click();
await page.waitForSelector('.deciding .wrong');
await tell('closed', { permission: await page.textContent('.deciding .wrong') });

/* A leaf that is newer than the stored tree. */
await page.goto(`${base}/#/products`);
await page.waitForSelector('.products .product'); /* both at once would be no way there and back */
await page.goto(`${base}/#/products/new`);
await page.waitForFunction(() => document.querySelector('[name=id]')?.disabled === false);
await page.fill('[name=title]', 'Skuter listrik lipat anak');
await page.setInputFiles('input[type=file]', image);
await page.waitForSelector('.imagefacts');
await page.fill('[name=id]', 'MAN-2');
await page.getByRole('button', { name: 'Save and ask the marketplace' }).click();
await page.waitForSelector('section[aria-label="marketplace"] .candidate');
await page.getByRole('button', { name: 'Approve', exact: true }).click();
await page.waitForSelector('.standing');
await tell('newer', { permission: await page.textContent('.deciding [role=status]') });
await tell('end', { faults });
await end();
