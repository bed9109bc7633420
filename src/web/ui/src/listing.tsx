/* listing.tsx - the listing form, made from what the product's leaf demands: required first,
 * then what another answer makes so, with the reason; each finding at its field; a light for
 * the draft and one for the listing */
import { useEffect, useState } from 'preact/hooks';
import { ask, askJob, Problem, seg, type Condition, type Decision, type Finding, type Outcome, type Product, type RequiredAttribute, type Requirement } from './api';
import { AttributeInput, Field, uploads } from './fields';
import { Certificate, certificateColumn, FurtherImages, hasSizeChart, isAboutCertificate, hasVideo, isOfImages, isOfSizeChart, isOfVideo, SizeChart, Video, type Values } from './papers';
import { mayEdit, target } from './state';
import { amountOf, fractions, number, ours, t, told } from './text';
import { Findings, Said, Wrong } from './parts';
import { useTyped } from './typed';
import { fold, isCode, isWord, readVariants, stockColumn, warehouseOf, writeVariants, type Variants, type Warehouse } from './variants';
import { VariantTable } from './variants-view';

interface Lights {
  draft?: Outcome;
  listing?: Outcome;
}

/* Columns every product has, by the names an import knows them by. */
const sides = ['Length cm', 'Width cm', 'Height cm'] as const;
const columnText = { Quantity: 'list.stock', 'Weight g': 'list.weight', 'Length cm': 'list.length', 'Width cm': 'list.width', 'Height cm': 'list.height', Barcode: 'list.code' } as const;
const columnPaths: Record<string, RegExp> = {
  description: /^description/,
  'Weight g': /^package_weight/,
  'Length cm': /^package_dimensions(\.length)?$/,
  'Width cm': /^package_dimensions\.width/,
  'Height cm': /^package_dimensions\.height/,
};
/* Of a product that is sold in one form only. */
const alonePaths: Record<string, RegExp> = {
  price: /^skus\[\d+\]\.price/,
  Quantity: /^skus\[\d+\]\.inventory/,
  Barcode: /^skus\[\d+\]\.identifier_code/,
};

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/* A finding of an attribute names it, by id or by name. */
const isAbout = (f: Finding, a: RequiredAttribute): boolean => {
  if (!f.path.startsWith('product_attributes')) return false;
  return f.about ? f.about.id === a.id : [f.what, f.fix, f.found].some((s) => s?.includes(`(${a.id})`) || s?.includes(a.name));
};

/* ---- lights ---- */

/* `stale`: what it is of was changed since. */
function Light({ name, of, stale }: { name: 'draft' | 'listing'; of: Outcome | undefined; stale: boolean }) {
  const errors = of?.findings.filter((f) => f.level === 'error').length ?? 0;
  const state = !of || stale ? 'unknown' : of.outcome === 'ready' ? 'go' : errors || of.outcome === 'wrong' || of.outcome === 'refused' ? 'stop' : of.outcome === 'unmapped' ? 'unknown' : 'go';
  return (
    <span class={`light ${state} ${name}`}>
      <span class="lamp" aria-hidden="true">{state === 'go' ? '✓' : state === 'stop' ? '✕' : '?'}</span>
      {t(`light.${name}`)}: <strong>{of && stale ? t('light.stale') : of ? (errors ? t('light.errors', { n: errors }) : told('outcome', of.outcome)) : t('light.unknown')}</strong>
    </span>
  );
}

/* ---- what is demanded ---- */

/* The product's column that is the attribute: under its id or its name, however written. */
function columnOf(a: RequiredAttribute, values: Values): string {
  return Object.keys(values).find((c) => values[c] && (c === a.id || fold(c) === fold(a.name))) ?? a.name;
}

/* "Material = Plastic", or nothing when no condition holds. */
function reasonOf(when: Condition[] | undefined, all: RequiredAttribute[], values: Values): string {
  for (const c of when ?? []) {
    const other = all.find((x) => x.id === c.attribute_id);
    const value = other?.values.find((v) => v.id === c.value_id);
    const said = other ? (values[columnOf(other, values)] ?? '').split(/[,;|]/).map(fold) : [];
    if (other && value && said.includes(fold(value.name))) return t('list.because', { what: `${other.name} = ${value.name}` });
  }
  return '';
}

async function requirementOf(category: string): Promise<Requirement | null> {
  try {
    return (await ask<{ requirement: Requirement }>(`trees/${seg(target.value)}/categories/${seg(category)}/requirement`)).requirement;
  } catch (e) {
    if (e instanceof Problem && e.status === 404) return null;
    throw e;
  }
}

/* ---- the product as the form has it, and back ---- */

function valuesOf(product: Product): Values {
  const values: Values = { description: product.description ?? '', currency: product.currency ?? '' };
  values['price'] = product.price_minor === null ? '' : String(product.price_minor / 10 ** fractions(values['currency'] ?? ''));
  for (const [name, value] of Object.entries(product.attributes ?? {})) if (typeof value !== 'object') values[name] = textOf(value);
  return values;
}

const imagesOf = (product: Product): string[] => {
  const list = product.attributes?.['images'];
  return Array.isArray(list) ? list.map(textOf).filter(Boolean) : [];
};

/* A price that can't be read is not saved as none. */
const isUnclear = ({ price, currency = '' }: Values): boolean => !!price?.trim() && !Number.isFinite(amountOf(price, currency));

function bodyOf(product: Product, values: Values, variants: Variants, images: string[]): object {
  const { description, price, currency = '', ...columnsSaid } = values;
  const amount = amountOf(price ?? '', currency);
  const attributes: Record<string, unknown> = { ...product.attributes };
  for (const [name, value] of Object.entries(columnsSaid)) {
    if (value.trim()) attributes[name] = value;
    else if (typeof attributes[name] !== 'object') delete attributes[name];
  }
  if (variants.rows.length) attributes['variants'] = writeVariants(variants);
  else delete attributes['variants'];
  if (images.length) attributes['images'] = images;
  else if (Array.isArray(attributes['images'])) delete attributes['images'];
  return {
    description,
    currency,
    price_minor: price?.trim() && Number.isFinite(amount) ? Math.round(amount * 10 ** fractions(currency)) : null,
    attributes,
  };
}

/* ---- the pieces of the form ---- */

interface Demanding {
  seller: string;
  need: Requirement | null;
  values: Values;
  findings: Finding[];
  onValue: (name: string, value: string) => void;
  sides: preact.ComponentChildren; /* of the package, where they may be left out */
}

interface Piece {
  must: boolean; /* else behind what may be left out */
  show: () => preact.JSX.Element;
}

function attributePieces({ need, values, findings, onValue }: Demanding): Piece[] {
  const all = (need?.attributes ?? []).filter((a) => !a.sales);
  const ordered = [...all.filter((a) => !a.when?.length), ...all.filter((a) => a.when?.length)];
  return ordered.flatMap((a) => {
    const why = reasonOf(a.when, all, values);
    if (a.when?.length && !why && !a.required) return [];
    const must = !!why || !!a.required;
    const column = columnOf(a, values);
    return [{ must, show: () => (
      <Field key={a.id} label={a.name} required={must} why={why} findings={findings.filter((f) => isAbout(f, a))}>
        <AttributeInput of={a} value={values[column] ?? ''} onValue={(value) => onValue(column, value)} />
      </Field>
    ) }];
  });
}

function paperPieces({ seller, need, values, findings, onValue }: Demanding): Piece[] {
  const rules = need?.rules;
  const all = need?.attributes ?? [];
  const common = { values, seller, may: mayEdit.value, onValue };
  const chart = findings.filter(isOfSizeChart);
  const pieces: Piece[] = (need && rules?.certificates ? rules.certificates : []).map((c) => {
    const why = reasonOf(c.when, all, values);
    const own = need ? findings.filter((f) => isAboutCertificate(f, c, need, values)) : [];
    const required = !!c.required || !!why;
    return { must: required || own.length > 0 || !!values[certificateColumn(c, values)],
      show: () => <Certificate key={c.id} of={c} required={required} why={why} findings={own} {...common} /> };
  });
  const film = findings.filter(isOfVideo);
  pieces.push({ must: film.length > 0 || hasVideo(values), show: () => <Video key="video" findings={film} {...common} /> });
  if (rules?.size_chart_supported || rules?.size_chart_required || chart.length || hasSizeChart(values))
    pieces.unshift({ must: !!rules?.size_chart_required || chart.length > 0 || hasSizeChart(values),
      show: () => <SizeChart key="size-chart" required={!!rules?.size_chart_required} findings={chart} {...common} /> });
  return pieces;
}

function Demands(of: Demanding) {
  const pieces = [...attributePieces(of), ...paperPieces(of)];
  return (
    <>
      {pieces.filter((p) => p.must).map((p) => p.show())}
      <details>
        <summary>{t('list.optional')}</summary>
        <div class="fields">{of.sides}{pieces.filter((p) => !p.must).map((p) => p.show())}</div>
      </details>
    </>
  );
}

/* ---- stock of a product in one form ---- */

function aloneStock(values: Values, w: Warehouse): string {
  const own = Object.keys(values).find((c) => values[c] && [fold(w.id), fold(w.name)].includes(warehouseOf(c)));
  const any = Object.keys(values).some((c) => values[c] && warehouseOf(c));
  return own ? (values[own] ?? '') : w.default && !any ? (values['Quantity'] ?? '') : '';
}

/* Each under its id; those under another name, and what lies nowhere, go. */
function setAloneStock(values: Values, w: Warehouse, n: string, all: Warehouse[]): Values {
  const next: Values = { ...values };
  const told = all.map((x) => [x, x.id === w.id ? n : aloneStock(values, x)] as const);
  for (const c of Object.keys(next)) if (all.some((x) => [fold(x.id), fold(x.name)].includes(warehouseOf(c))) || isWord('quantity', c)) next[c] = '';
  for (const [x, quantity] of told) next[stockColumn(x)] = quantity;
  return next;
}

/* ---- the whole ---- */

interface Listed {
  product: Product;
  above: boolean; /* its title or image is typed anew, and not saved */
  mapping: Decision | null; /* that counts for it */
  again: () => Promise<void>;
  onProduct: (p: Product) => void;
}

interface Lists {
  variants: Variants;
  images: string[];
}

/* What a check looked at: the product as it is kept, and as the form has it. */
const seenOf = (product: Product, values: Values, { variants, images }: Lists): string =>
  JSON.stringify([product.version, bodyOf(product, values, variants, images)]);

const listsOf = (product: Product): Lists => ({ variants: readVariants(product.attributes?.['variants']), images: imagesOf(product) });

export function Listing({ product, above, mapping, again, onProduct }: Listed) {
  const [need, setNeed] = useState<Requirement | null>(null);
  const { typed: values, type: setValues, save: savedValues } = useTyped<Values>(`values ${product.seller} ${product.id}`, valuesOf(product), valuesOf(product));
  const { typed: lists, type: setLists, save: savedLists } = useTyped<Lists>(`lists ${product.seller} ${product.id}`, listsOf(product), listsOf(product));
  const { variants, images } = lists;
  const [lights, setLights] = useState<Lights>({});
  const [checked, setChecked] = useState(''); /* what the lights are of */
  const [warehouses, setWarehouses] = useState<Warehouse[]>([]);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const path = `products/${seg(product.seller)}/${seg(product.id)}`;
  const leaf = mapping?.state === 'accepted' ? mapping.category : null;

  const during = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      await what();
    } catch (e) {
      setTrouble(e);
    }
    setBusy(false);
  };
  /* Refused where it is not what is shown, by whomever it was changed. */
  const send = async (act: 'check' | 'draft' | 'publish', { version }: Product, seen: string): Promise<void> => {
    const said = (await askJob(`${path}/list`, { target: target.value, act, expected: version, category: leaf })).result as Lights;
    setLights(said);
    setChecked(seen);
    setWarehouses((said.listing ?? said.draft)?.warehouses ?? []);
    if (leaf) setNeed(await requirementOf(leaf));
  };
  const check = async (): Promise<void> => {
    if (isUnclear(values)) throw new Problem(422, t('list.price-unclear', { price: values['price'] ?? '' }));
    const p = await ask<Product>(path, { method: 'PUT', body: bodyOf(product, values, variants, images), ifMatch: product.version });
    savedValues(values);
    savedLists(lists);
    onProduct(p);
    await send('check', p, seenOf(p, values, lists));
  };
  const bring = (act: 'draft' | 'publish'): Promise<void> => send(act, product, checked);
  useEffect(() => { /* what was told is of another leaf, or of another decision */
    let gone = false;
    setLights({});
    setTrouble(null);
    if (!leaf) setNeed(null);
    else requirementOf(leaf).then((r) => gone || setNeed(r), (e: unknown) => gone || setTrouble(e));
    return () => { gone = true; };
  }, [leaf, mapping?.seq, target.value]);

  if (!leaf) return null;
  const set = (name: string, value: string): void => setValues({ [name]: value });
  const waits = busy || uploads.value > 0;
  const stale = above || checked !== seenOf(product, values, lists);
  const outcome = lights.listing ?? lights.draft;
  const findings = outcome?.findings ?? [];
  const several = variants.rows.length > 0;
  const paths = several ? columnPaths : { ...columnPaths, ...alonePaths };
  const at = (name: string): Finding[] => findings.filter((f) => paths[name]?.test(f.path));
  const attributes = (need?.attributes ?? []).filter((a) => !a.sales);
  const placed = (f: Finding): boolean =>
    Object.values(paths).some((p) => p.test(f.path)) || attributes.some((a) => isAbout(f, a)) || isOfSizeChart(f) || isOfVideo(f) || isOfImages(f) ||
    (several && f.path.startsWith('skus')) ||
    (need?.rules?.certificates ?? []).some((c) => isAboutCertificate(f, c, need as Requirement, values));
  const input = (name: string, label: string, required: boolean, more: { hint?: string | undefined; mode?: 'decimal' | 'numeric' } = {}): preact.JSX.Element => (
    <Field key={name} label={label} required={required} findings={at(name)} hint={more.hint}>
      <input name={name} inputMode={more.mode ?? 'decimal'} value={values[name] ?? ''} readOnly={!mayEdit.value} onInput={(e) => set(name, e.currentTarget.value)} />
    </Field>
  );
  const stock = warehouses.length > 1
    ? warehouses.map((w, i) => (
        <Field key={w.id} label={t('list.stock-in', { where: w.name })} required={w.default} findings={i ? [] : at('Quantity')}>
          <input name={stockColumn(w)} inputMode="numeric" value={aloneStock(values, w)} readOnly={!mayEdit.value} onInput={(e) => setValues(setAloneStock(values, w, e.currentTarget.value, warehouses))} />
        </Field>
      ))
    : input('Quantity', t('list.stock'), true, { mode: 'numeric' });
  const code = values['Barcode'] ?? '';
  const boxed = !!need?.rules?.package_dimension_required || sides.some((name) => at(name).length > 0);
  const measures = sides.map((name) => input(name, t(columnText[name]), !!need?.rules?.package_dimension_required));

  return (
    <section class="panel listing" aria-label={t('list.title')}>
      <div class="row">
        <h2>{t('list.title')}</h2>
        <span class="lights" role="status"><Light name="draft" of={lights.draft} stale={stale} /><Light name="listing" of={lights.listing} stale={stale} /></span>
      </div>
      <Wrong what={trouble} again={() => void again().then(() => setTrouble(null))} />
      {outcome?.text && outcome.outcome !== 'wrong' && <p role="status"><Said text={ours(outcome.text, 'failure')} /> {outcome.code && <code>{outcome.code}</code>}</p>}
      {outcome?.listing && <p class="standing">{t('list.state')}: <strong>{told('listing', outcome.listing.state)}</strong> <code>{outcome.listing.listing}</code></p>}
      <Findings of={findings.filter((f) => !placed(f))} />
      <form onSubmit={(e) => { e.preventDefault(); void during(check); }}>
        <div class="fields">
          <Field label={t('list.description')} required whole findings={at('description')}>
            <textarea name="description" rows={4} value={values['description'] ?? ''} readOnly={!mayEdit.value} onInput={(e) => set('description', e.currentTarget.value)} />
          </Field>
          <FurtherImages list={images} seller={product.seller} may={mayEdit.value} findings={findings.filter(isOfImages)} onList={(next) => setLists({ images: next })} />
          {input('price', values['currency'] ? `${t('card.price')} (${values['currency']})` : t('card.price'), !several, { hint: several ? t('list.price-hint', { n: number(variants.rows.length) }) : undefined })}
          {!several && stock}
          {input('Weight g', t(columnText['Weight g']), true)}
          {!several && input('Barcode', t('list.code'), false, { mode: 'numeric', hint: code && !isCode(code) ? t('list.no-code') : undefined })}
          {boxed && measures}
          <VariantTable
            product={product} need={need} variants={variants} warehouses={warehouses} findings={several ? findings : []}
            onVariants={(next) => { if (next.rows.length !== variants.rows.length) setLights({}); setLists({ variants: next }); }}
          />
          <Demands seller={product.seller} need={need} values={values} findings={findings} onValue={set} sides={!boxed && measures} />
        </div>
        {!need && <p class="quiet">{t('list.unasked')}</p>}
        {outcome && stale && <p class="why" role="status">{t(above ? 'list.above' : 'list.stale')}</p>}
        {mayEdit.value && (
          <div class="actions">
            <button class="first" disabled={waits}>{busy ? t('list.busy') : t('list.check')}</button>
            <button type="button" disabled={waits || stale || lights.draft?.outcome !== 'ready'} onClick={() => void during(() => bring('draft'))}>{t('list.draft')}</button>
            <button type="button" disabled={waits || stale || lights.listing?.outcome !== 'ready'} onClick={() => void during(() => bring('publish'))}>{t('list.publish')}</button>
          </div>
        )}
      </form>
    </section>
  );
}
