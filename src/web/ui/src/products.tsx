/* products.tsx - the catalogue of a seller, a page at a time, by its own category or by a
 * number; one of it, or a new one, is opened in product.tsx */
import { useEffect, useState } from 'preact/hooks';
import { ask, Problem, seg, type Page, type Product } from './api';
import { addressOf, explain, go, mayEdit, place, say, sayFailure, seller, target } from './state';
import { money, number, t } from './text';
import { Empty, Picture, Trouble } from './parts';
import { ProductPage } from './product';

const NEW = 'new';

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

/* By its number, as it stands on the shelf. */
function Jump() {
  const [id, setId] = useState('');
  const open = async (): Promise<void> => {
    const wanted = id.trim();
    try {
      if (!wanted) return;
      await ask<Product>(`products/${seg(seller.value)}/${seg(wanted)}`);
      go('products', `=${wanted}`);
    } catch (e) {
      if (e instanceof Problem && e.status === 404) say({ text: t('prod.nosuch', { id: wanted }), kind: 'failed' });
      else sayFailure(e);
    }
  };
  return (
    <form class="jump" role="search" onSubmit={(e) => { e.preventDefault(); void open(); }}>
      <label>
        {t('prod.jump')}
        <input name="jump" type="search" autocomplete="off" value={id} onInput={(e) => setId(e.currentTarget.value)} />
      </label>
      <button disabled={!id.trim()}>{t('file.open')}</button>
    </form>
  );
}

function List() {
  const [rows, setRows] = useState<Product[] | null>(null);
  const [own, setOwn] = useState<Own[]>([]);
  const [category, setCategory] = useState('');
  const [next, setNext] = useState<string | undefined>();
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState('');
  const load = async (after?: string): Promise<void> => {
    try {
      const page = await ask<Page<Product>>('products', {
        query: { seller: seller.value, undecided: open ? target.value : undefined, category, limit: 50, after },
      });
      setRows((old) => (after ? [...(old ?? []), ...page.items] : page.items));
      setNext(page.next);
      setTrouble('');
    } catch (e) {
      setTrouble(explain(e));
    }
  };
  useEffect(() => void load(), [seller.value, target.value, open, category]);
  useEffect(() => {
    setCategory('');
    ask<Page<Own>>('seller-categories', { query: { seller: seller.value } }).then((p) => setOwn(p.items), () => setOwn([]));
  }, [seller.value]);
  const filtered = open || !!category;

  return (
    <div class="sheet">
      <div class="row">
        <h1>{t('app.products')}</h1>
        <div class="actions">
          {mayEdit.value && <a href={addressOf('import')}>{t('import.title')}</a>}
          {mayEdit.value && <a class="button first" href={addressOf('products', NEW)}>{t('prod.new')}</a>}
        </div>
      </div>
      <div class="row begin filters">
        <Jump />
        {own.length > 0 && (
          <label>
            {t('prod.category')}
            <select name="own-category" value={category} onChange={(e) => setCategory(e.currentTarget.value)}>
              <option value="">{t('prod.any')}</option>
              {own.map((k) => <option key={k.id} value={k.id}>{k.path} ({number(k.products)})</option>)}
            </select>
          </label>
        )}
        <button aria-pressed={open} onClick={() => setOpen(!open)}>{t('prod.undecided')}</button>
      </div>
      {trouble && <Trouble what={trouble} again={() => void load()} />}
      {rows?.length === 0 && <Empty><p>{t(filtered ? 'prod.none-such' : 'prod.none')}</p>{!filtered && mayEdit.value && <a class="button first" href={addressOf('import')}>{t('import.title')}</a>}</Empty>}
      <ul class="products">{rows?.map((p) => <Row key={p.id} product={p} />)}</ul>
      {next && <button onClick={() => void load(next)}>{t('app.more')}</button>}
    </div>
  );
}

export function Products() {
  const { rest } = place.value;
  if (!rest) return <List />;
  const id = rest === NEW ? '' : rest.replace(/^=/, '');
  return <ProductPage key={`${seller.value} ${rest}`} id={id} />;
}
