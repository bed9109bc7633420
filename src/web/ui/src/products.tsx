/* products.tsx - the catalogue of the target's seller, a page at a time; one of it, or a
 * new one, is opened in product.tsx */
import { useEffect, useState } from 'preact/hooks';
import { ask, type Page, type Product } from './api';
import { addressOf, explain, mayEdit, place, seller, target } from './state';
import { money, t } from './text';
import { Empty, Picture, Trouble } from './parts';
import { ProductPage } from './product';

const NEW = 'new';

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

function List() {
  const [rows, setRows] = useState<Product[] | null>(null);
  const [next, setNext] = useState<string | undefined>();
  const [open, setOpen] = useState(false); /* only what nothing is decided for */
  const [trouble, setTrouble] = useState('');

  const load = async (after?: string): Promise<void> => {
    try {
      const page = await ask<Page<Product>>('products', {
        query: { seller: seller.value, limit: 50, after, undecided: open ? target.value : undefined },
      });
      setRows((old) => (after ? [...(old ?? []), ...page.items] : page.items));
      setNext(page.next);
      setTrouble('');
    } catch (e) {
      setTrouble(explain(e));
    }
  };
  useEffect(() => void load(), [seller.value, target.value, open]);

  return (
    <div class="sheet">
      <div class="row">
        <h1>{t('app.products')}</h1>
        <div class="actions">
          <button aria-pressed={open} onClick={() => setOpen(!open)}>{t('prod.undecided')}</button>
          {mayEdit.value && <a href={addressOf('import')}>{t('import.title')}</a>}
          {mayEdit.value && <a class="button first" href={addressOf('products', NEW)}>{t('prod.new')}</a>}
        </div>
      </div>
      {trouble && <Trouble what={trouble} again={() => void load()} />}
      {rows?.length === 0 && <Empty><p>{t('prod.none')}</p></Empty>}
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
