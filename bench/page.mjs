// page.mjs - the times of the page, taken within it: what a person waits for, and no more.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../src/web/ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const base = `http://127.0.0.1:${process.env.PORT}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, timeout: 120000,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
const page = await (await browser.newContext({ viewport: { width: 1360, height: 820 } })).newPage();
page.setDefaultTimeout(120000);
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const p95 = (times) => at([...times].sort((a, b) => a - b), 0.95);

await page.goto(base);
await page.fill('[name=user]', 'budi');
await page.fill('[name=password]', 'correct horse battery');
await page.keyboard.press('Enter');
await page.waitForSelector('.card h2');

/* From the request for the page to the first card in it, the service warm; the median. */
await page.addInitScript(() => {
  new MutationObserver((_, seen) => {
    if (!document.querySelector('.card h2')) return;
    window.firstCard = performance.now();
    seen.disconnect();
  }).observe(document, { childList: true, subtree: true });
});
const first = [];
for (let i = 0; i < 11; i++) {
  await page.reload();
  await page.waitForFunction(() => window.firstCard);
  first.push(await page.evaluate(() => window.firstCard));
}

await page.getByRole('button', { name: 'Product', exact: true }).click();
await page.waitForSelector('.card .head .picture');

/* From a key to the frame that shows the next card. */
const key = await page.evaluate(async () => {
  const times = [];
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let i = 0; i < 100; i++) {
    const was = document.querySelector('.card h2').textContent;
    const began = performance.now();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: i % 3 ? 'n' : 'a', bubbles: true, cancelable: true }));
    await frame();
    while (document.querySelector('.card h2')?.textContent === was && performance.now() - began < 5000) await frame();
    times.push(performance.now() - began);
    await new Promise((done) => setTimeout(done, 30));
  }
  return times;
});

/* From a letter to what is found for it. */
const search = await page.evaluate(async () => {
  const box = document.querySelector('.right .search input');
  const times = [];
  for (const word of ['kategori nomor 77', 'nomor 12345', 'kawan', 'kategri nomr 900', '104242']) {
    for (let n = 3; n <= word.length; n++) {
      const text = word.slice(0, n);
      const began = performance.now();
      const shown = new Promise((done) => {
        const seen = new MutationObserver(() => { seen.disconnect(); done(); });
        seen.observe(document.querySelector('.right .found'), { childList: true, subtree: true, attributes: true, characterData: true });
        setTimeout(() => { seen.disconnect(); done('same'); }, 400);
      });
      box.value = text;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      const same = await shown;
      if (!same) times.push(performance.now() - began);
    }
  }
  box.value = '';
  box.dispatchEvent(new Event('input', { bubbles: true }));
  return times;
});

/* Frames while the list of what waits is scrolled, and grows. */
const scroll = await page.evaluate(async () => {
  const list = document.querySelector('.waiting');
  const times = [];
  let before = performance.now();
  for (let i = 0; i < 300; i++) {
    list.scrollTop += 90;
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  return times;
});

console.log(JSON.stringify({
  first: at([...first].sort((a, b) => a - b), 0.5), first_n: first.length, key: p95(key), key_n: key.length,
  search: p95(search), search_n: search.length, scroll: p95(scroll), scroll_n: scroll.length,
}));
await browser.close();
