// ajv with what a JSON Schema can say of Create Product's limits: node listing.mjs PEERS BODIES SECONDS
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [home, file, seconds] = process.argv.slice(2)
const Ajv = createRequire(home + '/x.js')('ajv').default
const text = (min, max, pattern) => ({ type: 'string', ...(min && { minLength: min }), ...(max && { maxLength: max }), ...(pattern && { pattern }) })
const object = (properties, required = []) => ({ type: 'object', properties, required })
const list = (items, min, max) => ({ type: 'array', items, ...(min && { minItems: min }), ...(max && { maxItems: max }) })
// no HTML escape, emoji or control character, no run of ten; has a letter or digit
const tidy = '^(?!.*&#?\\w+;)(?!.*\\p{Emoji_Presentation})(?!.*[\\x00-\\x1f\\x7f])(?!.*(.)\\1{9})(?=.*[\\p{L}\\p{N}])'
const noHan = '(?!.*\\p{Script=Han})'
const id = text(1, 20, '^[0-9]{1,20}$')
const image = object({ uri: text(1, 512, '^[^/\\s:]+/[^\\s"\'<>\\\\]+$') }, ['uri'])
const money = (...required) => object({ amount: text(1, 0, '^[0-9]+(\\.[0-9]{1,2})?$'), currency: { const: 'IDR' }, sale_price: text(1, 0, '^[0-9]+(\\.[0-9]{1,2})?$') }, required)
const decimal = (places) => text(1, 0, `^[0-9]+(\\.[0-9]{1,${places}})?$`)
const value = object({ id, name: text(1, 2000, tidy + noHan) })
const sku = object({
  id, seller_sku: text(1, 50, '^\\S+$'), external_sku_id: text(0, 999), price: money('amount', 'currency'),
  inventory: list(object({ warehouse_id: id, quantity: { type: 'integer', minimum: 1, maximum: 99999 }, handling_time: { type: 'integer', minimum: 1 } }, ['warehouse_id', 'quantity']), 1),
  sales_attributes: list(object({ id, name: text(1, 20, tidy + noHan), value_id: id, value_name: text(1, 50, tidy + noHan), sku_img: image, supplementary_sku_images: list(image, 0, 8) }), 0, 3),
  identifier_code: { oneOf: [object({ type: { const: 'GTIN' }, code: text(0, 0, '^[0-9]{14}$') }, ['type', 'code']),
    object({ type: { enum: ['EAN'] }, code: text(0, 0, '^([0-9]{8}|[0-9]{13}|[0-9]{14})$') }, ['type', 'code']),
    object({ type: { const: 'UPC' }, code: text(0, 0, '^[0-9]{12}$') }, ['type', 'code']),
    object({ type: { const: 'JAN' }, code: text(0, 0, '^([0-9]{8}|[0-9]{13})$') }, ['type', 'code']),
    object({ type: { const: 'ISBN' }, code: text(0, 0, '^([0-9]{13}|[0-9]{9}[0-9X])$') }, ['type', 'code'])] },
  external_urls: list(text(1, 500, '^https?://[^/\\s]+')),
}, ['price', 'inventory'])
const schema = object({
  save_mode: { enum: ['LISTING', 'AS_DRAFT'] }, title: text(25, 255, tidy + noHan), description: text(1, 10000, tidy.replaceAll('.*', '[\\s\\S]*').replace('\\x00-\\x1f', '\\x00-\\x08')),
  category_id: id, category_version: { const: 'v2' }, brand_id: id, main_images: list(image, 1, 9), skus: list(sku, 1, 100),
  package_weight: object({ value: decimal(3), unit: { const: 'KILOGRAM' } }, ['value', 'unit']),
  package_dimensions: object({ length: decimal(2), width: decimal(2), height: decimal(2), unit: { const: 'CENTIMETER' } }, ['length', 'width', 'height', 'unit']),
  product_attributes: list(object({ id, values: list(value, 1) }, ['id', 'values'])),
  certifications: list(object({ id, images: list(image), files: list(object({ id: text(1), name: text(1), format: { const: 'PDF' } })), expiration_date: { type: 'integer', minimum: 1 } }, ['id']), 0, 10),
  size_chart: object({ image, template: object({ id }) }), video: object({ id: text(1) }, ['id']), delivery_option_ids: list(text(1)),
  external_product_id: text(0, 999), is_cod_allowed: { type: 'boolean' }, listing_platforms: list({ enum: ['TIKTOK_SHOP', 'TOKOPEDIA'] }),
  minimum_order_quantity: { type: 'integer', minimum: 1, maximum: 20 }, idempotency_key: text(0, 128), locale: text(5, 5),
  key_product_features: list(text(), 0, 5), search_terms: list(text(), 0, 15),
}, ['title', 'description', 'category_id', 'category_version', 'main_images', 'skus', 'package_weight'])

const check = new Ajv({ allErrors: true, unicodeRegExp: true, strictTypes: false }).compile(schema)
const bodies = readFileSync(file, 'utf8').split('\n').filter(Boolean)
let right = 0
for (let round = 0; round < 5; round++) {
  right = 0
  for (const body of bodies) right += check(JSON.parse(body))
}
// of this process's work, as ours is measured
const worked = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6 }
const began = worked()
let done = 0
do {
  for (let i = 0; i < 50; i++) check(JSON.parse(bodies[done++ % bodies.length]))
} while (worked() - began < seconds)
console.log(JSON.stringify({ per_second: Math.round(done / (worked() - began)), bodies: bodies.length, right }))
