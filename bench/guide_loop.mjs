// The guide's loop as its reader would write it: for each product fetch the image, upload it, ask with
// title and uri, keep the leaf. Node's own fetch, crypto and FormData; nothing else.
//   node guide_loop.mjs PRODUCTS.json AT_ONCE   (addresses and keys from the environment)
// PRODUCTS.json: [{"id", "title", "image"}]. Prints one JSON object: seconds, calls, answers by id.
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const [file, atOnce] = process.argv.slice(2);
const { BENCH_URL: url, BENCH_APP_KEY: appKey, BENCH_APP_SECRET: secret, BENCH_TOKEN: token, BENCH_CIPHER: cipher } =
  process.env;

function sign(path, params, body) {
  const sorted = Object.keys(params).sort().map((k) => k + params[k]).join('');
  return createHmac('sha256', secret).update(secret + path + sorted + body + secret).digest('hex');
}

let calls = 0;

async function call(path, params, body, headers) {
  const all = { ...params, app_key: appKey, timestamp: String(Math.floor(Date.now() / 1000)) };
  all.sign = sign(path, all, typeof body === 'string' ? body : '');
  calls++;
  const reply = await fetch(`${url}${path}?${new URLSearchParams(all)}`, {
    method: 'POST', body, headers: { 'x-tts-access-token': token, ...headers } });
  return reply.json();
}

async function upload(image) {
  const form = new FormData();
  form.append('data', new Blob([await readFile(image)]), 'image.png');
  form.append('use_case', 'MAIN_IMAGE');
  return (await call('/product/202309/images/upload', {}, form, {})).data?.uri;
}

async function map(product) {
  const uri = await upload(product.image);
  const body = JSON.stringify({ product_title: product.title, images: [{ uri }], category_version: 'v2' });
  const reply = await call('/product/202309/categories/recommend', { shop_cipher: cipher }, body,
    { 'content-type': 'application/json' });
  return reply.data?.leaf_category_id ?? null;
}

const products = JSON.parse(await readFile(file, 'utf8'));
const answers = {};
let next = 0;

async function worker() {
  while (next < products.length) {
    const product = products[next++];
    answers[product.id] = await map(product);
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: Number(atOnce) }, worker));
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000, calls, answers }));
