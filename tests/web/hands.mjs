// hands.mjs - the page in hurried and clumsy hands: double clicks, keys that are held, Back and
// forward, a phone, a connection that comes and goes; TAP. Started by run_hands.py.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { drawn, eq, put, run, seriousFaults, settled, start } from './browser.mjs';

const web = await start();
const { base, faults, open, shot, signInToReview: signIn, toast } = web;

const title = (page) => page.textContent('.card h2');

/* Products one by one, each of which the matcher has an answer for. */
async function toProducts(page) {
  for (let i = 0; i < 6; i++) await put(page, `products/default/000-HAND-${i}`, { title: `Kaos polos pria lengan pendek ${i}` });
  await page.goto(`${base}/#/review/needs/product`);
  await page.reload();
  await page.waitForFunction(() => document.querySelector('.card h2')?.textContent.endsWith(' 0'));
  await page.waitForSelector('.candidate');
  await settled(page);
}

/* How many decisions went out, and which card is next. */
async function during(page, what) {
  let sent = 0;
  const note = (r) => r.method() === 'PUT' && /\/mappings\//.test(r.url()) && sent++;
  page.on('request', note);
  await what();
  await settled(page);
  page.off('request', note);
  return [sent, (await title(page)).slice(-1)];
}

const undone = async (page) => {
  await page.keyboard.press('u');
  await toast(page, 'Taken back');
  await page.waitForFunction(() => document.querySelector('.card h2')?.textContent.endsWith(' 0'));
};

const cases = [
  ['a double click decides one card, whatever it is on', async () => {
    const page = await signIn('budi');
    await toProducts(page);
    const button = (name) => page.locator('.actions').getByRole('button', { name, exact: true });
    for (const name of ['Accept a', 'Reject x', 'None fits n']) {
      eq(await during(page, () => button(name).dblclick()), [1, '1'], name);
      await undone(page);
    }
    eq(await during(page, () => page.locator('.candidate:not(.closed) button').first().dblclick()), [1, '1'], 'a candidate');
    await undone(page);
    await page.keyboard.press('t');
    await page.waitForSelector('.browse .first');
    eq(await during(page, () => page.locator('.browse .first').dblclick()), [1, '1'], 'a leaf of the tree');
    await page.keyboard.press('t');
    await undone(page);
    eq(await during(page, () => button('Skip s').dblclick()), [0, '1'], 'skipped');
  }],
  ['a double click takes one decision back', async () => {
    const page = await signIn('budi');
    await toProducts(page);
    const first = await title(page);
    for (const key of ['a', 'a']) {
      const before = await title(page);
      await page.keyboard.press(key);
      await page.waitForFunction((was) => document.querySelector('.card h2').textContent !== was, before);
    }
    await settled(page);
    const third = await title(page);
    let sent = 0;
    page.on('request', (r) => { if (/\/undo$/.test(r.url())) sent++; });
    await page.locator('.toast').getByRole('button', { name: 'Undo' }).dblclick();
    await toast(page, 'Taken back');
    await settled(page);
    eq([sent, [first, third].includes(await title(page))], [1, false], 'by the word at the bottom');
    await page.locator('.actions').getByRole('button', { name: 'Undo u' }).click();
    await page.waitForFunction((was) => document.querySelector('.card h2').textContent === was, first);
  }],
  ['a key that is held decides one card: a letter, and Enter on a button', async () => {
    const page = await signIn('budi');
    await toProducts(page);
    const hold = async (key) => {
      for (let i = 0; i < 4; i++) {
        await page.keyboard.down(key);
        await drawn(page);
      }
      await page.keyboard.up(key);
    };
    for (const key of ['a', 'Enter', 'x', '1', 'n']) {
      eq(await during(page, () => hold(key)), [1, '1'], key);
      await undone(page);
    }
    for (const what of ['.actions .first', '.candidate:not(.closed) button']) {
      await page.locator(what).first().focus();
      eq(await during(page, () => hold('Enter')), [1, '1'], `Enter on ${what}`);
      await page.evaluate(() => document.activeElement.blur());
      await undone(page);
    }
  }],
  ['a file that changed on disk after it was chosen is told of, and chosen anew', async () => {
    const page = await signIn('budi');
    const at = join(mkdtempSync(join(tmpdir(), 'aisle-file-')), 'barang.csv');
    let day = 0;
    const write = (rows) => {
      writeFileSync(at, `sku,title\n${rows}`);
      utimesSync(at, day, day += 86400); /* by which the browser knows that it changed */
    };
    const choose = () => page.setInputFiles('input[type=file]', at);
    const changes = async () => {
      await page.waitForSelector('[role=alert]');
      eq((await page.textContent('[role=alert]')).includes('choose it again'), true, await page.textContent('[role=alert]'));
      eq([await page.inputValue('input[type=file]'), await page.getByRole('button', { name: 'Try' }).count()], ['', 0], 'the same one may be chosen');
    };
    await page.goto(`${base}/#/import`);
    write('HAND-1,Gelas\n');
    await choose();
    await page.waitForSelector('[name=column-id]');
    write('HAND-1,Gelas\nHAND-2,Piring besar\n');
    await page.getByRole('button', { name: 'Try' }).click();
    await changes();
    await choose();
    await page.getByRole('button', { name: 'Try' }).click();
    await page.waitForSelector('.told');
    rmSync(at);
    await page.getByRole('button', { name: 'Import 2 products' }).click();
    await changes();
    write('HAND-1,Gelas\nHAND-2,Piring besar\n');
    await choose();
    await page.getByRole('button', { name: 'Try' }).click();
    await page.getByRole('button', { name: 'Import 2 products' }).click();
    await page.waitForFunction(() => document.querySelector('.told h2')?.textContent === 'Imported');
    rmSync(dirname(at), { recursive: true });
  }],
  ['on a phone nothing scrolls sideways, in either language, and no button is out of reach', async () => {
    const sideways = (page) => page.evaluate(() => [...document.querySelectorAll('*')]
      .filter((x) => x.scrollWidth > x.clientWidth + 1 && x.clientWidth && (x === document.documentElement || /auto|scroll/.test(getComputedStyle(x).overflowX)))
      .map((x) => `${x.tagName}.${x.className}`));
    const covered = (page) => page.evaluate(() => [...document.querySelectorAll('main button:enabled, header button, main a.button')].filter((x) => {
      if (!x.checkVisibility()) return false;
      x.scrollIntoView({ block: 'center' });
      const { left, top, width, height } = x.getBoundingClientRect();
      return !x.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    }).map((x) => x.textContent));
    const fits = async (page, what) => {
      await settled(page);
      eq([await sideways(page), await covered(page)], [[], []], what);
    };
    for (const [width, locale] of [[390, 'en-US'], [360, 'id-ID']]) {
      const page = await signIn('ana', { viewport: { width, height: 844 }, locale, isMobile: true, hasTouch: true });
      for (const screen of ['overview', 'review', 'products', 'trees', 'syncs', 'jobs', 'history', 'shops', 'people', 'import', 'columns']) {
        await page.goto(`${base}/#/${screen}`);
        await fits(page, `${screen}, ${locale}`);
      }
      await page.goto(`${base}/#/review/needs/product`);
      await page.waitForSelector('.bar');
      await page.keyboard.press('t');
      await page.waitForSelector('.browse .column');
      await fits(page, `the tree beside a card, ${locale}`);
      await shot(page, `phone-${locale}-browse`);
      await page.goto(`${base}/#/trees/744161`);
      await page.waitForSelector('.past li');
      await fits(page, `a leaf, ${locale}`);
      await page.locator('.to-top').click();
      await page.waitForFunction(() => document.querySelectorAll('.column').length === 1 && document.querySelectorAll('.column button').length > 5);
      await put(page, 'products/default/000-PHONE', { title: 'Kaos polos pria katun combed 30s' });
      await put(page, `mappings/${web.target}/default/product/000-PHONE`, { state: 'accepted', category: '744161' });
      await page.goto(`${base}/#/products/=000-PHONE`);
      await page.locator('.listing .first').click();
      await page.waitForSelector('.light.stop');
      await fits(page, `a listing, ${locale}`);
    }
  }],
  ['each screen has its title, and so has what is open in it', async () => {
    const page = await open();
    await page.waitForFunction(() => document.title === 'Sign in · Aisle');
    await page.close();
    const here = await signIn('ana');
    const named = (name) => here.waitForFunction((n) => document.title === n, name).catch(async () => eq(await here.title(), name, 'title'));
    for (const [at, name] of [['overview', 'Overview · Aisle'], ['review/agreed/product', 'Agreed · Review · Aisle'], ['products', 'Products · Aisle'], ['products/=RB-101', null],
      ['products/new', 'New product · Products · Aisle'], ['trees', 'Trees · Aisle'], ['trees/744161', 'Men\'s T-Shirts · Trees · Aisle'], ['import', 'Import products · Aisle'], ['columns', 'What your columns mean · Aisle']]) {
      await here.goto(`${base}/#/${at}`);
      if (name) await named(name);
      else await here.waitForFunction(() => document.title === `${document.querySelector('h1')?.textContent} · Products · Aisle`);
    }
    await here.getByRole('button', { name: 'Indonesia' }).click();
    await named('Arti kolom Anda · Aisle');
  }],
  ['what is looked for among the products stands in the address: a link to it finds the same, Back takes a filter away', async () => {
    const page = await signIn('budi');
    await put(page, 'products/default/000-ADDRESS', { title: 'Payung zxqw lipat', category: 'Rak & payung' });
    await page.goto(`${base}/#/products`);
    await page.waitForSelector('.product');
    await page.fill('[name=find]', 'zxqw');
    await page.waitForFunction(() => location.hash === '#/products?q=zxqw');
    await page.getByRole('button', { name: 'Undecided only' }).click();
    await page.selectOption('[name=own-category]', { label: await page.locator('[name=own-category] option', { hasText: 'Rak & payung' }).textContent() });
    await page.waitForFunction(() => location.hash.includes('category='));
    const at = await page.evaluate(() => location.hash);
    const seen = async () => [await page.inputValue('[name=find]'), await page.locator('[aria-pressed=true]').count(), /Rak/.test(await page.locator('[name=own-category] option:checked').textContent())];
    const other = await page.context().newPage();
    await other.goto(`${base}/${at}`);
    await other.waitForFunction(() => [...document.querySelectorAll('.product strong')].map((x) => x.textContent).join() === 'Payung zxqw lipat');
    eq(await other.inputValue('[name=find]'), 'zxqw', 'a link');
    await other.close();
    eq(await seen(), ['zxqw', 1, true], 'all of it');
    await page.goBack();
    await page.waitForFunction(() => !location.hash.includes('category='));
    eq(await seen(), ['zxqw', 1, false], 'without the category');
    await page.goBack();
    await page.waitForFunction(() => !location.hash.includes('open='));
    eq(await seen(), ['zxqw', 0, false], 'without the filter');
    await page.goForward();
    await page.waitForFunction(() => location.hash.includes('open='));
    eq(await seen(), ['zxqw', 1, false], 'forward');
    await page.locator('.product').click();
    await page.waitForSelector('[name=id]:disabled');
    await page.getByRole('link', { name: '← Products' }).click();
    await page.waitForSelector('.product');
    eq(await seen(), ['zxqw', 1, false], 'by the link back');
    await page.getByRole('link', { name: 'Products', exact: true }).click();
    await page.waitForFunction(() => location.hash === '#/products' && document.querySelectorAll('.product').length > 10);
    eq(await seen(), ['', 0, false], 'anew');
  }],
  ['who comes back to the review, or to one of its queues, goes on at the same card', async () => {
    const page = await signIn('budi');
    await toProducts(page);
    for (const _ of [1, 2, 3]) await page.keyboard.press('j');
    const [what, place] = [await title(page), await page.textContent('p.place')];
    eq(what.slice(-1), '3', 'the fourth');
    const there = async (how) => {
      await page.waitForSelector('.card h2');
      await settled(page);
      eq([await title(page), await page.textContent('p.place')], [what, place], how);
    };
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Jobs');
    await page.goBack();
    await there('Back from another screen');
    await page.locator('.queue.done').click();
    await page.waitForFunction((was) => ![was, undefined].includes(document.querySelector('.card h2')?.textContent), what);
    await page.goBack();
    await there('Back from another queue');
    eq(await put(page, `mappings/${web.target}/default/product/000-HAND-3`, { state: 'none' }), 200, 'decided elsewhere');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Jobs');
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('.card h2')?.textContent.endsWith(' 4'));
  }],
  ['who comes back to a long list is where one was in it; a screen one goes to begins at its beginning', async () => {
    const page = await signIn('budi');
    const top = () => page.evaluate(() => Math.round(document.querySelector('main').scrollTop));
    await page.goto(`${base}/#/products`);
    await page.getByRole('button', { name: 'Show more' }).click();
    const one = page.locator('.product').nth(80);
    await one.scrollIntoViewIfNeeded();
    await settled(page);
    const [was, name] = [await top(), await one.locator('strong').textContent()];
    eq(was > 1000, true, `far down: ${was}`);
    await one.click();
    await page.waitForFunction((n) => document.querySelector('h1')?.textContent === n, name);
    await settled(page);
    eq(await top(), 0, 'another screen');
    await page.goBack();
    await page.waitForFunction((n) => Math.abs(document.querySelector('main').scrollTop - n) < 3, was);
    eq(await page.locator('.product').count() > 80, true, 'all that was shown');
    await page.reload();
    await page.waitForFunction((n) => Math.abs(document.querySelector('main').scrollTop - n) < 3, was);
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Jobs');
    eq(await top(), 0, 'jobs');
    await page.getByRole('link', { name: 'Products', exact: true }).click();
    await page.waitForSelector('.product');
    await settled(page);
    eq([await top(), await page.locator('.product').count()], [0, 50], 'anew');
  }],
  ['a connection that is lost is said, and taken up again by itself: nothing typed is lost, nothing begun twice', async () => {
    const page = await signIn('budi');
    const lose = () => page.route('**/api/v1/**', (route) => route.abort('connectionreset'));
    await page.goto(`${base}/#/products/new`);
    await page.fill('[name=title]', 'Setengah diketik');
    await settled(page);
    await lose();
    await page.getByRole('button', { name: 'Save only' }).click();
    await page.waitForSelector('p.away');
    await page.waitForFunction(() => document.querySelector('form .wrong')?.textContent.includes('cannot be reached'));
    await shot(page, 'away');
    eq(await seriousFaults(page), [], 'a connection that is lost');
    await page.goto(`${base}/#/products`);
    await page.waitForSelector('main .trouble');
    await page.unroute('**/api/v1/**');
    await page.waitForSelector('.product'); /* nobody pressed anything */
    await page.waitForFunction(() => !document.querySelector('p.away'));
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('[name=title]')?.value === 'Setengah diketik');

    await put(page, 'products/default/000-AWAY', { title: 'Kaos polos pria katun combed 30s' });
    await put(page, `mappings/${web.target}/default/product/000-AWAY`, { state: 'accepted', category: '744161' });
    await page.goto(`${base}/#/products/=000-AWAY`);
    await page.waitForSelector('.listing');
    let begun = 0;
    page.on('request', (r) => { if (/\/list$/.test(r.url())) begun++; });
    await page.route(/\/api\/v1\/jobs\//, (route) => route.abort('connectionreset'), { times: 2 });
    await page.getByRole('button', { name: 'Save and check' }).click();
    await page.waitForSelector('.light.stop');
    eq([begun, await page.locator('.listing > .wrong').count()], [1, 0], 'a check that went on meanwhile');
  }],
  ['a new product whose first answer was lost is there once when it is saved again', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/products/new`);
    await page.fill('[name=title]', 'Barang qqxz sekali');
    await settled(page);
    await page.route('**/api/v1/products/**', async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    }, { times: 1 });
    await page.getByRole('button', { name: 'Save only' }).click();
    await page.waitForSelector('form .wrong');
    await page.getByRole('button', { name: 'Save only' }).click();
    await toast(page, 'Saved');
    eq(await page.evaluate(async () => (await (await fetch('/api/v1/products?q=qqxz&limit=500')).json()).items.length), 1, 'products');
  }],
  ['what somebody in between answers is told in words, with what to do', async () => {
    const page = await signIn('budi');
    const answers = (status, body) => page.route(/\/api\/v1\/products\?/, (route) => route.fulfill({ status, contentType: 'text/html', body }), { times: 1 });
    const said = async () => {
      await page.goto(`${base}/#/jobs`);
      await page.waitForFunction(() => !document.querySelector('main .trouble')); /* what was said before is gone */
      await page.goto(`${base}/#/products`);
      await page.waitForSelector('main .trouble');
      return page.textContent('main .trouble p');
    };
    for (const [status, words] of [[500, 'answered 500'], [413, 'too large'], [403, 'answered 403']]) {
      await answers(status, '<html><h1>nginx</h1></html>');
      const text = await said();
      eq([text.includes(words), /[<>]/.test(text)], [true, false], text);
    }
    for (const status of [502, 200]) { /* a service that is away, a network that wants a sign-in */
      await page.route(/\/api\/v1\/(products\?|me$)/, (route) => route.fulfill({ status, contentType: 'text/html', body: '<html></html>' }));
      eq((await said()).includes('cannot be reached'), true, `${status}`);
      await page.unroute(/\/api\/v1\/(products\?|me$)/);
    }
  }],
  ['by keyboard alone one is never lost: after a box, a link that is gone, and at each field what is said of it', async () => {
    const page = await signIn('budi');
    await toProducts(page);
    const on = () => page.evaluate(() => document.activeElement.textContent.slice(0, 16) || document.activeElement.tagName);
    for (const name of ['Approve all here', 'Make a rule', 'Keys']) {
      const button = page.locator('.actions').getByRole('button', { name });
      await button.focus();
      const was = await on();
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog');
      await page.locator('dialog').getByRole('button', { name: /Cancel|Close/ }).focus();
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => !document.querySelector('dialog'));
      await drawn(page);
      eq(await on(), was, name);
    }
    await page.goto(`${base}/#/products`);
    await page.locator('.product').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('[name=id]:disabled');
    eq(await page.evaluate(() => document.activeElement.closest('main') !== null), true, 'in the new screen');
    await put(page, 'products/default/000-KEYS', { title: 'Kaos polos pria katun combed 30s' });
    await put(page, `mappings/${web.target}/default/product/000-KEYS`, { state: 'accepted', category: '744161' });
    await page.goto(`${base}/#/products/=000-KEYS`);
    await page.locator('.listing .first').click();
    await page.waitForSelector('.light.stop');
    await settled(page);
    const told = await page.$eval('[name=description]', (x) => [x.getAttribute('aria-required'), x.getAttribute('aria-invalid'), document.getElementById(x.getAttribute('aria-describedby'))?.textContent]);
    eq([told[0], told[1], /description is missing/.test(told[2])], ['true', 'true', true], `a field: ${told}`);
    eq(await seriousFaults(page), [], 'a listing with findings');
  }],
  ['a token is revoked after asking, and each button says whose it is', async () => {
    const page = await signIn('ana');
    let yes = false;
    const asked = [];
    page.on('dialog', (d) => {
      asked.push(/kasir/.test(d.message()));
      return yes ? d.accept() : d.dismiss();
    });
    await page.goto(`${base}/#/people`);
    await page.fill('[name=token-name]', 'kasir');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const revoke = page.getByRole('button', { name: 'Revoke: kasir' });
    await revoke.click();
    await settled(page);
    eq([asked, await revoke.count()], [[true], 1], 'thought better of it');
    yes = true;
    await revoke.click();
    await revoke.waitFor({ state: 'detached' });
    const names = await page.$$eval('[aria-label="Who may sign in"] td button', (all) => all.map((x) => x.ariaLabel));
    eq(new Set(names).size, names.length, `alike: ${names}`);
  }],
  ['no error reached the console, and no other host was asked', async () => eq(faults, [], 'faults')],
];

await run(cases, web);
