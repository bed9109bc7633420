// page.mjs - the page as people use it, in a real browser that reaches no other host; TAP.
// Started by run_browser.py, which says in PAGE where the service is.
import { drawn, eq, put, run, seriousFaults, settled, start } from './browser.mjs';

const screens = ['overview', 'review', 'products', 'trees', 'syncs', 'jobs', 'history', 'shops', 'people', 'import', 'columns'];
const web = await start();
const { base, faults, open, shot, signInToReview: signIn, toast } = web;

/* On to a card the matcher has an answer for. */
async function toAnswered(page) {
  await page.waitForSelector('.card h2');
  for (let i = 0; i < 50 && !(await page.locator('.candidate').count()); i++) await pressed(page, 'j');
  await page.waitForSelector('.candidate');
}

const title = (page) => page.textContent('.card h2');
const counts = (page) => page.$$eval('.queue .count', (all) => all.map((x) => Number(x.textContent.replace(/\D/g, ''))));
const pressed = async (page, key) => {
  const before = await title(page);
  await page.keyboard.press(key);
  await page.waitForFunction((was) => document.querySelector('.card h2')?.textContent !== was, before);
};

/* The next answer to such a question: composed at once, and held until it is let go, drawn by then. */
async function held(page, what) {
  let asked, go;
  const here = { asked: new Promise((done) => { asked = done; }) };
  const gone = new Promise((done) => { go = done; });
  let done = null;
  await page.route(what, (route) => {
    done = (async () => {
      const response = await route.fetch();
      asked();
      await gone;
      await route.fulfill({ response });
    })();
    return done;
  }, { times: 1 });
  here.answer = async () => {
    go();
    await done;
    await drawn(page);
  };
  return here;
}

/* The next decision on its way waits until it is let go, and then goes `on`. */
async function heldWrite(page, on) {
  let go, asked;
  const here = new Promise((done) => { asked = done; });
  const gone = new Promise((done) => { go = done; });
  await page.route('**/api/v1/mappings/**', async (route) => {
    asked();
    await gone;
    await on(route);
  }, { times: 1 });
  return async () => {
    await here;
    go();
  };
}

/* To a product of this name, made for a case that leaves it decided. */
async function toNew(page, id, what) {
  await put(page, `products/default/${id}`, { title: what });
  await page.getByRole('button', { name: 'Product', exact: true }).click();
  await page.locator('.waiting button', { hasText: what }).click();
  await page.waitForFunction((name) => document.querySelector('.card h2')?.textContent === name, what);
}

/* Press a key that decides; what the service kept. */
async function decided(page, key) {
  const answer = page.waitForResponse((r) => r.request().method() === 'PUT' && /\/api\/v1\/mappings\//.test(r.url()));
  await pressed(page, key);
  return (await answer).json();
}
/* Somebody else's decision after that one, straight to the service. */
const overrule = (page, { target, seller, scope, key, seq }, state) =>
  page.evaluate(async ([at, match, body]) => {
    const me = await (await fetch('/api/v1/me')).json();
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf, 'If-Match': `"${match}"` };
    return (await fetch(`/api/v1/mappings/${at}`, { method: 'PUT', headers, body: JSON.stringify(body) })).status;
  }, [[target, seller, scope, key].map(encodeURIComponent).join('/'), seq, { state }]);

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
    eq(await seriousFaults(cici), [], 'a clash');
    for (const key of ['a', '1', 'n', 'x']) { /* meant for the card before */
      await cici.keyboard.press(key);
      await toast(cici, 'budi decided this meanwhile');
      eq([await title(cici), await cici.locator('.clash').count()], [what, 1], key);
    }
    await cici.getByRole('button', { name: 'Keep theirs' }).click();
    await cici.waitForFunction((was) => document.querySelector('.card h2')?.textContent !== was, what);
  }],
  ['what somebody decided after one is not taken back with one\'s own: it is shown whose it is', async () => {
    const [budi, cici] = [await signIn('budi'), await signIn('cici')];
    const what = 'Barang dua orang';
    await toNew(budi, '000-TWO', what);
    const his = await decided(budi, 'n');
    eq(await overrule(cici, his, 'none'), 200, 'hers');
    await budi.keyboard.press('u');
    await toast(budi, 'Not taken back');
    await budi.waitForSelector('.clash');
    eq([await title(budi), await budi.textContent('.clash strong')], [what, 'Decided meanwhile by cici'], 'clash');
    await budi.keyboard.press('n');
    await toast(budi, 'cici decided this meanwhile');
    await budi.getByRole('button', { name: 'Choose anew' }).click();
    await budi.waitForFunction(() => !document.querySelector('.clash'));
    eq((await decided(budi, 'n')).state, 'none', 'then as ever');
  }],
  ['a search finds a leaf by the other language and decides with it', async () => {
    const page = await signIn('budi');
    await page.keyboard.press('/');
    await page.keyboard.insertText('kaos wanita'); /* at once: Enter takes what is found by then */
    await page.waitForSelector('.found li');
    await page.keyboard.press('Enter');
    await toast(page, '→');
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
  }],
  ['Enter in a search takes nothing that was found for other words', async () => {
    const page = await signIn('budi');
    const what = await title(page);
    await page.keyboard.press('/');
    await page.keyboard.insertText('kaos');
    await page.waitForSelector('.found[aria-busy=false] li');
    const answer = await held(page, /\/search\?/);
    await page.keyboard.insertText(' wanita');
    await answer.asked;
    await page.keyboard.press('Enter');
    await drawn(page);
    eq([await title(page), await page.locator('.toast').count(), await page.inputValue('.search input')], [what, 0, 'kaos wanita'], 'waits');
    await answer.answer();
    await page.waitForSelector('.found[aria-busy=false] li');
    await page.keyboard.press('Enter');
    await toast(page, '→');
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
  }],
  ['a card that comes back leaves a search to the card it was begun for', async () => {
    const page = await signIn('budi');
    const go = await heldWrite(page, (route) => route.abort('connectionreset'));
    const first = await title(page);
    await pressed(page, 'n');
    const what = await title(page);
    await page.keyboard.press('/');
    await page.keyboard.insertText('kaos wanita');
    await page.waitForSelector('.found[aria-busy=false] li');
    await go();
    await toast(page, 'Not kept');
    await page.waitForFunction((name) => document.querySelector('.waiting .line').textContent === name, first);
    eq(await title(page), what, 'still seen');
    await page.keyboard.press('Enter');
    await toast(page, what);
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
  }],
  ['all that is agreed is approved at once, however many are shown, and taken back', async () => {
    const page = await signIn('budi');
    await page.getByRole('button', { name: 'Product', exact: true }).click();
    await page.locator('.queue.agreed').click();
    await page.waitForSelector('.card .head .picture');
    const n = (await counts(page))[1];
    await page.keyboard.press('Shift+A');
    eq(await page.textContent('dialog .first'), `Approve ${n}`, 'asks with the number of the queue');
    await page.locator('dialog .first').click();
    await toast(page, `Approved: ${n}`);
    await page.waitForFunction(() => document.querySelectorAll('.queue .count')[1].textContent === '0');
    await page.locator('.toast button').click();
    await toast(page, 'Taken back');
    await page.waitForFunction((was) => Number(document.querySelectorAll('.queue .count')[1].textContent) === was, n);
  }],
  ['a file is brought in: columns named, problems by line, nothing kept before it is asked', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/import`);
    await page.setInputFiles('input[type=file]', { name: 'barang.csv', mimeType: 'text/csv', buffer: Buffer.from(
      'kode;barang;rak;harga\nZ-1;"Gelas; besar";Dapur;Rp 12.000\nZ-2;;Dapur;9000\nZ-3;Piring;Dapur;mahal\n') });
    await page.waitForSelector('[name=column-id]');
    await page.getByRole('button', { name: 'Try' }).click();
    await page.waitForSelector('[role=alert]');
    for (const [field, column] of [['id', 'kode'], ['title', 'barang'], ['category', 'rak'], ['price', 'harga']])
      await page.selectOption(`[name=column-${field}]`, column);
    await page.getByRole('button', { name: 'Try' }).click();
    await page.waitForSelector('.told tbody tr');
    const told = await page.$$eval('.told tbody tr', (rows) => rows.map((r) => [r.children[0].textContent, r.children[3].textContent]));
    eq(told, [['3', 'left out'], ['4', 'taken']], 'lines');
    await shot(page, 'import-tried');
    eq(await seriousFaults(page), [], 'an import tried');
    eq(await page.evaluate(async () => (await fetch('/api/v1/products/default/Z-1')).status), 404, 'kept already');
    await page.getByRole('button', { name: 'Import 2 products' }).click();
    await page.waitForFunction(() => document.querySelector('.told h2')?.textContent === 'Imported');
    eq(await page.evaluate(async () => (await (await fetch('/api/v1/products/default/Z-1')).json()).title), 'Gelas; besar', 'title');

    await page.setInputFiles('input[type=file]', { name: 'harga.csv', mimeType: 'text/csv', buffer: Buffer.from('sku,name,price\nZ-1,Gelas besar,13000\n') });
    await page.getByRole('button', { name: 'Try' }).click();
    await page.waitForSelector('.told .kept');
    eq(await page.textContent('.told .kept'), 'What the file has no column for stays as it is: Your category, Currency', 'what stays');
    eq(await page.$$eval('.told .numbers strong', (all) => all.map((n) => n.textContent)), ['1', '1', '0', '0', '1', '0'], 'what would be');
  }],
  ['problems of a file, and what would mend them, are told in Indonesian', async () => {
    const page = await signIn('budi', { locale: 'id-ID' });
    await page.goto(`${base}/#/import`);
    await page.setInputFiles('input[type=file]', { name: 'barang.csv', mimeType: 'text/csv', buffer: Buffer.from(
      'id,title,price\nZ-1,Gelas,mahal\nZ-2,,9000\nZ-1,Piring,9000\n,Panci,9000\nZ-5,Wajan\n') });
    await page.getByRole('button', { name: 'Coba' }).click();
    await page.waitForSelector('.told tbody tr');
    eq(await page.$$eval('.told tbody [lang=en]', (all) => all.map((x) => x.textContent)), [], 'left in English');
    const said = await page.$$eval('.told tbody tr', (rows) => rows.map((r) => r.children[2].textContent));
    eq(said.slice(0, 2), ['harga tidak jelas: mahal (tulis 12000 atau 12.50, dan sebutkan mata uangnya)', 'judul kosong (beri setiap produk judul)'], 'said');
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
    await shot(page, 'approve-all');
    eq(await seriousFaults(page), [], 'the box that asks');
    const before = await counts(page);
    await page.locator('dialog .first').click();
    await toast(page, `Approved: ${n}`);
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
    await page.waitForFunction((was) => Number(document.querySelector('.queue .count').textContent) === was, before[0]);
  }],
  ['a rule is made along with a decision, or from the word said after one', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    const first = await title(page);
    await page.keyboard.press('r');
    await page.fill('[name=rule-words]', 'zzyzx');
    eq(await seriousFaults(page), [], 'the box');
    await page.locator('dialog .first').click();
    await toast(page, 'Rule kept: words=zzyzx');
    await page.waitForFunction((was) => document.querySelector('.card h2')?.textContent !== was, first);
    await toAnswered(page);
    await pressed(page, 'a');
    await page.getByRole('button', { name: 'Also make it a rule' }).click();
    eq(await page.locator('dialog .tick').count(), 0, 'accepted already');
    await page.fill('[name=rule-words]', 'zzyzx');
    await page.locator('dialog .first').click();
    await toast(page, 'Rule kept');
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press('u');
      await toast(page, 'Taken back');
      await settled(page);
    }
    eq(await page.getByRole('button', { name: 'Undo u' }).isDisabled(), true, 'all is taken back');
  }],
  ['x refuses the suggestion, s puts a card behind the others, u takes back', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    const first = await title(page);
    await pressed(page, 's');
    const second = await title(page);
    await pressed(page, 'x');
    await toast(page, 'Rejected');
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
    await page.waitForFunction((was) => document.querySelector('.card h2')?.textContent === was, second);
    eq((await page.locator('.waiting .line').allTextContents()).indexOf(first) !== 0, true, 'the first is behind');
  }],
  ['what cannot be sent comes back with the reason, and can be tried again', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    const what = await title(page);
    await page.context().setOffline(true);
    await page.keyboard.press('a');
    await page.waitForFunction(() => document.querySelector('.clash')?.textContent.includes('cannot be reached'));
    eq(await title(page), what, 'back on top');
    await shot(page, 'unreachable');
    await page.context().setOffline(false);
    await pressed(page, 'a');
    await toast(page, '→');
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
  }],
  ['a decision that fails after one has left the review is told of', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    const what = await title(page);
    const go = await heldWrite(page, (route) => route.abort('connectionreset'));
    await pressed(page, 'n');
    await page.goto(`${base}/#/products`);
    await page.waitForSelector('.product');
    await go();
    await page.waitForSelector('.toast.failed');
    const said = await page.textContent('.toast.failed');
    eq([said.includes('Not kept'), said.includes(what.slice(0, 40))], [true, true], said);
  }],
  ['while a decision is on its way, closing the page asks first', async () => {
    const page = await signIn('budi');
    await toNew(page, '000-CLOSE', 'Barang yang menyusul');
    const go = await heldWrite(page, (route) => route.continue());
    await pressed(page, 'n');
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    eq(dialog.type(), 'beforeunload', 'asks');
    await dialog.dismiss();
    const kept = page.waitForResponse((r) => /\/api\/v1\/mappings\//.test(r.url()));
    await go();
    eq((await kept).status(), 200, 'kept');
    await settled(page);
    const closed = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await closed;
  }],
  ['signing out waits for what was decided, and leaves nothing of it to whoever signs in next', async () => {
    const page = await signIn('budi');
    await toNew(page, '000-LEFT', 'Barang yang ditinggal');
    const go = await heldWrite(page, (route) => route.continue());
    const kept = page.waitForResponse((r) => /\/api\/v1\/mappings\//.test(r.url()));
    await pressed(page, 'n');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await go();
    eq((await kept).status(), 200, 'kept');
    await page.waitForFunction(() => !document.querySelector('.top'));
    await page.fill('[name=user]', 'cici');
    await page.fill('[name=password]', web.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.card h2');
    eq([await page.locator('.toast').count(), await page.getByRole('button', { name: 'Undo u' }).isDisabled()], [0, true], 'of the one before');
  }],
  ['a sign-out that does not reach the service says so', async () => {
    const page = await signIn('budi');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await toast(page, 'Not signed out');
    eq(await page.locator('.top').count(), 1, 'still here');
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForSelector('main.signin');
  }],
  ['? shows the keys, evidence opens and closes, g and a number go to a queue', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    await page.keyboard.press('?');
    await page.waitForSelector('dialog .keys');
    await shot(page, 'keys');
    eq(await seriousFaults(page), [], 'the keys');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog'));
    await page.keyboard.press('e');
    await page.waitForSelector('.actions button[aria-pressed=true]');
    eq(await seriousFaults(page), [], 'evidence');
    await page.keyboard.press('g');
    await page.keyboard.press('6');
    await page.waitForSelector('.queue.done[aria-current=true]');
  }],
  ['script in a title is shown as text', async () => {
    const page = await signIn('budi');
    const what = `<img src=x onerror="document.title='owned'">`;
    await put(page, 'products/default/000-XSS', { title: what });
    await page.getByRole('button', { name: 'Product', exact: true }).click();
    await page.waitForFunction((name) => [...document.querySelectorAll('.waiting .line')].some((x) => x.textContent === name), what);
    await page.locator('.waiting button', { hasText: 'onerror' }).click();
    await page.waitForFunction((name) => document.querySelector('.card h2').textContent === name, what);
    eq(await page.title(), 'Needs decision · Review · Aisle', 'title of the page');
  }],
  ['products are found by words, by number, by the seller\'s category, and those of another seller', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/products`);
    await page.locator('[name=own-category] option').nth(1).waitFor({ state: 'attached' });
    await page.selectOption('[name=own-category]', { index: 1 });
    const own = (await page.locator('[name=own-category] option').nth(1).textContent()).replace(/ \(.*/, '');
    await page.waitForFunction((name) => [...document.querySelectorAll('.product small')].every((x) => x.textContent.includes(name)), own);
    await page.selectOption('[name=own-category]', '');
    await put(page, 'products/default/FIND-1', { title: 'Ember Zinc 100% tebal', brand: 'Qwerty' });
    await page.fill('[name=find]', 'zinc qwer 100%');
    await page.waitForFunction(() => [...document.querySelectorAll('.product strong')].map((x) => x.textContent).join() === 'Ember Zinc 100% tebal');
    await page.fill('[name=find]', 'nowhere-1');
    await page.waitForSelector('.empty');
    await page.keyboard.press('Enter');
    await page.fill('[name=find]', 'RB-101');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[name=id]:disabled');
    eq(await page.inputValue('[name=id]'), 'RB-101', 'by number');
    await page.goto(`${base}/#/products`);
    await page.selectOption('.of-seller', 'other');
    await page.waitForFunction(() => document.querySelector('.product small')?.textContent.includes('X-1'));
  }],
  ['target and seller stand in the address: loading again, a link, another tab and Back lead to the same', async () => {
    const page = await signIn('ana');
    const first = (tab, id) => tab.waitForFunction((x) => document.querySelector('.product small')?.textContent.includes(x), id);
    const [here, there] = await page.locator('.of-target option').evaluateAll((all, now) => [now, all.map((x) => x.value).find((id) => id !== now)], web.target);
    await page.goto(`${base}/#/products`);
    await page.waitForSelector('.product');
    const before = await page.textContent('.product small');
    await page.selectOption('.of-seller', 'other');
    await first(page, 'X-1');
    await page.selectOption('.of-target', there); /* that seller's own */
    await page.selectOption('.of-seller', 'default');
    await first(page, before);
    await page.reload();
    await first(page, before);
    const address = await page.evaluate(() => document.querySelector('.product').href);
    eq(address.includes(`?target=${there}&seller=default#/products/`), true, address);
    const tab = await page.context().newPage();
    await tab.goto(address);
    await tab.waitForSelector('[name=id]:disabled');
    eq(before.includes(await tab.inputValue('[name=id]')), true, 'in another tab');
    await tab.goto(`${base}/?target=gone:v2:TIKTOK_SHOP#/products`);
    await toast(tab, 'names gone:v2:TIKTOK_SHOP, which is not here');
    await tab.goto(`${base}/#/products`); /* an address of before: what was chosen last */
    await first(tab, 'X-1');
    await tab.close();
    for (const [where, id] of [[there, 'X-1'], [here, 'X-1'], [here, before]]) {
      await page.goBack();
      await page.waitForFunction((x) => document.querySelector('.of-target').value === x, where);
      await first(page, id);
    }
    await page.route(/\/impact\?/, (route) => route.fulfill({ json: { items: [{ was_path: 'A > B', why: 'gone', successor: null, products: 1,
      mapping: { seq: 1, seller: 'other', target: here, scope: 'product', key: 'X-1', state: 'accepted', category: '1', who: 'ana' } }] } }));
    await page.goto(`${base}/#/syncs`);
    await page.locator('.impact a').first().click();
    await page.waitForSelector('[name=id]:disabled');
    eq([await page.inputValue('[name=id]'), await page.inputValue('.of-seller')], ['X-1', 'other'], 'of another seller');
  }],
  ['who comes back to the products finds what was looked for; who goes there anew, all', async () => {
    const page = await signIn('budi');
    const titles = () => page.$$eval('.product strong', (all) => all.map((x) => x.textContent));
    await put(page, 'products/default/FIND-2', { title: 'Payung qwzx lipat' });
    await page.goto(`${base}/#/products`);
    await page.fill('[name=find]', 'qwzx');
    await page.getByRole('button', { name: 'Undecided only' }).click();
    await page.waitForFunction(() => [...document.querySelectorAll('.product strong')].map((x) => x.textContent).join() === 'Payung qwzx lipat');
    await page.locator('.product').click();
    await page.waitForSelector('[name=id]:disabled');
    await page.goBack();
    await page.waitForSelector('.product');
    eq([await page.inputValue('[name=find]'), await titles()], ['qwzx', ['Payung qwzx lipat']], 'back');
    eq(await page.locator('[aria-pressed=true]').count(), 1, 'what is undecided');
    await page.reload();
    await page.waitForSelector('.product');
    eq([await page.inputValue('[name=find]'), await titles()], ['qwzx', ['Payung qwzx lipat']], 'loaded again');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Jobs');
    await page.getByRole('link', { name: 'Products' }).click();
    await page.waitForSelector('.product:nth-child(1)');
    eq(await page.inputValue('[name=find]'), '', 'anew');
  }],
  ['which queue is reviewed stands in the address: loading again, Back and a link lead to it', async () => {
    const page = await signIn('ana');
    const where = () => page.evaluate(() => [location.hash, document.querySelector('.queue[aria-current]')?.className, document.querySelector('.units [aria-pressed=true]')?.textContent]);
    const comes = (hash) => page.waitForFunction((h) => location.hash === h && document.querySelector('.queue[aria-current]')?.classList.contains(h.split('/')[2]), hash);
    await page.locator('.queue.done').click();
    await page.locator('.units button').last().click();
    await comes('#/review/done/product');
    await page.reload();
    await comes('#/review/done/product');
    eq(await where(), ['#/review/done/product', 'queue done', 'Product'], 'loaded again');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Jobs');
    await page.getByRole('link', { name: 'Review' }).click();
    await comes('#/review/done/product');
    await page.goBack();
    await page.goBack();
    await comes('#/review/done/product');
    await page.goBack();
    await comes('#/review/done/category');
    await page.goto(`${base}/#/review/nowhere`);
    await page.waitForSelector('.queue.needs[aria-current]');
    eq((await where())[2], 'Seller category', 'what is no queue is where one begins');
    await page.waitForSelector('.card h2');
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
    await page.keyboard.insertText('kaos wanita'); /* at once: Enter takes what is found by then */
    await page.waitForSelector('.found li');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dd[lang="id-ID"]');
    await page.waitForSelector('.needs tbody tr, [aria-label="What a listing here must have"] .quiet');
    await page.waitForSelector('.past li');
    eq(await page.locator('.column').count() >= 2, true, 'columns');
    await shot(page, 'trees');
    eq(await seriousFaults(page), [], 'a category');
  }],
  ['a batch is taken back from its history', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/history`);
    await page.waitForSelector('.batch');
    await page.getByRole('button', { name: 'Take back' }).first().click();
    await toast(page, 'taken back');
    await shot(page, 'history');
  }],
  ['a role that is not changed is shown as it is', async () => {
    const page = await signIn('ana');
    await page.goto(`${base}/#/people`);
    const role = page.getByLabel('Role of ana');
    await role.selectOption('viewer');
    await page.waitForSelector('.toast.failed');
    await page.waitForFunction(() => document.querySelector('[aria-label="Role of ana"]').value === 'admin');
  }],
  ['of long names of targets a narrow page shows the ends, by which they differ', async () => {
    const page = await signIn('ana');
    await page.goto(`${base}/#/people`);
    const [one, other] = ['TIKTOK_SHOP', 'TOKOPEDIA'].map((at) => `toko-utama-jakarta-selatan-sekali:v2:${at}`);
    await page.route('**/api/v1/targets', (route) => route.fulfill({ json: { items: [one, other].map((id) => ({ id, shop: 'toko', seller: 'default', channel: 'x' })) } }));
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 740 });
      await page.reload();
      await page.waitForSelector('.of-target');
      const drawnAs = async (id) => {
        await page.selectOption('.of-target', id);
        await settled(page);
        await page.evaluate(() => document.activeElement.blur());
        return (await page.locator('.of-target').screenshot()).toString('base64');
      };
      eq((await drawnAs(one)) !== (await drawnAs(other)), true, `both look alike on ${width}`);
      eq(await page.getAttribute('.of-target', 'title'), other, 'its whole name');
      await shot(page, `targets-${width}`);
    }
  }],
  ['a double click does one thing once, and none to what moved under it', async () => {
    const page = await signIn('ana');
    const sent = [];
    page.on('request', (r) => r.method() === 'POST' && sent.push(new URL(r.url()).pathname.replace(/batches\/.*/, 'batches')));
    await page.evaluate(() => { /* a double click lasts until it is said to be over */
      const wait = window.setTimeout;
      window.later = [];
      window.setTimeout = (then, ms, ...more) => ms === 500 ? window.later.push(then) : wait(then, ms, ...more);
    });
    await page.goto(`${base}/#/people`);
    await page.fill('[name=token-name]', 'twice');
    await page.getByRole('button', { name: 'Make a token' }).dblclick();
    await page.waitForSelector('[aria-label="Tokens for programs"] .standing');
    await page.goto(`${base}/#/jobs`);
    await page.getByRole('button', { name: 'Sync the tree' }).dblclick();
    await page.waitForSelector('.job .state.done');
    await page.goto(`${base}/#/history`);
    const undo = page.locator('.batch').first().getByRole('button', { name: 'Take' });
    const { x, y } = await undo.boundingBox();
    const before = await page.textContent('.batch');
    await page.mouse.click(x + 5, y + 5);
    await page.waitForFunction((was) => document.querySelector('.batch').textContent !== was, before);
    await page.mouse.click(x + 5, y + 5);
    await settled(page);
    eq(sent, ['/api/v1/tokens', '/api/v1/runs', '/api/v1/batches'], 'asked for');
    await page.evaluate(() => window.later.forEach((then) => then()));
    await undo.click();
    await toast(page, 'taken back');
  }],
  ['a sync is started, followed and recorded', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/jobs`);
    await page.getByRole('button', { name: 'Sync the tree' }).click();
    await page.waitForSelector('.job .state.done');
    await shot(page, 'jobs');
  }],
  ['a session that ends in the middle takes nothing away: what is half written and the card are still there', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    const what = await title(page);
    const again = async () => {
      await page.waitForSelector('dialog.again');
      await page.fill('dialog [name=user]', 'budi');
      await page.fill('dialog [name=password]', web.password);
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => !document.querySelector('dialog'));
    };
    await page.context().clearCookies();
    await page.keyboard.press('a');
    await page.waitForSelector('dialog.again');
    await shot(page, 'session-over');
    eq(await seriousFaults(page), [], 'the sign-in over the page');
    await again();
    eq(await title(page), what, 'back on top');
    eq((await page.textContent('.clash')).includes('session was over'), true, 'the reason');
    await page.goto(`${base}/#/products/new`);
    await page.fill('[name=title]', 'Half written');
    await settled(page);
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Save only' }).dispatchEvent('click');
    await again();
    eq(await page.inputValue('[name=title]'), 'Half written', 'still there');
    await page.getByRole('button', { name: 'Save only' }).click();
    await toast(page, 'Saved');
  }],
  ['a first try that was kept, and whose answer was lost, is no clash with oneself', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    const [what, before] = [await title(page), await counts(page)];
    await page.route('**/api/v1/mappings/**', async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    }, { times: 1 });
    await page.keyboard.press('a');
    await page.waitForFunction(() => document.querySelector('.clash')?.textContent.includes('cannot be reached'));
    eq(await title(page), what, 'back on top');
    await pressed(page, 'a');
    await page.waitForFunction((n) => Number(document.querySelector('.queue .count').textContent) === n, before[0] - 1);
    eq(await page.locator('.clash').count(), 0, 'no clash');
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
  }],
  ['an answer that comes late undoes nothing: of the numbers, of a queue, of the jobs', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    await settled(page);
    const before = (await counts(page))[0];
    const numbers = await held(page, /\/api\/v1\/queues\?/);
    await numbers.asked;
    const newer = page.waitForResponse((r) => /\/api\/v1\/queues\?/.test(r.url()));
    await pressed(page, 'a');
    await newer;
    await numbers.answer();
    eq((await counts(page))[0], before - 1, 'those asked for before the decision');
    await page.keyboard.press('u');
    await toast(page, 'Taken back');

    const done = await held(page, /\/api\/v1\/queues\/done/);
    await page.locator('.queue.done').click();
    await done.asked;
    eq(await page.locator('.card').count(), 0, 'the card of the queue before');
    await done.answer();
    await page.waitForSelector('.card h2');

    const jobs = await held(page, /\/api\/v1\/jobs$/);
    await page.goto(`${base}/#/jobs`);
    await jobs.asked;
    await page.getByRole('button', { name: 'Sync the tree' }).click();
    await page.waitForSelector('.job .state');
    await jobs.answer();
    const all = await page.evaluate(async () => (await (await fetch('/api/v1/jobs')).json()).items.length);
    eq(await page.locator('.job').count(), all, 'the one begun meanwhile with the others');
    await page.waitForFunction(() => document.querySelector('.job .state')?.classList.contains('done'));
  }],
  ['what is known of one target is not told under another\'s name, nor when it comes late', async () => {
    const page = await signIn('ana');
    const other = await page.locator('[aria-label="Where"] option').evaluateAll((all, now) => all.map((x) => x.value).find((id) => id !== now), web.target);
    const choose = (id) => page.selectOption('[aria-label="Where"]', id);
    for (const [screen, what, shown] of [['overview', /\/api\/v1\/overview\?/, '.tiles'], ['history', /\/api\/v1\/batches\?/, '.batch'], ['syncs', /\/impact\?/, '.hurt']]) {
      await page.goto(`${base}/#/${screen}`);
      await page.waitForSelector(shown);
      const later = await held(page, what);
      await choose(other);
      await later.asked;
      eq(await page.locator(shown).count(), 0, `${screen} of the target before`);
      await choose(web.target);
      await page.waitForSelector(shown);
      const before = await page.textContent(shown);
      await later.answer();
      eq(await page.textContent(shown), before, `${screen}: what comes late`);
    }
  }],
  ['a job whose service ended is told to be interrupted, and before that that nobody is there', async () => {
    const page = await signIn('ana');
    await page.goto(`${base}/#/jobs`);
    await page.waitForSelector('.lanes tbody tr');
    await settled(page);
    const jobs = /\/api\/v1\/jobs\/[^/]+(\/events)?$/;
    await page.route(jobs, (route) => route.abort('connectionreset'));
    await page.getByRole('button', { name: 'Sync the tree' }).click();
    await page.waitForFunction(() => document.querySelector('main > .sheet > .wrong')?.textContent.includes('cannot be reached'));
    eq(await page.locator('.job .state.under-way').count() > 0, true, 'nothing is known of it yet');
    await page.unroute(jobs);
    await page.route(jobs, (route) => route.fulfill({ status: 404, contentType: 'application/problem+json', body: JSON.stringify({ status: 404, code: 'not_found', detail: 'there is no job' }) }));
    await page.route(/\/api\/v1\/runs\?/, (route) => route.fulfill({ json: { items: [{ id: 'r-1', kind: 'map', target: web.target, policy: null, state: 'under-way',
      can_resume: true, text: null, counts: {}, started_at: null, finished_at: null }] } }));
    await page.waitForSelector('.job .state.interrupted');
    await page.waitForSelector('td .state.interrupted');
    eq([await page.locator('main > .sheet > .wrong').count(), await page.locator('.job progress, .job button').count()], [0, 0], 'nothing is under way');
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await shot(page, 'jobs-interrupted');
    eq(await seriousFaults(page), [], 'a job that was interrupted');
  }],
  ['what was asked before one signed in again, and is refused after, is asked once more', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    await page.context().clearCookies();
    const snapshots = await held(page, /\/snapshots\?/);
    await page.goto(`${base}/#/syncs`);
    await snapshots.asked;
    await page.waitForSelector('dialog.again');
    await page.fill('dialog [name=user]', 'budi');
    await page.fill('dialog [name=password]', web.password);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => !document.querySelector('dialog'));
    await snapshots.answer();
    await settled(page);
    eq([await page.locator('dialog').count(), await page.locator('.differences .trouble').count()], [0, 0], 'signed out again');
  }],
  ['where somebody else signed in in the same browser, what is decided is not kept, and told how to go on', async () => {
    const page = await signIn('budi');
    await toAnswered(page);
    const what = await title(page);
    eq(await page.evaluate(async (password) => (await fetch('/api/v1/session', { method: 'POST',
      headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ user: 'cici', password }) })).status, web.password), 200, 'in another tab');
    await page.keyboard.press('n');
    await page.waitForSelector('.clash');
    eq([await title(page), (await page.textContent('.clash')).includes('reload the page')], [what, true], 'back on top');
  }],
  ['what was to be shown when the session ended is there once one signed in again', async () => {
    const page = await signIn('budi');
    for (const [screen, shown] of [['products', '.product'], ['trees', '.column button'], ['history', '.batch']]) {
      await page.context().clearCookies();
      await page.goto(`${base}/#/${screen}`);
      await page.waitForSelector('dialog.again');
      await page.fill('dialog [name=user]', 'budi');
      await page.fill('dialog [name=password]', web.password);
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => !document.querySelector('dialog'));
      await settled(page);
      eq([await page.locator(shown).count() > 0, await page.locator('main .trouble').count()], [true, 0], screen);
    }
  }],
  ['of products that lost their leaf there are at least as many as were counted', async () => {
    for (const [lang, many, next] of [['en-US', '10,000+', 'Go on with: Broken by tree change (10,000+)'], ['id-ID', '10.000+', 'Lanjut ke: Rusak oleh perubahan (10.000+)']]) {
      const page = await web.signIn('ana', { locale: lang });
      const none = { needs: 0, agreed: 0, conflict: 0, none: 0, done: 0 };
      await page.route(/\/api\/v1\/queues\?/, (route) => route.fulfill({ json: {
        by_category: { ...none, broken: 3 }, by_product: { ...none, broken: 10000 }, products: 30000, settled: 20000, broken_by_category: 0, broken_are_more: true } }));
      await page.route(/\/api\/v1\/queues\/needs/, (route) => route.fulfill({ json: { items: [] } }));
      await page.reload();
      await page.waitForFunction(() => document.querySelector('.queue.broken .count')?.textContent === '3');
      await page.locator('.units button').last().click();
      await page.waitForFunction((n) => document.querySelector('.queue.broken .count')?.textContent === n, many);
      eq(await page.locator('.queue.done .count').textContent(), '0', 'what was counted');
      eq(await page.textContent('.empty button'), next, 'the way on');
      await page.goto(`${base}/#/overview`);
      await page.waitForFunction((n) => [...document.querySelectorAll('.bars strong')].some((x) => x.textContent === n), many);
    }
  }],
  ['one product is one product', async () => {
    const page = await signIn('ana');
    await page.selectOption('.of-seller', 'other');
    await page.waitForFunction(() => document.querySelector('.covers')?.textContent === 'covers 1 product');
    await put(page, 'products/default/000-LONG', { title: 'Panjang'.repeat(60) });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.selectOption('.of-seller', 'default');
    await page.goto(`${base}/#/products/%3D000-LONG`);
    await settled(page);
    await page.waitForFunction(() => document.querySelector('h1').textContent.startsWith('PanjangPanjang'));
    eq(await page.evaluate(() => document.querySelector('main').scrollWidth <= 360), true, 'a long title stays within the page');
    await put(page, 'products/default/000-LONG', { title: 'Panjang'.repeat(60), category: '0 panjang' });
    await page.goto(`${base}/#/review`);
    await page.reload();
    await page.waitForSelector('.card h2');
    for (let i = 0; i < 60 && (await title(page)) !== '0 panjang'; i++) await pressed(page, 'j');
    const sample = page.locator('.samples li > span');
    await sample.waitFor();
    eq(await sample.evaluate((x) => x.scrollWidth <= x.clientWidth && x.getBoundingClientRect().right < 340), true, 'a long sample stays within its card');
    await page.locator('.units button').last().click();
    await page.waitForSelector('.card .head .picture');
    for (let i = 0; i < 60 && !(await title(page)).startsWith('PanjangPanjang'); i++) await pressed(page, 'j');
    await page.keyboard.press('n');
    await toast(page, 'No legal category');
    eq((await page.textContent('.toast span')).length < 120, true, 'a long title is cut in what is said of it');
    await page.keyboard.press('u');
    await toast(page, 'Taken back');
  }],
  ['over a slow network it says that it loads, and nothing of what it does not know yet', async () => {
    const page = await signIn('ana');
    let go = () => {};
    const held = new Promise((done) => { go = done; });
    await page.route('**/api/v1/**', async (route) => {
      await held;
      await route.continue().catch(() => {});
    });
    await page.reload();
    await page.waitForFunction(() => Number(getComputedStyle(document.querySelector('.slowly') ?? document.body).opacity) === 1 && document.querySelector('.slowly'));
    eq(await page.textContent('#page'), 'Loading…', 'before it is known who is here');
    go();
    await page.waitForSelector('.card h2');
    await page.route('**/api/v1/**', () => {}); /* never answered */
    for (const screen of ['overview', 'products', 'trees', 'syncs', 'jobs', 'history', 'people', 'shops']) {
      await page.goto(`${base}/#/${screen}`);
      await page.waitForFunction((name) => location.hash === `#/${name}` && document.querySelector('main')?.textContent.includes('Loading…'), screen);
      const said = await page.textContent('main');
      eq(/Nothing|No |not /.test(said), false, `${screen}: ${said}`);
    }
  }],
  ['workers with their errors, queues and limits are shown live, as the service tells them', async () => {
    const page = await signIn('ana');
    await page.goto(`${base}/#/jobs`);
    await page.waitForSelector('.lanes tbody tr');
    eq(await page.$$eval('.lanes tbody strong', (all) => all.map((x) => x.textContent)), ['lain, toko'], 'two shops that are one there');
    await page.waitForFunction(async () => {
      const sum = (all) => all.reduce((a, b) => a + b, 0);
      const told = (await (await fetch('/api/v1/top')).json()).limits.map((l) => l.calls);
      return sum([...document.querySelectorAll('.lanes tbody tr')].map((r) => Number(r.children[5].textContent.replace(/\D/g, '')))) === sum(told);
    });
    let made = 100;
    const worker = { slots: 4, done: 7, started_at: null, seen_at: null };
    await page.route('**/api/v1/top', (route) => route.fulfill({ json: {
      workers: [{ ...worker, worker: 'a-1', busy: 4, failed: 3, lost: 1, doing: 'map toko', last_error: 'the disk of <b>a</b> is full' },
        { ...worker, worker: 'b-2', busy: 1, failed: 0, lost: 0, doing: null, last_error: null }],
      shops: [{ seller: 'default', shop: 'toko "a"', waiting: 12, urgent: 0, taken: 3, done: 40, dead: 1 }],
      limits: [{ key: 'key/unknown', per_second: 20, calls: made += 300, throttled: 4 }] } }));
    await page.waitForFunction(() => document.querySelector('[aria-label="Workers and limits"] > .numbers')?.textContent.includes('5 of 8'));
    const row = (of, i) => page.$$eval(`.${of} tbody tr`, (rows, n) => [...rows[n].children].map((x) => x.textContent), i);
    eq(await row('workers', 0), ['a-1', '4 of 4', '7', '3', '1', 'map toko', 'the disk of <b>a</b> is full'], 'a worker');
    eq(await row('workers', 1), ['b-2', '1 of 4', '7', '0', '0', '', ''], 'another');
    eq((await row('lanes', 0)).slice(0, 6), ['toko "a"', '12', '3', '40', '1', '0'], 'tasks');
    await page.waitForFunction(() => /^\d.* \/ 20$/.test(document.querySelectorAll('.lanes tbody tr')[1]?.children[6].textContent));
    eq(Number((await row('lanes', 1))[6].split(' ')[0].replace(/,/g, '')) > 1, true, 'calls a second');
    await shot(page, 'workers');
    eq(await seriousFaults(page), [], 'workers');
  }],
  ['while the service is away every screen says so and offers to try again; when it is back, it is there by itself', async () => {
    const page = await signIn('ana');
    await page.route('**/api/v1/**', (route) => route.abort('connectionreset'));
    for (const screen of ['overview', 'products', 'trees', 'syncs', 'jobs', 'history', 'people', 'shops']) {
      await page.goto(`${base}/#/${screen}`);
      await page.waitForSelector('main .trouble button');
      eq((await page.textContent('main .trouble')).includes('cannot be reached'), true, screen);
      eq(await page.locator('main .empty').count(), 0, `${screen}: what is not known is not told to be empty`);
    }
    await page.unroute('**/api/v1/**');
    await page.waitForSelector('.shop');
    await page.route('**/api/v1/**', (route) => route.abort('connectionreset'));
    await page.goto(`${base}/#/people`);
    await page.waitForFunction(() => document.querySelectorAll('main .trouble button').length === 3);
    await page.unroute('**/api/v1/**');
    await page.waitForFunction(() => document.querySelectorAll('[aria-label="Who may sign in"] tbody tr').length > 3 && !document.querySelector('main .trouble'));
  }],
  ['a page that cannot begin says why, and begins when it is tried again', async () => {
    const page = await signIn('budi');
    await page.route('**/api/v1/sellers', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json',
      body: JSON.stringify({ status: 500, code: 'internal', detail: 'the disk is full' }) }));
    await page.reload();
    await page.waitForSelector('.trouble button');
    eq([(await page.textContent('.trouble')).includes('the disk is full'), await page.locator('.signin').count()], [true, 0], 'why');
    eq(await seriousFaults(page), [], 'a page that cannot begin');
    await page.unroute('**/api/v1/sellers');
    await page.locator('.trouble button').click();
    await page.waitForSelector('.card h2');
  }],
  ['a stray % in an address is taken as it stands', async () => {
    const page = await signIn('budi');
    await put(page, 'products/default/50%25', { title: 'Barang separuh' });
    await page.goto(`${base}/#/products/=50%`);
    await page.waitForFunction(() => document.querySelector('[name=id]')?.value === '50%');
    await page.reload();
    await page.waitForFunction(() => document.querySelector('[name=id]')?.value === '50%');
  }],
  ['in Indonesian a failure is told in Indonesian, and what stays English is marked', async () => {
    const page = await signIn('budi', { locale: 'id-ID' });
    await page.goto(`${base}/#/products/%3Dnowhere-1`);
    await page.waitForSelector('.trouble');
    eq(await page.textContent('.trouble p'), 'penjual default tidak punya produk nowhere-1', 'known words');
    await page.route('**/api/v1/products/**', (route) => route.fulfill({ status: 502, contentType: 'application/problem+json',
      body: JSON.stringify({ status: 502, code: 'refused', detail: 'the shop is asleep', remote_code: '12052700', request_id: 'r-1' }) }));
    await page.locator('.trouble button').click();
    await page.waitForFunction(() => document.querySelector('.trouble [lang=en]')?.textContent === 'the shop is asleep');
    eq((await page.textContent('.trouble p')).replace(/[\u2068\u2069]/g, ''), 'Lokapasar menolak: the shop is asleep [12052700] (permintaan r-1)', 'others');
  }],
  ['on a phone what Accept takes is named beside it, and the next card begins at its beginning', async () => {
    const page = await signIn('budi', { viewport: { width: 390, height: 844 } });
    await toAnswered(page);
    const [first, leaf] = [await title(page), await page.textContent('.candidate .path strong')];
    eq(await page.locator('.bar .choice').isVisible(), true, 'named');
    eq(await page.textContent('.bar .choice .path strong'), leaf, 'beside Accept');
    await shot(page, 'phone-card');
    await page.locator('.candidate:not(.closed) button').last().click();
    await page.waitForFunction((was) => {
      const card = document.querySelector('.card');
      return card?.querySelector('h2').textContent !== was && card.getBoundingClientRect().top >= document.querySelector('main').getBoundingClientRect().top;
    }, first);
    await toast(page, '→');
    await page.locator('.bar').getByRole('button', { name: 'Undo' }).click();
    await toast(page, 'Taken back');
    eq(await seriousFaults(page), [], 'a card on a phone');
  }],
  ['a seller category that is settled in part shows what is still open in it', async () => {
    const page = await signIn('budi');
    await page.waitForSelector('.card h2');
    for (let i = 0; i < 50 && !/ open/.test(await page.textContent('.covers')); i++) await pressed(page, 'j');
    const [n, name] = [Number(/(\d+) open/.exec(await page.textContent('.covers'))[1]), await title(page)];
    const page1 = await page.evaluate(async ([category, undecided]) => (await fetch(`/api/v1/products?${new URLSearchParams({ category, undecided, limit: 6 })}`)).json(), [name, web.target]);
    await page.waitForFunction((k) => document.querySelectorAll('.samples li').length === k, Math.min(n, 6));
    eq(await page.textContent('.samples h3'), 'Still open in it', 'heading');
    eq(await page.$$eval('.samples li > span', (all) => all.map((x) => x.textContent)), page1.items.map((p) => p.title), 'samples');
  }],
  ['an image that cannot be shown is told of in words', async () => {
    const page = await signIn('budi');
    await page.goto(`${base}/#/products`);
    await page.waitForFunction(() => [...document.querySelectorAll('.product')].some((a) => a.textContent.includes('KJ-30019') && a.querySelector('div.picture')));
  }],
  ['a product has the marketplace\'s word under its name and ours under ours, in one language', async () => {
    const page = await signIn('budi', { locale: 'id-ID' });
    const says = (category, advisor, reasons) => ({ category, path: `Rumah > ${category}`, open: true, confidence: 0.9, advisor, reasons });
    const ours = says('Gelas', 'local', 'gelas, kaca; as "Gelas kaca bening"');
    await page.route('**/api/v1/suggestions?*', (r) => r.fulfill({ json: { ranked: [ours], kept: [says('Mug', 'marketplace', null), ours] } }));
    await page.goto(`${base}/#/products/=KJ-30001`);
    await page.waitForSelector('section[aria-label="lokapasar"] .candidate');
    await page.waitForSelector('section[aria-label="pencocok kami"] .candidate');
    for (const [by, leaf] of [['lokapasar', 'Mug'], ['pencocok kami', 'Gelas']])
      eq(await page.$$eval(`section[aria-label="${by}"] .candidate strong`, (all) => all.map((x) => x.textContent)), [leaf], by);
    eq(await page.textContent('section[aria-label="pencocok kami"] .advisor').then((x) => x.trim()), 'gelas, kaca · serupa yang disetujui: "Gelas kaca bening"', 'why');
  }],
  ['Indonesian, in the dark, on 360 pixels: nothing sticks out', async () => {
    const page = await signIn('budi', { viewport: { width: 360, height: 740 }, locale: 'id-ID', colorScheme: 'dark' });
    eq(await page.textContent('[aria-current=page]'), 'Tinjau', 'language');
    for (const screen of screens) {
      await page.goto(`${base}/#/${screen}`);
      await settled(page);
      eq(await page.evaluate(() => document.documentElement.scrollWidth), 360, screen);
      eq(await seriousFaults(page), [], screen);
      await shot(page, `phone-${screen}`);
    }
  }],
  ['axe-core finds nothing serious on any screen, in light and in dark', async () => {
    for (const colorScheme of ['light', 'dark']) {
      const page = await signIn('ana', { colorScheme });
      for (const screen of screens) {
        await page.goto(`${base}/#/${screen}`);
        await settled(page);
        await shot(page, `${screen}-${colorScheme}`);
        eq(await seriousFaults(page), [], `${screen}, ${colorScheme}`);
      }
    }
  }],
  ['no error reached the console, and no other host was asked', async () => eq(faults, [], 'faults')],
];

await run(cases, web);
