// shops.mjs - a service with nothing in it: every screen says what to do next; then its first shop
// is added and signed in to, its tree brought and a file imported; TAP. Started by run_shops.py.
import { eq, run, seriousFaults, settled, start } from './browser.mjs';

const web = await start();
const { base, faults, shot, toast, signIn } = web;
const screens = ['overview', 'review', 'products', 'trees', 'syncs', 'history'];

const cases = [
  ['with no shop every screen says to connect one first, and leads there', async () => {
    const page = await signIn('ana');
    for (const screen of screens) {
      await page.goto(`${base}/#/${screen}`);
      await page.waitForSelector('.empty');
      eq(await page.locator('.empty a[href="#/shops"]').count(), 1, screen);
    }
    eq(await seriousFaults(page), [], 'nothing to list in');
  }],
  ['who is no admin is told whom to ask, and offered nothing', async () => {
    const page = await signIn('vera');
    await page.goto(`${base}/#/shops`);
    await page.waitForSelector('.empty');
    eq(await page.locator('form, .shop button').count(), 0, 'buttons');
  }],
  ['a shop is added, its seller agrees on the marketplace\'s page, and back here it is connected', async () => {
    const page = await signIn('ana');
    await page.goto(`${base}/#/shops`);
    await page.selectOption('[name=shop-channel]', 'tiktok');
    await page.fill('[name=shop-id]', 'toko');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.waitForSelector('dialog a.button');
    await shot(page, 'shop-consent');
    eq(await seriousFaults(page), [], 'consent');
    const [tab] = await Promise.all([page.context().waitForEvent('page'), page.locator('dialog a.button').click()]);
    tab.setDefaultTimeout(120000);
    await tab.locator('a', { hasText: 'Approve' }).first().click();
    await tab.waitForURL(/_consent\/returned/);
    await tab.goto(`${base}/consent?${new URL(tab.url()).searchParams}`);
    await tab.waitForSelector('[role=status]');
    eq(/connected/.test(await tab.textContent('body')), true, await tab.textContent('body'));
    await shot(tab, 'consent-return');
    await tab.close();
    await page.getByRole('button', { name: 'I am back' }).click();
    await page.waitForFunction(() => document.querySelector('.shop .badge')?.textContent === 'token good');
    await page.getByRole('button', { name: 'Test its keys' }).click();
    await toast(page, 'knows its keys');
    await shot(page, 'shops');
    eq(await seriousFaults(page), [], 'shops');
  }],
  ['a double click adds a shop once, and says so', async () => {
    const page = await signIn('ana');
    await page.goto(`${base}/#/shops`);
    await page.selectOption('[name=shop-channel]', 'tokopedia');
    await page.fill('[name=shop-id]', 'kembar');
    await page.fill('[name=shop-remote]', '13005');
    const sent = [];
    page.on('request', (r) => r.method() === 'POST' && sent.push(new URL(r.url()).pathname));
    await page.evaluate(() => { /* before the page is drawn again */
      const add = document.querySelector('form .first');
      add.click();
      add.click();
    });
    await toast(page, 'kembar was added');
    await settled(page);
    eq([sent, await page.locator('form [role=alert]').count()], [['/api/v1/shops'], 0], 'asked for');
    page.on('dialog', (d) => d.accept());
    await page.locator('.shop', { hasText: 'kembar' }).getByRole('button', { name: 'Remove' }).click();
    await page.waitForFunction(() => ![...document.querySelectorAll('.shop')].some((x) => x.textContent.includes('kembar')));
  }],
  ['a name taken by another is told at the form', async () => {
    const page = await signIn('ana');
    await page.goto(`${base}/#/shops`);
    await page.selectOption('[name=shop-channel]', 'tokopedia');
    await page.fill('[name=shop-id]', 'toko');
    await page.fill('[name=shop-remote]', '13004');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.waitForSelector('form [role=alert]');
  }],
  ['its tree is brought, and then every screen says what to do next', async () => {
    const page = await signIn('ana');
    await page.goto(`${base}/#/shops`);
    await page.getByRole('button', { name: 'Sync the tree' }).click();
    await page.locator('.job', { hasText: 'the first tree' }).locator('.state.done').waitFor();
    for (const screen of screens) {
      await page.goto(`${base}/#/${screen}`);
      await settled(page);
      await shot(page, `begin-${screen}`);
      eq(await page.locator('.trouble').count(), 0, `${screen}: no trouble`);
      eq(await seriousFaults(page), [], screen);
    }
    await page.goto(`${base}/#/trees`);
    await page.waitForSelector('.column button');
  }],
  ['a shop is removed after asking, with its tokens', async () => {
    const page = await signIn('ana');
    page.on('dialog', (d) => d.accept());
    await page.goto(`${base}/#/shops`);
    await page.locator('.shop').getByRole('button', { name: 'Remove' }).click();
    await page.waitForFunction(() => !document.querySelector('.shop'));
  }],
  ['no error reached the console, and no other host was asked', async () => eq(faults, [], 'faults')],
];

await run(cases, web);
