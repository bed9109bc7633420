// listing.mjs - the listing form in a real browser: made of what the leaf demands, variants,
// what goes along, each finding at its field; TAP. Started by run_listing.py.
import { deflateSync } from 'node:zlib';
import { eq, put, run, seriousFaults, start } from './browser.mjs';

const { image, target } = JSON.parse(process.env.PAGE);
const web = await start();
const { base, faults, shot, toast, signIn } = web;

const SERUM = '901963'; /* asks for a BPOM certificate, and for a halal one of what says it is halal */
const BLENDER = '782451'; /* asks how long a warranty lasts that the maker or the shop gives */
const BRA = '749934'; /* asks for a size chart */
const SHIRT = '744161';

const pdf = { name: 'bpom.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n') };

/* A grey square of that many pixels. */
function square(side) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const out = Buffer.alloc(12 + data.length);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), 8 + data.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(side * (side + 1), 200);
  for (let y = 0; y < side; y++) rows[y * (side + 1)] = 0;
  return { name: 'chart.png', mimeType: 'image/png', buffer: Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]) };
}

function crc(bytes) {
  let n = 0xffffffff;
  for (const byte of bytes) {
    n ^= byte;
    for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  }
  return ~n >>> 0;
}

/* The head of an MP4 of that size, without a picture. */
function film(width, height, seconds) {
  const box = (name, ...data) => {
    const body = Buffer.concat(data);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + body.length);
    head.write(name, 4, 'latin1');
    return Buffer.concat([head, body]);
  };
  const words = (...all) => {
    const out = Buffer.alloc(4 * all.length);
    all.forEach((n, i) => out.writeUInt32BE(n, 4 * i));
    return out;
  };
  const track = box('tkhd', Buffer.alloc(40), words(65536, 0, 0, 0, 65536, 0, 0, 0, 2 ** 30, width * 65536, height * 65536));
  return { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\0\0isom', 'latin1')),
    box('moov', box('mvhd', words(0, 0, 0, 1000, 1000 * seconds), Buffer.alloc(80)), box('trak', track)), box('mdat', Buffer.alloc(64))]) };
}

/* The form of a product that is mapped there. */
async function form(page, id, leaf, body = {}) {
  eq([200, 201].includes(await put(page, `products/default/${id}`, { title: 'Barang bagus untuk dijual hari ini', currency: 'IDR', ...body })), true, 'kept');
  eq(await put(page, `mappings/${target}/default/product/${id}`, { state: 'accepted', category: leaf }), 200, 'mapped');
  await page.goto(`${base}/#/products/${encodeURIComponent(`=${id}`)}`);
  await page.waitForSelector('.listing');
}

/* Asked for afresh, and answered. */
async function check(page) {
  const answered = page.waitForResponse((r) => /\/jobs\//.test(r.url()) && r.request().method() === 'GET');
  await page.getByRole('button', { name: 'Save and check' }).click();
  await answered;
  await page.waitForFunction(() => !document.querySelector('.listing .first').disabled &&
    (!document.querySelector('.light.unknown') || document.querySelector('.listing form > .why'))); /* stale: of what is typed above */
}

/* A field by what its label begins with. */
const field = (page, name) => page.locator('.listing .field', { has: page.locator('label > span', { hasText: new RegExp(`^${name}`) }) }).first();

const product = (page, id) => page.evaluate(async (at) => (await fetch(`/api/v1/products/default/${at}`)).json(), id);

const listed = (page, id) => page.evaluate(async (at) => (await (await fetch(`/api/v1/listings?product=${at}`)).json()).items.map((x) => x.product), id);

const cases = [
  ['a video is uploaded or named by its address, kept with the product, and judged in its place', async () => {
    const page = await signIn('budi');
    await form(page, '000-FILM', SHIRT);
    const video = page.locator('[data-paper=video]');
    await page.locator('.listing summary').click();
    await video.locator('input[type=file]').setInputFiles(film(2000, 400, 90));
    await video.locator('.document').waitFor();
    await check(page);
    await page.waitForFunction(() => document.querySelector('[data-paper=video] .findings .error')?.textContent.includes('too wide or too tall'));
    eq((await product(page, '000-FILM')).attributes.Video.startsWith('object:default/'), true, 'kept');
    await shot(page, 'listing-video');
    eq(await seriousFaults(page), [], 'a video');
    await video.locator('input[type=file]').setInputFiles(film(720, 1280, 20));
    await check(page);
    await page.waitForFunction(() => !document.querySelector('[data-paper=video] .findings .error'));
    await video.getByRole('button', { name: 'Remove' }).click();
    await video.locator('[name=Video]').fill('https://example.com/klip.mp4');
    await page.getByRole('button', { name: 'Save and check' }).click();
    await page.waitForFunction(async () => (await (await fetch('/api/v1/products/default/000-FILM')).json()).attributes.Video === 'https://example.com/klip.mp4');
  }],
  ['what is typed stays until it is saved: over a save below, an approval, a look elsewhere, another\'s change', async () => {
    const page = await signIn('budi');
    const [typed, told] = ['Kaos polos pria katun, diketik', 'Belum disimpan.'];
    const there = async (what) => eq([await page.inputValue('[name=title]'), await page.inputValue('[name=description]')], [typed, told], what);
    await form(page, '000-TYPED', SHIRT);
    await page.fill('[name=title]', typed);
    await check(page);
    await page.fill('[name=description]', told);
    await there('after a check');
    await page.locator('section[aria-label="our matcher"] .candidate:not(.closed) button').first().click();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await toast(page, 'Kept');
    await page.waitForSelector('.listing');
    await there('after an approval');
    await page.route('**/api/v1/targets', (route) => route.fulfill({ json: { items: [target, 'toko:v2:OTHER'].map((id) => ({ id, shop: 'toko', seller: 'default', channel: 'x' })) } }));
    await page.route(/OTHER/, (route) => route.abort('connectionreset'));
    await page.goto(`${base}/#/jobs`); /* where targets are looked at anew */
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Jobs');
    await page.waitForFunction(() => document.querySelector('[aria-label="Where"] option:nth-child(2)')?.textContent.includes('OTHER'));
    await page.goto(`${base}/#/products/%3D000-TYPED`);
    await page.waitForSelector('.listing');
    await there('after a look elsewhere');
    await page.locator('section[aria-label="our matcher"] .candidate:not(.closed) button').first().click();
    await page.selectOption('[aria-label="Where"]', 'toko:v2:OTHER');
    await page.waitForFunction(() => !document.querySelector('.listing'));
    eq(await page.inputValue('[name=title]'), typed, 'for another target');
    await page.selectOption('[aria-label="Where"]', target);
    await page.waitForSelector('.listing');
    await there('for this one again');
    await page.waitForFunction(() => document.querySelector('.deciding .first').disabled); /* what was chosen in one tree is not in another */
    eq(await put(page, 'products/default/000-TYPED', { title: 'Dari orang lain', brand: 'Merek lain' }), 200, 'changed by another');
    for (const name of ['Save only', 'Save and check']) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('button', { name: 'Get it again' }).click();
      await page.waitForFunction(() => document.querySelector('[name=brand]').value.startsWith('Merek lain'));
      await page.waitForFunction(() => !document.querySelector('.panel .wrong'));
      await there('got again');
      if (name === 'Save only') eq(await put(page, 'products/default/000-TYPED', { brand: 'Merek lain lagi' }), 200, 'and once more');
    }
    await page.getByRole('button', { name: 'Save only' }).click();
    await toast(page, 'Saved');
    await check(page);
    const kept = await product(page, '000-TYPED');
    eq([kept.title, kept.description, kept.brand], [typed, told, 'Merek lain lagi'], 'kept');
    await page.goto(`${base}/#/products`);
    await page.waitForSelector('.product');
    await page.goto(`${base}/#/products/%3D000-TYPED`);
    await page.waitForSelector('.listing');
    await there('as it was kept');
  }],
  ['a product with a leaf by its own category shows it, and is checked', async () => {
    const page = await signIn('budi');
    eq(await put(page, 'products/default/000-THROUGH', { title: 'Kaos polos pria', category: 'Rak 7' }), 201, 'kept');
    eq(await put(page, `mappings/${target}/default/seller-category/Rak%207`, { state: 'accepted', category: SHIRT }), 200, 'mapped');
    await page.goto(`${base}/#/products/%3D000-THROUGH`);
    await page.waitForSelector('.listing');
    const said = await page.textContent('.deciding .standing');
    eq([said.includes('Through its own category “Rak 7”'), said.includes('accepted, by budi')], [true, true], said);
    await check(page);
    await page.waitForSelector('.light.listing.stop');
    await shot(page, 'listing-through');
  }],
  ['a file under way is waited for, and what is typed meanwhile stays', async () => {
    const page = await signIn('budi');
    await form(page, '000-SLOW', SHIRT);
    let letGo = () => {};
    const held = new Promise((done) => { letGo = done; });
    await page.route(/\/api\/v1\/files/, async (route) => { await held; await route.continue(); });
    await page.locator('.listing summary').click();
    await page.locator('[data-paper=video] input[type=file]').setInputFiles(film(720, 1280, 20));
    await page.waitForFunction(() => document.querySelector('.listing .first').disabled);
    await page.fill('[name=description]', 'Ditulis sementara menunggu.');
    letGo();
    await page.locator('[data-paper=video] .document').waitFor();
    await check(page);
    const kept = await product(page, '000-SLOW');
    eq([kept.description, kept.attributes.Video.startsWith('object:default/')], ['Ditulis sementara menunggu.', true], 'both are kept');
  }],
  ['in Indonesian what is wrong is Indonesian, and what the marketplace says is marked as English', async () => {
    const page = await signIn('budi', { locale: 'id-ID' });
    await form(page, '000-ID', SERUM, { title: 'Serum' });
    const answered = page.waitForResponse((r) => /\/jobs\//.test(r.url()) && r.request().method() === 'GET');
    await page.getByRole('button', { name: 'Simpan dan periksa' }).click();
    await answered;
    await page.waitForSelector('.findings .error');
    const said = await page.$$eval('.findings li', (all) => all.map((x) => x.textContent));
    for (const part of ['harga belum ada', 'judul terlalu pendek', '25 sampai 255 karakter', 'sertifikat belum ada', 'isi '])
      eq(said.some((s) => s.includes(part)), true, `${part} in ${said.join(' | ')}`);
    eq(await page.$$eval('.findings [lang=en]', (all) => all.map((x) => x.textContent)), [], 'left in English');
    await shot(page, 'listing-id');
    eq(await seriousFaults(page), [], 'findings in Indonesian');
  }],
  ['the listing form is made of what the leaf demands, shows each finding at its field, and publishes', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/products/new`);
    await page.fill('[name=title]', 'Kaos polos pria katun hitam lengan pendek');
    await page.fill('[name=id]', '000-LIST');
    await page.setInputFiles('input[type=file]', image);
    await page.waitForSelector('.imagefacts');
    await page.getByRole('button', { name: 'Save only' }).click();
    await toast(page, 'Saved');
    eq(await put(page, `mappings/${target}/default/product/000-LIST`, { state: 'accepted', category: '744161' }), 200, 'mapped');
    await page.goto(`${base}/#/products`);
    await page.locator('.product', { hasText: '000-LIST' }).click();
    await check(page);
    await page.waitForSelector('.light.listing.stop');
    eq([await page.locator('.field:has([name=price]) .findings .error').count(), await page.locator('.field:has([name="Weight g"]) .findings .error').count()],
      [1, 1], 'findings at their fields');
    eq(await page.getByRole('button', { name: 'Publish' }).isDisabled(), true, 'not to be published');
    await shot(page, 'listing-wrong');
    await page.fill('[name=description]', 'Kaos katun polos, adem dan nyaman. '.repeat(12));
    await page.fill('[name=price]', '75000');
    await page.locator('[name^=Quantity]').first().fill('12');
    await page.fill('[name="Weight g"]', '250');
    const must = page.locator('.listing .fields > .field:has(abbr) select');
    for (let i = 0; i < (await must.count()); i++)
      await must.nth(i).selectOption({ index: (await must.nth(i).getAttribute('multiple')) === null ? 1 : 0 });
    await check(page);
    await page.waitForSelector('.light.listing.go');
    await page.waitForSelector('.light.draft.go');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.waitForSelector('.listing .standing');
    await shot(page, 'listing');
    eq(await seriousFaults(page), [], 'listing');
  }],
  ['a price is saved as it was meant: with its thousands, and in no currency that nobody said', async () => {
    const page = await signIn('budi');
    const saved = async (id) => product(page, id).then((p) => [p.price_minor, p.currency]);
    await form(page, '000-RP', SHIRT);
    await page.fill('[name=price]', '150.000');
    await check(page);
    eq(await saved('000-RP'), [15000000, 'IDR'], 'thousands');
    await form(page, '000-NO', SHIRT, { currency: '', price_minor: 15000000 });
    eq(await page.inputValue('[name=price]'), '150000', 'of no currency');
    await check(page);
    eq(await saved('000-NO'), [15000000, null], 'still of none');
    for (const unclear of ['150.000', 'Rp 150.000']) {
      await page.fill('[name=price]', unclear);
      await page.getByRole('button', { name: 'Save and check' }).click();
      await page.waitForFunction((what) => document.querySelector('.listing')?.textContent.includes(`The price “${what}” could be two`), unclear);
      eq(await saved('000-NO'), [15000000, null], 'what could be two is not saved');
    }
  }],
  ['what another answer makes needed appears with its reason, and goes with it', async () => {
    const page = await signIn('budi');
    await form(page, '000-WHEN', BLENDER);
    await check(page);
    eq(await field(page, 'Masa Garansi').count(), 0, 'not asked for yet');
    await field(page, 'Jenis Garansi').locator('select').selectOption('Garansi Toko');
    eq(await field(page, 'Masa Garansi').locator('.why').textContent(), 'needed because Jenis Garansi = Garansi Toko', 'reason');
    eq(await field(page, 'Masa Garansi').locator('abbr').count(), 1, 'marked as needed');
    await check(page);
    eq(await field(page, 'Masa Garansi').locator('.findings .error').count(), 1, 'its finding');
    await shot(page, 'listing-because');
    await field(page, 'Jenis Garansi').locator('select').selectOption('Tanpa Garansi');
    eq(await field(page, 'Masa Garansi').count(), 0, 'gone again');
  }],
  ['certificates take files and a day, and one is needed because of an answer', async () => {
    const page = await signIn('budi');
    await form(page, '000-BPOM', SERUM);
    await check(page);
    const bpom = page.locator('[data-paper]', { has: page.locator('legend', { hasText: 'BPOM' }) });
    const halal = page.locator('[data-paper]', { has: page.locator('legend', { hasText: 'Halal' }) });
    eq(await bpom.locator('.findings .error').count(), 1, 'one is missing');
    eq(await halal.locator('.why').count(), 0, 'halal is not needed');
    await page.locator('.listing summary').click();
    await field(page, 'Halal').locator('select').selectOption('Ya');
    eq(await halal.locator('.why').textContent(), 'needed because Halal = Ya', 'reason');
    await bpom.locator('input[type=file]').setInputFiles(pdf);
    await bpom.locator('.document').waitFor();
    await check(page);
    eq([/until when/.test(await bpom.textContent()), /expired|missing/.test(await halal.textContent())], [true, true], 'the day, and the other');
    await shot(page, 'listing-certificates');
    await bpom.locator('input[type=date]').fill('2031-01-31');
    await halal.locator('input[type=file]').setInputFiles(pdf);
    await halal.locator('.document').waitFor();
    await check(page);
    eq([await bpom.locator('.findings .error').count(), await halal.locator('.findings .error').count()], [0, 0], 'both are fine');
    const { attributes } = await product(page, '000-BPOM');
    eq([/^object:default\//.test(attributes['Certificate BPOM']), attributes['Certificate BPOM expires']], [true, '2031-01-31'], 'columns');
    eq(await seriousFaults(page), [], 'certificates');
  }],
  ['a size chart is an image or a template, and one too small is said to be', async () => {
    const page = await signIn('budi');
    await form(page, '000-SIZE', BRA);
    await check(page);
    const chart = page.locator('[data-paper=size-chart]');
    eq(await chart.locator('.findings .error').count(), 1, 'it is missing');
    await chart.locator('input[type=file]').setInputFiles(image);
    await chart.locator('img').waitFor();
    await check(page);
    eq(await chart.locator('.findings li').count() > 0, true, 'too small');
    await shot(page, 'listing-size-chart');
    const before = await chart.locator('img').getAttribute('src');
    await chart.locator('input[type=file]').setInputFiles(square(1100));
    await page.waitForFunction((was) => (document.querySelector('[data-paper=size-chart] img')?.getAttribute('src') ?? was) !== was, before);
    await check(page);
    eq(await chart.locator('.findings .error').count(), 0, 'large enough');
    await chart.getByRole('button', { name: 'Remove' }).click();
    await chart.locator('input[inputmode=numeric]').fill('123');
    await check(page);
    eq((await product(page, '000-SIZE')).attributes['Size chart template'], '123', 'the column');
  }],
  ['what is changed after a check is not published before it is checked: here, above, during the check, by another', async () => {
    const page = await signIn('budi');
    const id = '000-STALE';
    const publish = page.getByRole('button', { name: 'Publish' });
    const ready = () => page.waitForSelector('.light.listing.go');
    const isStale = async (what) => {
      await page.waitForSelector('.light.listing.unknown');
      eq([await publish.isDisabled(), await page.getByRole('button', { name: 'Save as draft' }).isDisabled()], [true, true], what);
    };
    await form(page, id, SHIRT, { description: 'Kaos katun polos, adem dan nyaman. '.repeat(12), attributes: { 'Weight g': '250', Bahan: 'Katun', Quantity: '5' }, price_minor: 7500000 });
    await page.locator('.panel:has([name=title]) input[type=file]').setInputFiles(square(800));
    await page.waitForSelector('.imagefacts');
    await page.getByRole('button', { name: 'Save only' }).click();
    await toast(page, 'Saved');
    await check(page);
    await ready();
    await page.locator('[name="Weight g"]').fill('300');
    await isStale('typed here');
    await shot(page, 'listing-stale');
    eq(await seriousFaults(page), [], 'a check that is stale');
    await page.locator('[name="Weight g"]').fill('250');
    await ready(); /* as it was checked */

    await page.fill('[name=title]', 'Kaos polos katun, nama baru');
    await isStale('typed above');
    await page.getByRole('button', { name: 'Save only' }).click();
    await toast(page, 'Saved');
    await isStale('saved above');

    let go;
    const gone = new Promise((done) => { go = done; });
    await page.route(/\/api\/v1\/jobs\//, async (route) => { await gone; await route.continue(); }, { times: 1 });
    await page.getByRole('button', { name: 'Save and check' }).click();
    await page.waitForFunction(() => document.querySelector('.listing .first').disabled);
    await page.locator('[name="Weight g"]').fill('310');
    go();
    await page.waitForFunction(() => !document.querySelector('.listing .first').disabled);
    await isStale('typed during the check');
    await check(page);
    await ready();

    const refused = async (why) => {
      await publish.click();
      eq((await page.textContent('.listing .wrong')).includes(why), true, why);
      eq(await listed(page, id), [], 'published unseen');
      await page.locator('.listing').getByRole('button', { name: 'Get it again' }).click();
    };
    eq(await put(page, `products/default/${id}`, { brand: 'Merek lain' }), 200, 'by another');
    await refused('was changed since it was looked at');
    await isStale('changed by another');
    await page.fill('[name=brand]', '');
    await page.getByRole('button', { name: 'Save only' }).click();
    await toast(page, 'Saved');
    await check(page);
    await ready();
    eq(await put(page, `mappings/${target}/default/product/${id}`, { state: 'accepted', category: BLENDER }), 200, 'moved by another');
    await refused('was given another leaf');
    await page.waitForFunction(() => document.querySelector('.deciding .standing').textContent.includes('Blender'));
    eq(await publish.isDisabled(), true, 'of another leaf nothing is checked');
    eq(await put(page, `mappings/${target}/default/product/${id}`, { state: 'accepted', category: SHIRT }), 200, 'and back');
    await page.reload();
    await page.waitForSelector('.listing');
    await check(page);
    await ready();
    await publish.click();
    await page.waitForSelector('.listing .standing');
    eq(await listed(page, id), [id], 'published');
    eq((await product(page, id)).attributes['Weight g'], '310', 'as it was shown');
  }],
  ['variants are made of what tells them apart, stock lies in each warehouse, findings stand in their row', async () => {
    const page = await signIn('budi');
    await form(page, '000-VAR', SHIRT, { description: 'Kaos katun polos, adem dan nyaman. '.repeat(12), attributes: { 'Weight g': '250', Bahan: 'Katun' } });
    await page.locator('.panel:has([name=title]) input[type=file]').setInputFiles(image);
    await page.waitForSelector('.imagefacts');
    await page.getByRole('button', { name: 'Save only' }).click();
    await toast(page, 'Saved');
    await check(page);
    await page.getByRole('button', { name: 'Sold in several variants' }).click();
    await page.fill('[name=values-1]', 'Hitam, Putih');
    await page.getByRole('button', { name: 'Add another difference' }).click();
    for (const size of ['M', 'L']) await page.locator('.option').nth(1).getByRole('button', { name: size, exact: true }).click();
    await page.getByRole('button', { name: 'Make 4 variants' }).click();
    eq(await page.locator('[data-variant]').count(), 4, 'rows');
    const cell = (i, name) => page.locator(`[data-variant="${i}"] [data-column="${name}"]`);
    const [first, second] = await page.$$eval('[data-variant="0"] [data-column]', (all) => all.map((x) => x.dataset.column).filter((c) => /^\d+$/.test(c)));
    eq([!!first, !!second], [true, true], 'a column for each warehouse');
    for (let i = 0; i < 4; i++) {
      if (i !== 2) await cell(i, 'price').fill(String(75000 + i));
      await cell(i, first).fill('5');
    }
    await cell(1, second).fill('7');
    await cell(1, 'code').fill('8991234567891');
    await cell(3, 'code').fill('123');
    eq(await page.locator('[data-variant="3"] .why').count(), 1, 'what is no code is said at once');
    await cell(3, 'code').fill('');
    await check(page);
    eq(await page.locator('[data-variant]').evaluateAll((rows) => rows.map((r) => r.querySelectorAll('.findings .error').length)), [0, 0, 1, 0], 'a row without a price');
    await shot(page, 'listing-variants');
    await cell(2, 'price').fill('75002');
    await page.locator('[data-variant="0"] input[type=file]').setInputFiles(image);
    await page.locator('[data-variant="0"] img').waitFor();
    await page.locator('[data-paper=images] input[type=file]').setInputFiles(square(800));
    await page.locator('[data-paper=images] img').waitFor();
    await check(page);
    await page.waitForSelector('.light.listing.go');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.waitForSelector('.listing .standing');
    eq((await product(page, '000-VAR')).attributes.images.length, 1, 'further images');
    const { variants } = (await product(page, '000-VAR')).attributes;
    eq(variants.map((v) => [v['Option1 Value'], v['Option2 Value'], v.SKU, v.Price, v[`Quantity ${first}`], v[`Quantity ${second}`] ?? '', v.Barcode ?? '']), [
      ['Hitam', 'M', '000-VAR-Hitam-M', '75000', '5', '', ''], ['Hitam', 'L', '000-VAR-Hitam-L', '75001', '5', '7', '8991234567891'],
      ['Putih', 'M', '000-VAR-Putih-M', '75002', '5', '', ''], ['Putih', 'L', '000-VAR-Putih-L', '75003', '5', '', '']], 'as kept');
    eq(await seriousFaults(page), [], 'variants');
  }],
  ['variants on 360 pixels: nothing sticks out', async () => {
    const page = await signIn('budi', { viewport: { width: 360, height: 740 } });
    await form(page, '000-VAR', SHIRT);
    await page.waitForSelector('[data-variant="3"]');
    eq(await page.evaluate(() => document.documentElement.scrollWidth), 360, 'width');
    await page.locator('[data-variant="1"]').scrollIntoViewIfNeeded();
    await shot(page, 'phone-variants');
    eq(await seriousFaults(page), [], 'variants on a phone');
  }],
  ['no error reached the console, and no other host was asked', async () => eq(faults, [], 'faults')],
];

await run(cases, web);
