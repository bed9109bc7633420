/* listing.tsx - the listing form, made from what the product's leaf demands: required first,
 * then what another answer makes so, with the reason; each finding at its field; a light for
 * the draft and one for the listing */
import { useEffect, useState } from 'preact/hooks';
import { ask, askJob, Problem, seg, type Decision, type Finding, type Outcome, type Product, type RequiredAttribute, type Requirement } from './api';
import { explain, mayEdit, target } from './state';
import { fractions, t, told } from './text';
import { Findings } from './parts';

interface Lights {
  draft?: Outcome;
  listing?: Outcome;
}

type Values = Record<string, string>;

/* Columns every product has, by the names an import knows them by. */
const columns = ['Quantity', 'Weight g'] as const;
const sides = ['Length cm', 'Width cm', 'Height cm'] as const;
const columnText = { Quantity: 'list.stock', 'Weight g': 'list.weight', 'Length cm': 'list.length', 'Width cm': 'list.width', 'Height cm': 'list.height' } as const;
const columnPaths: Record<string, RegExp> = {
  description: /^description/,
  price: /^skus\[\d+\]\.price/,
  Quantity: /^skus\[\d+\]\.inventory/,
  'Weight g': /^package_weight/,
  'Length cm': /^package_dimensions(\.length)?$/,
  'Width cm': /^package_dimensions\.width/,
  'Height cm': /^package_dimensions\.height/,
};

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/* A finding of an attribute names it, by id or by name. */
const isAbout = (f: Finding, a: RequiredAttribute): boolean =>
  f.path.startsWith('product_attributes') && [f.what, f.fix, f.found].some((s) => s?.includes(`(${a.id})`) || s?.includes(a.name));

function worst(findings: Finding[]): string {
  return findings.some((f) => f.level === 'error') ? 'error' : findings.some((f) => f.level === 'warning') ? 'warning' : '';
}

/* ---- lights ---- */

function Light({ name, of }: { name: 'draft' | 'listing'; of: Outcome | undefined }) {
  const errors = of?.findings.filter((f) => f.level === 'error').length ?? 0;
  const state = !of ? 'unknown' : of.outcome === 'ready' ? 'go' : errors || of.outcome === 'wrong' || of.outcome === 'refused' ? 'stop' : of.outcome === 'unmapped' ? 'unknown' : 'go';
  return (
    <span class={`light ${state} ${name}`}>
      <span class="lamp" aria-hidden="true">{state === 'go' ? '✓' : state === 'stop' ? '✕' : '?'}</span>
      {t(`light.${name}`)}: <strong>{of ? (errors ? t('light.errors', { n: errors }) : told('outcome', of.outcome)) : t('light.unknown')}</strong>
    </span>
  );
}

/* ---- fields ---- */

interface FieldProps {
  label: string;
  why?: string;
  findings: Finding[];
  required?: boolean;
  whole?: boolean; /* as wide as the form */
  children: preact.ComponentChildren;
}

function Field({ label, why, findings, required, whole, children }: FieldProps) {
  return (
    <div class={`field ${worst(findings)} ${whole ? 'whole' : ''}`}>
      <label>
        <span>{label}{required && <abbr title={t('list.required')}> *</abbr>}</span>
        {children}
      </label>
      {why && <small class="why">{why}</small>}
      <Findings of={findings} />
    </div>
  );
}

function AttributeInput({ of, value, onValue }: { of: RequiredAttribute; value: string; onValue: (value: string) => void }) {
  const list = `values-${of.id}`;
  const set = (e: { currentTarget: { value: string } }): void => onValue(e.currentTarget.value);
  if (of.multiple && of.values.length) {
    const chosen = value.split(',').map((s) => s.trim());
    return (
      <select multiple size={4} onChange={(e) => onValue(Array.from(e.currentTarget.selectedOptions, (o) => o.value).join(', '))}>
        {of.values.map((v) => <option key={v.id} selected={chosen.includes(v.name)}>{v.name}</option>)}
      </select>
    );
  }
  if (of.values.length && !of.customizable)
    return (
      <select value={value} onChange={set}>
        <option value="" />
        {of.values.map((v) => <option key={v.id}>{v.name}</option>)}
      </select>
    );
  return (
    <>
      <input value={value} onInput={set} list={of.values.length ? list : undefined} inputMode={of.number ? 'decimal' : undefined} />
      {of.values.length > 0 && <datalist id={list}>{of.values.map((v) => <option key={v.id} value={v.name} />)}</datalist>}
    </>
  );
}

/* "because Material = Plastic", or nothing when no condition holds. */
function reasonOf(a: RequiredAttribute, all: RequiredAttribute[], values: Values): string {
  for (const c of a.when ?? []) {
    const other = all.find((x) => x.id === c.attribute_id);
    const value = other?.values.find((v) => v.id === c.value_id);
    if (other && value && (values[other.name] ?? '').split(',').map((s) => s.trim()).includes(value.name))
      return t('list.because', { what: `${other.name} = ${value.name}` });
  }
  return '';
}

/* ---- the form ---- */

function valuesOf(product: Product): Values {
  const values: Values = { description: product.description ?? '', currency: product.currency ?? 'IDR' };
  values['price'] = product.price_minor === null ? '' : String(product.price_minor / 10 ** fractions(values['currency'] ?? ''));
  for (const [name, value] of Object.entries(product.attributes ?? {})) values[name] = textOf(value);
  return values;
}

function bodyOf(product: Product, values: Values): object {
  const { description, price, currency = '', ...columnsSaid } = values;
  const amount = Number((price ?? '').replace(',', '.'));
  const attributes: Record<string, unknown> = { ...product.attributes };
  for (const [name, value] of Object.entries(columnsSaid)) {
    if (value.trim()) attributes[name] = value;
    else if (typeof attributes[name] !== 'object') delete attributes[name];
  }
  return {
    description,
    currency,
    price_minor: price?.trim() && Number.isFinite(amount) ? Math.round(amount * 10 ** fractions(currency)) : null,
    attributes,
  };
}

async function requirementOf(category: string): Promise<Requirement | null> {
  try {
    return (await ask<{ requirement: Requirement }>(`trees/${seg(target.value)}/categories/${seg(category)}/requirement`)).requirement;
  } catch (e) {
    if (e instanceof Problem && e.status === 404) return null;
    throw e;
  }
}

interface Demanding {
  need: Requirement | null;
  values: Values;
  findings: Finding[];
  onValue: (name: string, value: string) => void;
  sides: preact.ComponentChildren; /* of the package, where they may be left out */
}

function Attributes({ need, values, findings, onValue, sides }: Demanding) {
  const all = (need?.attributes ?? []).filter((a) => !a.sales);
  const field = (a: RequiredAttribute, required: boolean, why = ''): preact.JSX.Element => (
    <Field key={a.id} label={a.name} required={required} why={why} findings={findings.filter((f) => isAbout(f, a))}>
      <AttributeInput of={a} value={values[a.name] ?? ''} onValue={(value) => onValue(a.name, value)} />
    </Field>
  );
  const must = all.filter((a) => a.required && !a.when?.length);
  const because = all.map((a) => ({ a, why: reasonOf(a, all, values) })).filter((x) => x.why);
  const rest = all.filter((a) => !must.includes(a) && !a.when?.length);
  return (
    <>
      {must.map((a) => field(a, true))}
      {because.map(({ a, why }) => field(a, true, why))}
      <details>
        <summary>{t('list.optional')}</summary>
        <div class="fields">{sides}{rest.map((a) => field(a, false))}</div>
      </details>
    </>
  );
}

export function Listing({ product, onProduct }: { product: Product; onProduct: (p: Product) => void }) {
  const [mapping, setMapping] = useState<Decision | null>(null);
  const [need, setNeed] = useState<Requirement | null>(null);
  const [values, setValues] = useState<Values>(valuesOf(product));
  const [lights, setLights] = useState<Lights>({});
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const path = `products/${seg(product.seller)}/${seg(product.id)}`;
  const leaf = mapping?.state === 'accepted' ? mapping.category : null;

  const during = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setTrouble('');
    try {
      await what();
    } catch (e) {
      setTrouble(explain(e));
    }
    setBusy(false);
  };
  const send = async (act: 'check' | 'draft' | 'publish'): Promise<void> => {
    setLights((await askJob(`${path}/list`, { target: target.value, act })).result as Lights);
    if (leaf) setNeed(await requirementOf(leaf));
  };
  const save = async (): Promise<void> => {
    onProduct(await ask<Product>(path, { method: 'PUT', body: bodyOf(product, values), ifMatch: product.version }));
  };
  useEffect(() => {
    ask<Decision>(`mappings/${seg(target.value)}/${seg(product.seller)}/product/${seg(product.id)}`).then(setMapping, () => setMapping(null));
  }, [product.id, target.value]);
  useEffect(() => {
    if (leaf) requirementOf(leaf).then(setNeed, (e: unknown) => setTrouble(explain(e)));
  }, [leaf]);

  if (!leaf) return null;
  const set = (name: string, value: string): void => setValues({ ...values, [name]: value });
  const findings = (lights.listing ?? lights.draft)?.findings ?? [];
  const at = (name: string): Finding[] => findings.filter((f) => columnPaths[name]?.test(f.path));
  const attributes = (need?.attributes ?? []).filter((a) => !a.sales);
  const placed = (f: Finding): boolean => Object.values(columnPaths).some((p) => p.test(f.path)) || attributes.some((a) => isAbout(f, a));
  const outcome = lights.listing ?? lights.draft;
  const input = (name: string, label: string, required: boolean): preact.JSX.Element => (
    <Field key={name} label={label} required={required} findings={at(name)}>
      <input name={name} inputMode="decimal" value={values[name] ?? ''} onInput={(e) => set(name, e.currentTarget.value)} />
    </Field>
  );
  const boxed = !!need?.rules?.package_dimension_required || sides.some((name) => at(name).length > 0);
  const measures = sides.map((name) => input(name, t(columnText[name]), !!need?.rules?.package_dimension_required));

  return (
    <section class="panel listing" aria-label={t('list.title')}>
      <div class="row">
        <h2>{t('list.title')}</h2>
        <span class="lights" role="status"><Light name="draft" of={lights.draft} /><Light name="listing" of={lights.listing} /></span>
      </div>
      {trouble && <p class="wrong" role="alert">{trouble}</p>}
      {outcome?.text && outcome.outcome !== 'wrong' && <p role="status">{outcome.text} {outcome.code && <code>{outcome.code}</code>}</p>}
      {outcome?.listing && <p class="standing">{t('list.state')}: <strong>{outcome.listing.state}</strong> <code>{outcome.listing.listing}</code></p>}
      <Findings of={findings.filter((f) => !placed(f))} />
      <form onSubmit={(e) => { e.preventDefault(); void during(async () => { await save(); await send('check'); }); }}>
        <div class="fields">
          <Field label={t('list.description')} required whole findings={at('description')}>
            <textarea name="description" rows={4} value={values['description'] ?? ''} onInput={(e) => set('description', e.currentTarget.value)} />
          </Field>
          {input('price', `${t('card.price')} (${values['currency'] ?? ''})`, true)}
          {columns.map((name) => input(name, t(columnText[name]), true))}
          {boxed && measures}
          <Attributes need={need} values={values} findings={findings} onValue={set} sides={!boxed && measures} />
        </div>
        {!need && <p class="quiet">{t('list.unasked')}</p>}
        {mayEdit.value && (
          <div class="actions">
            <button class="first" disabled={busy}>{busy ? t('list.busy') : t('list.check')}</button>
            <button type="button" disabled={busy || lights.draft?.outcome !== 'ready'} onClick={() => void during(() => send('draft'))}>{t('list.draft')}</button>
            <button type="button" disabled={busy || lights.listing?.outcome !== 'ready'} onClick={() => void during(() => send('publish'))}>{t('list.publish')}</button>
          </div>
        )}
      </form>
    </section>
  );
}
