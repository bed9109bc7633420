// browser.mjs - Debian's Chromium that reaches no other host than the service, and what every
// test of the page does in it. What went wrong unseen is gathered in `faults`.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(new URL('../../src/web/ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = require('axe-core');

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

/* The browser itself writes these: no session yet, another's, a clash, no network, a file that changed, a name that is taken, the only admin
 * who would be none, what is not there any more or as yet (a leaf, an image, a mapping, a requirement, a job), a file
 * without a title. */
const isExpected = (m) =>
  /status of (401|412)|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RESET|ERR_UPLOAD_FILE_CHANGED|ERR_FILE_NOT_FOUND/.test(m.text()) ||
  (/status of 403/.test(m.text()) && /\/mappings\//.test(m.location().url)) ||
  (/status of 422/.test(m.text()) && /\/users\/ana$/.test(m.location().url)) ||
  (/status of 409/.test(m.text()) && /\/shops$/.test(m.location().url)) ||
  (/status of 404/.test(m.text()) && /\/image$|\/images\/|\/mappings\/|\/mapping$|\/requirement$|\/jobs\/[^/]+(\/events)?$|\/Z-1$|\/nowhere-1$|\/categories\/[^/]+$/.test(m.location().url.replace(/\?.*/, ''))) ||
  (/status of 502/.test(m.text()) && /nowhere-1$|\/me$/.test(m.location().url)) ||
  (/status of (413|500|502|403)/.test(m.text()) && /\/products\?|\/sellers$/.test(m.location().url)) ||
  (/status of 422/.test(m.text()) && /\/imports\?/.test(m.location().url));

export function eq(got, want, what) {
  if (JSON.stringify(got) !== JSON.stringify(want))
    throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

export async function start() {
  const { port, password, target } = JSON.parse(process.env.PAGE);
  const base = `http://127.0.0.1:${port}`;
  const shots = process.env.AISLE_SHOTS;
  const faults = [];
  if (shots) mkdirSync(shots, { recursive: true });
  const browser = await launch({
    executablePath: process.env.CHROMIUM,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking',
      '--disable-component-update', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });

  /* goto to a place of the page is as a link within it: nothing is loaded anew. */
  async function open(how = {}) {
    const context = await browser.newContext({ viewport: { width: 1360, height: 820 }, locale: 'en-US', reducedMotion: 'reduce', ...how });
    await context.addInitScript(() => { /* the word at the bottom stays as long as a slow machine needs to see it */
      const wait = window.setTimeout;
      window.setTimeout = (then, ms, ...more) => wait(then, ms >= 6000 ? 20 * ms : ms, ...more);
    });
    await context.addInitScript((id) => localStorage.getItem('aisle.target') ?? localStorage.setItem('aisle.target', id), target);
    const page = await context.newPage();
    const waiting = new Set(); /* answers it waits for, but streams and what is asked time and again */
    underWay.set(page, waiting);
    page.on('request', (r) => r.resourceType() !== 'eventsource' && !/\/api\/v1\/(top|queues\?)/.test(r.url()) && waiting.add(r));
    page.on('requestfinished', (r) => waiting.delete(r));
    page.on('requestfailed', (r) => waiting.delete(r));
    page.setDefaultTimeout(PATIENCE);
    page.setDefaultNavigationTimeout(PATIENCE);
    page.on('pageerror', (e) => faults.push(e.message));
    page.on('console', (m) => m.type() === 'error' && !isExpected(m) && faults.push(`${m.text()} ${m.location().url}`));
    page.on('request', (r) => r.url().startsWith(base) || /^(data|blob):/.test(r.url()) || faults.push(`asked ${r.url()}`));
    await page.goto(`${base}/`);
    const load = page.goto.bind(page);
    page.goto = (url) => (url.startsWith(`${base}/#`) ? page.evaluate((hash) => { location.hash = hash; }, new URL(url).hash) : load(url));
    return page;
  }

  async function signIn(name, how) {
    const page = await open(how);
    await page.fill('[name=user]', name);
    await page.fill('[name=password]', password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.top');
    return page;
  }

  async function signInToReview(name, how) {
    const page = await signIn(name, how);
    await page.waitForSelector('.card h2');
    return page;
  }

  return {
    base,
    browser,
    target,
    password,
    faults,
    open,
    signIn,
    signInToReview,
    end: () => browser.close(),
    shot: (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png` }),
    toast: (page, part) => page.waitForFunction((p) => document.querySelector('.toast')?.textContent.includes(p), part),
  };
}

const underWay = new WeakMap();
export const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/* Shown whole: a heading or a card is there, nothing is loaded, and nothing is asked for any
 * more: not now, nor once the last answers were drawn, which may ask for more. */
export async function settled(page) {
  await page.waitForSelector('main h1, main .card, main .empty');
  const until = Date.now() + PATIENCE;
  for (let quiet = 0; quiet < 3; ) {
    await drawn(page);
    quiet = underWay.get(page).size || await page.locator('main .slowly').count() ? 0 : quiet + 1;
    if (Date.now() > until) throw new Error(`never settled: ${[...underWay.get(page)].map((r) => r.url()).join(' ')}`);
  }
}

export async function seriousFaults(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
  return found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`);
}

/* Straight to the service, for what a case only needs to be there. */
export const put = (page, path, body) =>
  page.evaluate(async ([at, what]) => {
    const me = await (await fetch('/api/v1/me')).json();
    const done = await fetch(`/api/v1/${at}`, {
      method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf }, body: JSON.stringify(what) });
    return done.status;
  }, [path, body]);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/* To who started this: what is seen now, a line of JSON; goes on when it was looked at. */
export async function tell(moment, seen = {}) {
  console.log(JSON.stringify({ moment, ...seen }));
  await lines.next();
}

/* Runs the cases one after another and says so in TAP; each leaves the others its world. */
export async function run(all, { browser, end }) {
  const cases = all.filter(([says]) => says.includes(process.env.AISLE_ONLY ?? ''));
  console.log(`1..${cases.length}`);
  for (const [i, [says, what]] of cases.entries()) {
    try {
      await what();
      console.log(`ok ${i + 1} - ${says}`);
    } catch (e) {
      process.exitCode = 1;
      console.log(`not ok ${i + 1} - ${says}\n# ${String(e.message).split('\n').join('\n# ')}`);
    }
    for (const context of browser.contexts()) await context.close();
  }
  await end();
}
