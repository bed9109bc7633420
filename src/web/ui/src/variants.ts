/* variants.ts - the ways a product may be bought, as its column "variants" keeps them: read
 * whatever an import called their cells, and written back under one name each. Cells that
 * are none of ours stay as they are. */

export const MOST_OPTIONS = 3;
export const MOST_VARIANTS = 300;

export interface Variant {
  options: string[]; /* values, in the order of the options' names */
  sku: string;
  price: string;
  quantity: string;
  code: string;
  image: string;
  stocks: Record<string, string>; /* by a warehouse's id, or its name folded */
  rest: Record<string, unknown>;
}

export interface Variants {
  names: string[];
  rows: Variant[];
}

export interface Warehouse {
  id: string;
  name: string;
  default: boolean;
}

/* As src/base/text.c leaves names to be compared: no case, no accents, no signs. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

type Cell = 'sku' | 'price' | 'quantity' | 'code' | 'image';

/* What src/listing/words.c knows a cell by; the first is what it is written under. */
const words: Record<Cell, readonly string[]> = {
  sku: ['SKU', 'variant sku', 'seller sku'],
  price: ['Price', 'variant price', 'harga'],
  quantity: ['Quantity', 'qty', 'stock', 'stok', 'variant inventory qty'],
  code: ['Barcode', 'variant barcode', 'gtin', 'ean', 'upc', 'isbn'],
  image: ['Image', 'variant image', 'gambar'],
};
const cells = Object.keys(words) as Cell[];

export function isWord(cell: Cell, column: string): boolean {
  const key = fold(column);
  return words[cell].some((w) => w.toLowerCase() === key);
}

/* "Stock Gudang Timur": where it lies; '' of another column. */
export function warehouseOf(column: string): string {
  return /^(?:quantity|qty|stock|stok) (.+)$/.exec(fold(column))?.[1] ?? '';
}

export const stockColumn = (warehouse: Warehouse): string => `Quantity ${warehouse.id}`;

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const blank = (): Variant => ({ options: [], sku: '', price: '', quantity: '', code: '', image: '', stocks: {}, rest: {} });

function readOne(from: Record<string, unknown>, names: string[]): Variant {
  const v = blank();
  for (const [column, value] of Object.entries(from)) {
    const text = textOf(value);
    const option = /^option([1-3]) (name|value)$/.exec(fold(column));
    const at = Number(option?.[1] ?? 1) - 1;
    const cell = cells.find((c) => isWord(c, column));
    if (option?.[2] === 'name') names[at] = text;
    else if (option) v.options[at] = text;
    else if (cell) v[cell] = text;
    else if (warehouseOf(column)) v.stocks[warehouseOf(column)] = text;
    else v.rest[column] = value;
  }
  return v;
}

/* Shopify's way of saying that there is nothing to choose is none. */
export function readVariants(of: unknown): Variants {
  const names: string[] = [];
  const rows = (Array.isArray(of) ? of : []).filter((v): v is Record<string, unknown> => typeof v === 'object' && v !== null)
    .map((v) => readOne(v, names));
  const told = Array.from({ length: MOST_OPTIONS }, (_, i) => i).filter((i) => names[i] && rows.some((v) => v.options[i] && v.options[i] !== 'Default Title'));
  return { names: told.map((i) => names[i] ?? ''), rows: rows.map((v) => ({ ...v, options: told.map((i) => v.options[i] ?? '') })) };
}

export function writeVariants({ names, rows }: Variants): Record<string, unknown>[] {
  return rows.map((v) => {
    const out: Record<string, unknown> = { ...v.rest };
    names.forEach((name, i) => {
      out[`Option${i + 1} Name`] = name.trim();
      out[`Option${i + 1} Value`] = (v.options[i] ?? '').trim();
    });
    for (const cell of cells) if (v[cell].trim()) out[words[cell][0] ?? cell] = v[cell].trim();
    for (const [warehouse, n] of Object.entries(v.stocks)) if (n.trim()) out[`Quantity ${warehouse}`] = n.trim();
    return out;
  });
}

/* What is there of a variant in a warehouse; what names none lies in the default one. */
export function stockIn(v: { quantity: string; stocks: Record<string, string> }, warehouse: Warehouse): string {
  return v.stocks[fold(warehouse.id)] ?? v.stocks[fold(warehouse.name)] ?? (warehouse.default && !Object.keys(v.stocks).length ? v.quantity : '');
}

/* Under its id, whatever it was called before, and no longer as a quantity in no place. */
export function withStock(v: Variant, warehouse: Warehouse, n: string, all: Warehouse[]): Variant {
  const stocks: Record<string, string> = {};
  for (const w of all) stocks[fold(w.id)] = w.id === warehouse.id ? n : stockIn(v, w);
  return { ...v, quantity: '', stocks };
}

export const valuesOf = (text: string): string[] =>
  [...new Set(text.split(/[,;|]/).map((s) => s.trim()).filter(Boolean))];

/* One row for each combination of values; those that were there keep what was said. */
export function combine({ names, rows }: Variants, values: string[][], id: string): Variants {
  const all = values.reduce<string[][]>((made, list) => made.flatMap((m) => list.map((value) => [...m, value])), [[]]);
  const same = (a: string[], b: string[]): boolean => a.length === b.length && a.every((x, i) => fold(x) === fold(b[i] ?? ''));
  return {
    names,
    rows: all.map((options) => rows.find((v) => same(v.options, options)) ?? {
      ...blank(), options, sku: [id, ...options.map((o) => o.replace(/\s+/g, '-'))].join('-').slice(0, 50),
    }),
  };
}

/* Whether it is a number that packages bear: its last digit is the one the others ask for
 * (GS1 of 8, 12, 13, 14 digits; ISBN-10). What is not is not sent. */
export function isCode(code: string): boolean {
  const digits = code.trim();
  if (/^\d{9}[\dX]$/i.test(digits))
    return [...digits].reduce((n, c, i) => n + (10 - i) * (c.toUpperCase() === 'X' ? 10 : Number(c)), 0) % 11 === 0;
  if (!/^(\d{8}|\d{12,14})$/.test(digits)) return false;
  return [...digits].reverse().reduce((n, c, i) => n + Number(c) * (i % 2 ? 3 : 1), 0) % 10 === 0;
}
