// page.mjs - the page as people use it, in a real browser that reaches no other host; TAP.
// Started by run_browser.py, which says in PAGE where the service is.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../src/web/ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = require('axe-core');
const { port, password, target } = JSON.parse(process.env.PAGE);
const base = `http://127.0.0.1:${port}`;
const shots = process.env.AISLE_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

/* A loaded machine is slow, not wrong: every wait is far longer than it need be, and only the
 * browser's own start is tried again. */
const PATIENCE = 120000;
async function launch(how, tries = 3) {
  try {
    return await chromium.launch({ ...how, timeout: PATIENCE });
  } catch (e) {
    if (tries <= 1) throw e;
    return launch(how, tries - 1);
  }
}

const browser = await launch({
  executablePath: process.env.CHROMIUM,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking',
    '--disable-component-update', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
});

/* The browser itself writes these: no session yet, a clash, a product whose image is gone (shown
 * as "no image"). */
const isExpected = (m) => /status of (401|412)/.test(m.text()) || (/status of 404/.test(m.text()) && /\/image$/.test(m.location().url));

const faults = [];
async function open(how = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 820 }, locale: 'en-US', ...how });
  await context.addInitScript((id) => localStorage.setItem('aisle.target', id), target);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.setDefaultNavigationTimeout(PATIENCE);
  page.on('pageerror', (e) => faults.push(e.message));
  page.on('console', (m) => m.type() === 'error' && !isExpected(m) && faults.push(`${m.text()} ${m.location().url}`));
  page.on('request', (r) => r.url().startsWith(base) || /^(data|blob):/.test(r.url()) || faults.push(`asked ${r.url()}`));
  await page.goto(`${base}/`);
  return page;
}

async function signIn(name, how) {
  const page = await open(how);
  await page.fill('[name=user]', name);
  await page.fill('[name=password]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.card h2');
  return page;
}

/* On to a card the matcher has an answer for. */
async function toAnswered(page) {
  await page.waitForSelector('.card h2');
  for (let i = 0; i < 50 && !(await page.locator('.candidate').count()); i++) await pressed(page, 'j');
  await page.waitForSelector('.candidate');
}

/* Shown whole: a heading or a card is there, and nothing is asked for any more. */
async function settled(page) {
  await page.waitForSelector('main h1, main .card, main .empty');
  await page.waitForLoadState('networkidle');
}

const title = (page) => page.textContent('.card h2');
const counts = (page) => page.$$eval('.queue .count', (all) => all.map((x) => Number(x.textContent.replace(/\D/g, ''))));
const shot = (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png` });
const pressed = async (page, key) => {
  const before = await title(page);
  await page.keyboard.press(key);
  await page.waitForFunction((was) => document.querySelector('.card h2')?.textContent !== was, before);
};
const toast = (page, part) => page.waitForFunction((p) => document.querySelector('.toast')?.textContent.includes(p), part);

function eq(got, want, what) {
  if (JSON.stringify(got) !== JSON.stringify(want))
    throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

async function seriousFaults(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
  return found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`);
}

const cases = [
  ['a wrong password is told, and nothing is shown', async () => {
    const page = await open();
    await page.fill('[name=user]', 'budi');
    await page.fill('[name=password]', 'not this one');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert]');
    eq(await page.locator('.card, .top').count(), 0, 'shown');
    await shot(page, 'sign-in');
  }],
  ['the first card has a title, a sample and candidates with word, bar and number', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    await page.waitForSelector('.samples li');
    const sure = page.locator('.candidate .conf').first();
    eq(/^(Sure|Likely|Unsure)\d+ %$/.test(await sure.textContent()), true, await sure.textContent());
    eq(await sure.locator('meter').count(), 1, 'bars');
    await shot(page, 'review');
  }],
  ['accepting shows the next card at once, counts along, and u takes it back', async () => {
    const page = await signIn('budi');
    await page.waitForSelector('.queue .count');
    await toAnswered(page);
    const [first, before] = [await title(page), await counts(page)];
    await pressed(page, 'a');
    eq((await counts(page))[0], before[0] - 1, 'needs');
    await pressed(page, 'u');
    eq(await title(page), first, 'back on top');
    await page.waitForFunction((n) => Number(document.querySelector('.queue .count').textContent) === n, before[0]);
    await toast(page, 'Taken back');
  }],
  ['of two who decide one thing the second sees whose it is and what was chosen', async () => {
    const [budi, cici] = [await signIn('budi'), await signIn('cici')];
    await toAnswered(budi);
    await toAnswered(cici);
    const what = await title(budi);
    eq(await title(cici), what, 'the same card');
    await pressed(budi, '2');
    await toast(budi, '→');
    await cici.keyboard.press('a');
    await cici.waitForSelector('.clash');
    eq([await title(cici), (await cici.textContent('.clash strong'))], [what, 'Decided meanwhile by budi'], 'clash');
    await shot(cici, 'clash');
    await cici.getByRole('button', { name: 'Keep theirs' }).click();
    await cici.waitForFunction((was) => document.querySelector('.card h2')?.textContent !== was, what);
  }],
  ['a search finds a leaf by the other language and decides with it', async () => {
    const page = await signIn('budi');
    await page.keyboard.press('/');
    await page.keyboard.type('kaos wanita');
    await page.waitForSelector('.found li');
    await page.keyboard.press('Enter');
    await toast(page, '→');
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
  }],
  ['forty products are decided by keyboard alone', async () => {
    const page = await signIn('budi');
    await page.getByRole('button', { name: 'Product', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.card .picture');
    const [, all] = (await page.textContent('.place')).match(/of (\d+)/);
    const many = Math.min(40, Number(all) - 1);
    for (let i = 0; i < many; i++)
      await pressed(page, i % 5 === 4 || !(await page.locator('.candidate').count()) ? 's' : 'a');
    eq(await page.locator('.toast.failed, .clash').count(), 0, 'failures');
  }],
  ['the tree in columns beside the card begins at its candidate, and decides', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    const [first, leaf] = [await title(page), await page.textContent('.candidate .path strong')];
    await page.keyboard.press('t');
    await page.waitForFunction((name) => document.querySelector('.browse .row strong')?.textContent === name, leaf);
    await page.getByRole('button', { name: 'Choose this leaf' }).click();
    await page.waitForFunction((was) => document.querySelector('.card h2')?.textContent !== was, first);
    await toast(page, leaf);
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
  }],
  ['approving all shown asks with the number, and can be taken back', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    await page.keyboard.press('Shift+A');
    const n = await page.locator('dialog li').count();
    eq(await page.textContent('dialog .first'), `Approve ${n}`, 'asks');
    await page.locator('dialog .first').click();
    await toast(page, `Approved: ${n}`);
    await page.locator('.toast button').click();
    await toast(page, 'Taken back');
  }],
  ['script in a title is shown as text', async () => {
    const page = await signIn('budi');
    const what = `<img src=x onerror="document.title='owned'">`;
    await page.evaluate(async (name) => {
      const me = await (await fetch('/api/v1/me')).json();
      await fetch('/api/v1/products/default/000-XSS', {
        method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf }, body: JSON.stringify({ title: name }) });
    }, what);
    await page.getByRole('button', { name: 'Product', exact: true }).click();
    await page.waitForFunction((name) => [...document.querySelectorAll('.waiting .line')].some((x) => x.textContent === name), what);
    await page.locator('.waiting button', { hasText: 'onerror' }).click();
    await page.waitForFunction((name) => document.querySelector('.card h2').textContent === name, what);
    eq(await page.title(), 'Aisle', 'title of the page');
  }],
  ['who may only look is offered no decision', async () => {
    const page = await signIn('vera');
    eq(await page.locator('.actions button').count(), 0, 'buttons');
    await page.keyboard.press('a');
    await page.waitForSelector('.toast.failed');
  }],
  ['a tree is searched, its columns lead to the leaf, and its names are shown', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/trees`);
    await page.waitForSelector('.column button');
    await page.keyboard.press('/');
    await page.keyboard.type('kaos wanita');
    await page.waitForSelector('.found li');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dd[lang="id-ID"]');
    eq(await page.locator('.column').count() >= 2, true, 'columns');
    await shot(page, 'trees');
  }],
  ['a batch is taken back from its history', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/history`);
    await page.waitForSelector('.batch');
    await page.getByRole('button', { name: 'Take back' }).first().click();
    await toast(page, 'taken back');
    await shot(page, 'history');
  }],
  ['a sync is started, followed and recorded', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/jobs`);
    await page.getByRole('button', { name: 'Sync the tree' }).click();
    await page.waitForSelector('.job .state.done');
    await shot(page, 'jobs');
  }],
  ['Indonesian, in the dark, on 360 pixels: nothing sticks out', async () => {
    const page = await signIn('budi', { viewport: { width: 360, height: 740 }, locale: 'id-ID', colorScheme: 'dark' });
    eq(await page.textContent('[aria-current=page]'), 'Tinjau', 'language');
    for (const screen of ['review', 'trees', 'jobs', 'history']) {
      await page.goto(`${base}/#/${screen}`);
      await settled(page);
      eq(await page.evaluate(() => document.documentElement.scrollWidth), 360, screen);
      eq(await seriousFaults(page), [], screen);
      await shot(page, `phone-${screen}`);
    }
  }],
  ['axe-core finds nothing serious on any screen', async () => {
    const page = await signIn('budi');
    for (const screen of ['review', 'trees', 'jobs', 'history']) {
      await page.goto(`${base}/#/${screen}`);
      await settled(page);
      eq(await seriousFaults(page), [], screen);
    }
  }],
  ['no error reached the console, and no other host was asked', async () => eq(faults, [], 'faults')],
];

console.log(`1..${cases.length}`);
let failed = 0;
for (const [i, [says, run]] of cases.entries()) {
  try {
    await run();
    console.log(`ok ${i + 1} - ${says}`);
  } catch (e) {
    failed++;
    console.log(`not ok ${i + 1} - ${says}\n# ${String(e.message).split('\n').join('\n# ')}`);
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
process.exitCode = failed ? 1 : 0;
