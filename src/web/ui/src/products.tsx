/* products.tsx - the catalogue of a seller, a page at a time, by its own category, by words
 * or by a number; one of it, or a new one, is opened in product.tsx */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, Problem, seg, type Page, type Product } from './api';
import { addressOf, explain, go, listLeft, mayEdit, place, rename, sayFailure, searchAddress, seller, target } from './state';
import { money, number, t } from './text';
import { Empty, Picture, Trouble } from './parts';
import { ProductPage } from './product';

const NEW = 'new';
const PAGE = 50;
const MOST_ROWS = 500; /* in one answer */

interface Own {
  id: string;
  path: string;
  products: number;
}

function Row({ product: p }: { product: Product }) {
  return (
    <li>
      <a class="product" href={addressOf('products', `=${p.id}`)}>
        <Picture product={p} small />
        <span class="line">
          <strong>{p.title}</strong>
          <small> {p.id}{p.category && ` · ${p.category}`}</small>
        </span>
        {p.price_minor !== null && p.currency && <span>{money(p.price_minor, p.currency)}</span>}
      </a>
    </li>
  );
}

/* ---- finding ---- */

const PAUSE_MS = 150;

/* What is typed, once the person rests a moment. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const wait = setTimeout(() => setRested(text.trim()), PAUSE_MS);
    return () => clearTimeout(wait);
  }, [text]);
  return rested;
}

/* Enter opens the product of just this number, as it stands on the shelf. */
async function openByNumber(id: string): Promise<void> {
  try {
    await ask<Product>(`products/${seg(seller.value)}/${seg(id)}`);
    go('products', `=${id}`);
  } catch (e) {
    if (!(e instanceof Problem && e.status === 404)) sayFailure(e);
  }
}

interface Wanted {
  q: string;
  category: string;
  open: boolean;
}

interface Found {
  rows: Product[] | null; /* null: not asked yet */
  next: string | undefined;
  busy: boolean;
  trouble: string;
  more: () => void;
}

/* How many were shown when one left, for who comes back to the same. */
interface Left {
  rows?: number;
  of?: string;
}

function rowsLeft(): number {
  const { rows = 0, of } = (history.state ?? {}) as Left;
  return of === location.hash ? Math.min(rows, MOST_ROWS) : 0;
}

/* A page of them. Words are looked for in so many products at a time, and further until a
 * page is full or all were looked at. */
function useFound({ q, category, open }: Wanted): Found {
  const [rows, setRows] = useState<Product[] | null>(null);
  const [next, setNext] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const asked = useRef<AbortController | null>(null);
  const load = async (after?: string): Promise<void> => {
    asked.current?.abort();
    const mine = new AbortController();
    asked.current = mine;
    const undecided = open ? target.value : undefined;
    setBusy(true);
    setTrouble('');
    try {
      for (let more = after ? PAGE : Math.max(PAGE, rowsLeft()), first = !after; more > 0 && (first || after); first = false) {
        const page = await ask<Page<Product>>('products', { query: { seller: seller.value, undecided, category, q, limit: more, after }, signal: mine.signal });
        const fresh = first;
        setRows((old) => (fresh ? page.items : [...(old ?? []), ...page.items]));
        setNext(page.next);
        more -= page.items.length;
        after = page.next;
      }
    } catch (e) {
      if (!mine.signal.aborted) setTrouble(explain(e));
    }
    if (!mine.signal.aborted) setBusy(false);
  };
  useEffect(() => {
    void load();
    return () => asked.current?.abort();
  }, [seller.value, target.value, q, category, open]);
  useEffect(() => {
    if (rows && rows.length > PAGE) history.replaceState({ ...history.state, rows: rows.length, of: location.hash }, '');
  }, [rows]);
  return { rows, next, busy, trouble, more: () => void load(next) };
}

/* ---- the list ---- */

/* What is looked for stands in the address: "#/products?q=kaos&open=1". */
function soughtHere(): Wanted {
  const { query } = place.value;
  const own = query.get('seller') === seller.value ? query.get('category') : null; /* of another seller it means nothing */
  return { q: query.get('q') ?? '', category: own ?? '', open: query.get('open') === '1' };
}

const addressFor = ({ q, category, open }: Wanted): string =>
  searchAddress('products', { q: q.trim(), category, open: open ? '1' : '', seller: category && seller.value });

/* The words as they are typed, and what is looked for: once the person rests, as the address says. */
function useSought(): Wanted & { typed: string; type: (words: string) => void; seek: (change: Partial<Wanted>) => void } {
  const { q, category, open } = soughtHere();
  const [typed, type] = useState(q);
  const rested = useRested(typed);
  useEffect(() => {
    if (place.value.screen === 'products' && rested !== q) rename(addressFor({ q: rested, category, open }));
  }, [rested]);
  useEffect(() => {
    if (q !== rested) type(q);
  }, [q]);
  useEffect(() => { listLeft.value = addressFor({ q, category, open }); }, [q, category, open]);
  const seek = (change: Partial<Wanted>): void => { location.hash = addressFor({ q: typed, category, open, ...change }); };
  return { q, category, open, typed, type, seek };
}

function List() {
  const [own, setOwn] = useState<Own[]>([]);
  const { q, category, open, typed, type, seek } = useSought();
  const { rows, next, busy, trouble, more } = useFound({ q, category, open });
  useEffect(() => {
    ask<Page<Own>>('seller-categories', { query: { seller: seller.value } }).then((p) => setOwn(p.items), () => setOwn([]));
  }, [seller.value]);
  const filtered = open || !!category || !!q;

  return (
    <div class="sheet">
      <div class="row">
        <h1>{t('app.products')}</h1>
        <div class="actions">
          <a href={addressOf('columns')}>{t('mean.link')}</a>
          {mayEdit.value && <a href={addressOf('import')}>{t('import.title')}</a>}
          {mayEdit.value && <a class="button first" href={addressOf('products', NEW)}>{t('prod.new')}</a>}
        </div>
      </div>
      <div class="row begin filters">
        <form class="jump" role="search" onSubmit={(e) => { e.preventDefault(); if (typed.trim()) void openByNumber(typed.trim()); }}>
          <label>
            {t('prod.find')}
            <input name="find" type="search" autocomplete="off" maxLength={200} value={typed} onInput={(e) => type(e.currentTarget.value)} />
          </label>
        </form>
        {own.length > 0 && (
          <label>
            {t('prod.category')}
            <select name="own-category" value={category} onChange={(e) => seek({ category: e.currentTarget.value })}>
              <option value="">{t('prod.any')}</option>
              {own.map((k) => <option key={k.id} value={k.id}>{k.path} ({number(k.products)})</option>)}
            </select>
          </label>
        )}
        <button aria-pressed={open} onClick={() => seek({ open: !open })}>{t('prod.undecided')}</button>
      </div>
      {trouble && <Trouble what={trouble} again={more} />}
      {rows?.length === 0 && !busy && !trouble && <Empty><p>{t(filtered ? 'prod.none-such' : 'prod.none')}</p>{!filtered && mayEdit.value && <a class="button first" href={addressOf('import')}>{t('import.title')}</a>}</Empty>}
      <ul class="products">{rows?.map((p) => <Row key={`${p.seller} ${p.id}`} product={p} />)}</ul>
      <p class="quiet" role="status">{busy ? t(q ? 'prod.finding' : 'app.loading') : ''}</p>
      {next && !busy && <button onClick={more}>{t('app.more')}</button>}
    </div>
  );
}

export function Products() {
  const { rest } = place.value;
  if (!rest) return <List key={seller.value} />;
  const id = rest === NEW ? '' : rest.replace(/^=/, '');
  return <ProductPage key={`${seller.value} ${rest}`} id={id} />;
}
