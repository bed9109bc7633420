/* variants-view.tsx - a product's variants as a table: what tells them apart, and of each
 * its number, price, stock in each warehouse, code and image, with the findings in its row */
import { useId, useState } from 'preact/hooks';
import type { Finding, Product, RequiredAttribute, Requirement } from './api';
import { Document, UploadButton, worst } from './fields';
import { mayEdit } from './state';
import { number, t } from './text';
import { Findings } from './parts';
import { combine, fold, isCode, MOST_OPTIONS, MOST_VARIANTS, stockIn, valuesOf, withStock, type Variant, type Variants, type Warehouse } from './variants';

/* ---- what tells them apart ---- */

interface Telling {
  name: string;
  values: string;
}

function tellingOf({ names, rows }: Variants): Telling[] {
  return names.map((name, i) => ({ name, values: [...new Set(rows.map((v) => v.options[i] ?? '').filter(Boolean))].join(', ') }));
}

function Option({ of, known, n, onChange, onRemove }: { of: Telling; known: RequiredAttribute[]; n: number; onChange: (to: Telling) => void; onRemove: () => void }) {
  const list = useId();
  const told = known.find((a) => fold(a.name) === fold(of.name));
  const chosen = valuesOf(of.values);
  const flip = (value: string): void =>
    onChange({ ...of, values: (chosen.some((c) => fold(c) === fold(value)) ? chosen.filter((c) => fold(c) !== fold(value)) : [...chosen, value]).join(', ') });
  return (
    <div class="option">
      <label>
        <span>{t('var.option', { n })}{told?.required && <abbr title={t('list.required')}> *</abbr>}</span>
        <input name={`option-${n}`} value={of.name} list={list} onInput={(e) => onChange({ ...of, name: e.currentTarget.value })} />
        <datalist id={list}>{known.map((a) => <option key={a.id} value={a.name} />)}</datalist>
      </label>
      <label class="grow">
        {t('var.values')}
        <input name={`values-${n}`} value={of.values} placeholder={t('var.values-hint')} onInput={(e) => onChange({ ...of, values: e.currentTarget.value })} />
      </label>
      <button type="button" class="plain" aria-label={t('var.drop', { n })} title={t('var.drop', { n })} onClick={onRemove}>✕</button>
      {!!told?.values.length && (
        <div class="chips" role="group" aria-label={t('var.known', { name: told.name })}>
          {told.values.map((v) => <button type="button" key={v.id} aria-pressed={chosen.some((c) => fold(c) === fold(v.name))} onClick={() => flip(v.name)}>{v.name}</button>)}
        </div>
      )}
    </div>
  );
}

interface OptionsProps {
  known: RequiredAttribute[];
  variants: Variants;
  id: string;
  onVariants: (to: Variants) => void;
}

function Options({ known, variants, id, onVariants }: OptionsProps) {
  const [all, setAll] = useState<Telling[]>(() => tellingOf(variants));
  const told = all.filter((x) => x.name.trim() && valuesOf(x.values).length);
  const lists = told.map((x) => valuesOf(x.values));
  const many = told.length ? lists.reduce((n, list) => n * list.length, 1) : 0;
  const suggested = known.find((a) => a.required && !all.some((x) => fold(x.name) === fold(a.name))) ?? known.find((a) => !all.some((x) => fold(x.name) === fold(a.name)));
  const names = told.map((x) => x.name.trim());
  const twice = new Set(names.map(fold)).size < names.length;
  return (
    <div class="options">
      {all.map((x, i) => (
        <Option key={i} n={i + 1} of={x} known={known} onChange={(to) => setAll(all.map((y, k) => (k === i ? to : y)))} onRemove={() => setAll(all.filter((_, k) => k !== i))} />
      ))}
      <div class="actions">
        {all.length < MOST_OPTIONS && <button type="button" onClick={() => setAll([...all, { name: suggested?.name ?? '', values: '' }])}>{t(all.length ? 'var.another' : 'var.begin')}</button>}
        {many > 0 && (
          <button type="button" disabled={many > MOST_VARIANTS || twice} onClick={() => onVariants(combine({ ...variants, names }, lists, id))}>
            {t('var.make', { n: many })}
          </button>
        )}
        {variants.rows.length > 0 && <button type="button" onClick={() => { setAll([]); onVariants({ names: [], rows: [] }); }}>{t('var.none')}</button>}
      </div>
      {many > MOST_VARIANTS && <p class="wrong" role="status">{t('var.many', { n: many, most: MOST_VARIANTS })}</p>}
      {twice && <p class="wrong" role="status">{t('var.twice')}</p>}
    </div>
  );
}

/* ---- one of them ---- */

/* Where in a row a finding of skus[i] belongs; what belongs nowhere is told below it. */
const cellPaths = {
  options: /^sales_attributes/,
  sku: /^seller_sku/,
  price: /^price/,
  stock: /^inventory/,
  code: /^identifier_code/,
} as const;
type Cell = keyof typeof cellPaths;

function findingsOf(findings: Finding[], i: number): Finding[] {
  return findings.filter((f) => f.path === `skus[${i}]` || f.path.startsWith(`skus[${i}].`)).map((f) => ({ ...f, path: f.path.slice(`skus[${i}].`.length) }));
}

interface RowProps {
  v: Variant;
  i: number;
  names: string[];
  seller: string;
  warehouses: Warehouse[];
  findings: Finding[];
  onChange: (to: Variant) => void;
  onRemove: () => void;
}

function Row({ v, i, names, seller, warehouses, findings, onChange, onRemove }: RowProps) {
  const may = mayEdit.value;
  const at = (cell: Cell): Finding[] => findings.filter((f) => cellPaths[cell].test(f.path));
  const rest = findings.filter((f) => !Object.values(cellPaths).some((p) => p.test(f.path)));
  const which = v.options.join(', ') || String(i + 1);
  const box = (cell: Cell, column: string, value: string, label: string, onValue: (value: string) => void): preact.JSX.Element => (
    <input aria-label={`${label}: ${which}`} data-column={column} inputMode={cell === 'price' ? 'decimal' : cell === 'sku' ? undefined : 'numeric'} value={value} readOnly={!may} onInput={(e) => onValue(e.currentTarget.value)} />
  );
  const several = warehouses.length > 1;
  return (
    <>
      <tr data-variant={i}>
        {names.map((name, k) => (
          <td key={k} data-label={name} class={k ? '' : worst(at('options'))}>
            <input aria-label={`${name}, ${i + 1}`} value={v.options[k] ?? ''} readOnly={!may} onInput={(e) => onChange({ ...v, options: names.map((_, n) => (n === k ? e.currentTarget.value : (v.options[n] ?? ''))) })} />
            {k === 0 && <Findings of={at('options')} />}
          </td>
        ))}
        <td data-label={t('var.sku')} class={worst(at('sku'))}>{box('sku', 'sku', v.sku, t('var.sku'), (sku) => onChange({ ...v, sku }))}<Findings of={at('sku')} /></td>
        <td data-label={t('card.price')} class={worst(at('price'))}>{box('price', 'price', v.price, t('card.price'), (price) => onChange({ ...v, price }))}<Findings of={at('price')} /></td>
        {several
          ? warehouses.map((w, k) => (
              <td key={w.id} data-label={t('list.stock-in', { where: w.name })} class={k ? '' : worst(at('stock'))}>
                {box('stock', w.id, stockIn(v, w), t('list.stock-in', { where: w.name }), (n) => onChange(withStock(v, w, n, warehouses)))}
                {k === 0 && <Findings of={at('stock')} />}
              </td>
            ))
          : <td data-label={t('list.stock')} class={worst(at('stock'))}>{box('stock', 'quantity', v.quantity, t('list.stock'), (quantity) => onChange({ ...v, quantity }))}<Findings of={at('stock')} /></td>}
        <td data-label={t('list.code')} class={worst(at('code'))}>
          {box('code', 'code', v.code, t('list.code'), (code) => onChange({ ...v, code }))}
          {v.code && !isCode(v.code) && <small class="why">{t('list.no-code')}</small>}
          <Findings of={at('code')} />
        </td>
        <td data-label={t('field.image')}>
          {v.image
            ? <Document location={v.image} onRemove={may ? () => onChange({ ...v, image: '' }) : undefined} />
            : may && <UploadButton label={t('var.image')} seller={seller} accept="image/*" onFile={(f) => onChange({ ...v, image: f.location })} />}
        </td>
        {may && <td><button type="button" class="plain" aria-label={t('var.remove', { which })} title={t('var.remove', { which })} onClick={onRemove}>✕</button></td>}
      </tr>
      {rest.length > 0 && <tr class="told"><td colSpan={99}><Findings of={rest} /></td></tr>}
    </>
  );
}

/* ---- all of them ---- */

interface Props {
  product: Product;
  need: Requirement | null;
  variants: Variants;
  warehouses: Warehouse[];
  findings: Finding[];
  onVariants: (to: Variants) => void;
}

export function VariantTable({ product, need, variants, warehouses, findings, onVariants }: Props) {
  const { names, rows } = variants;
  const known = (need?.attributes ?? []).filter((a) => a.sales);
  const whole = findings.filter((f) => f.path === 'skus');
  if (!rows.length && !mayEdit.value) return null;
  const stock = warehouses.length > 1 ? warehouses.map((w) => t('list.stock-in', { where: w.name })) : [t('list.stock')];
  return (
    <fieldset class={`variants whole field ${worst(whole)}`}>
      <legend>{t('var.title')} {rows.length > 0 && <span class="count">{number(rows.length)}</span>}</legend>
      <Findings of={whole} />
      {mayEdit.value && <Options known={known} variants={variants} id={product.id} onVariants={onVariants} />}
      {rows.length > 0 && (
        <div class="wide" tabIndex={0} role="region" aria-label={t('var.title')}>
          <table class="stack">
            <thead>
              <tr>{[...names, t('var.sku'), t('card.price'), ...stock, t('list.code'), t('field.image')].map((h, i) => <th key={i}>{h}</th>)}{mayEdit.value && <td />}</tr>
            </thead>
            <tbody>
              {rows.map((v, i) => (
                <Row
                  key={i} v={v} i={i} names={names} seller={product.seller} warehouses={warehouses} findings={findingsOf(findings, i)}
                  onChange={(to) => onVariants({ names, rows: rows.map((x, k) => (k === i ? to : x)) })}
                  onRemove={() => onVariants({ names, rows: rows.filter((_, k) => k !== i) })}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </fieldset>
  );
}
