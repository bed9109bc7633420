/* product.tsx - one product by hand: its title and image, the marketplace's suggestion with
 * our own beside it, and a leaf approved after its permission was asked afresh */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, askJob, Problem, randomKey, seg, type Category, type Decision, type KeptImage, type LeafNow, type Product, type Suggestion } from './api';
import { addressOf, explain, mayDecide, mayEdit, say, seller, target } from './state';
import { language, locale, number, ours, t, told } from './text';
import { awaited, uploads } from './fields';
import { Confidence, Findings, Path, Picture, Said, Trouble } from './parts';
import { readReasons } from './review';
import { Search } from './search';
import { Browse } from './trees';
import { Listing } from './listing';

interface Advice {
  ranked: Suggestion[];
  kept: Suggestion[];
}

interface Fields {
  id: string;
  title: string;
  category: string;
  brand: string;
}

const pathOf = (of: { seller: string; id: string }): string => `products/${seg(of.seller)}/${seg(of.id)}`;
const mappingOf = (p: Product): string => `mappings/${seg(target.value)}/${seg(p.seller)}/product/${seg(p.id)}`;

/* ---- the image ---- */

function ImageField({ product, image, onImage }: { product: Product | null; image: KeptImage | null; onImage: (image: KeptImage) => void }) {
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setBusy(true);
    setTrouble('');
    try {
      onImage(await awaited(ask<KeptImage>('images', { method: 'POST', file, query: { target: target.value, seller: seller.value, fix: 'true' } })));
    } catch (e) {
      setTrouble(explain(e));
    }
    setBusy(false);
  };
  return (
    <div class="imagefield">
      {image ? <img class="picture" src={`/api/v1/images/${seg(image.id)}?seller=${seg(image.seller)}`} alt={t('prod.preview')} /> : product && <Picture product={product} />}
      <div>
        <label>
          {t('prod.image')}
          <input type="file" accept="image/*" onChange={(e) => void take(e.currentTarget.files?.[0])} />
        </label>
        {busy && <p class="quiet" role="status">{t('prod.looking')}</p>}
        {trouble && <p class="wrong" role="alert"><Said text={trouble} /></p>}
        {image && (
          <p class="quiet imagefacts" role="status">
            {image.kind}, {number(image.width)} × {number(image.height)}, {number(Math.ceil(image.bytes / 1024))} kB
            {image.mended && <> · <Said text={image.mended.split(', ').map((done) => ours(done, 'doing')).join(', ')} /></>}
            {image.findings.length === 0 && <> · <strong class="fine">{t('prod.image-fine')}</strong></>}
          </p>
        )}
        {image && <Findings of={image.findings} />}
      </div>
    </div>
  );
}

/* ---- advice ---- */

/* A run keeps what our matcher said beside what the marketplace did. */
const isRemote = (s: Suggestion): boolean => s.advisor === 'marketplace';

/* The deciding words, or what else was said, and what was approved alike. */
function Why({ of }: { of: Suggestion }) {
  const { words, note, alike } = readReasons(of.reasons);
  return (
    <>
      {note ? <Said text={ours(note, 'failure')} /> : words.join(', ')}
      {alike && `${note || words.length ? ' · ' : ''}${t('card.alike', { what: alike })}`}
    </>
  );
}

function Advisor({ title, list, chosen, onPick }: { title: string; list: Suggestion[]; chosen: string; onPick: (s: Suggestion) => void }) {
  if (!list.length) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ol class="candidates">
        {list.map((s) => (
          <li key={s.category} class={s.open || !s.path ? 'candidate' : 'candidate closed'}>
            <button aria-pressed={chosen === s.category} onClick={() => onPick(s)}>
              <span />
              <Path path={s.path ?? s.category} />
              <Confidence value={s.confidence} />
              <small class="advisor">{!s.path && t('prod.lacking')} {s.path && !s.open && t('cand.closed')} <Why of={s} /></small>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/* What our matcher says while one types, asked of nobody else. */
function useLocal(fields: Fields): Suggestion[] {
  const [ranked, setRanked] = useState<Suggestion[]>([]);
  useEffect(() => {
    const title = fields.title.trim();
    const stop = new AbortController();
    if (!title) setRanked([]);
    else
      ask<Advice>('suggestions', {
        query: { target: target.value, seller: seller.value, title, brand: fields.brand, category: fields.category, limit: 4, locale: locale() },
        signal: stop.signal,
      }).then((a) => setRanked(a.ranked), () => {});
    return () => stop.abort();
  }, [fields.title, fields.brand, fields.category, target.value, language.value]);
  return ranked;
}

/* ---- deciding ---- */

interface Choice {
  category: string;
  path: string;
}

/* What stands for the product, and saying otherwise. */
function useMapping(product: Product | null): { now: Decision | null; look: () => Promise<void> } {
  const [now, setNow] = useState<Decision | null>(null);
  const look = async (): Promise<void> => {
    if (!product) return;
    try {
      setNow(await ask<Decision>(mappingOf(product)));
    } catch (e) {
      if (!(e instanceof Problem && e.status === 404)) throw e;
      setNow(null);
    }
  };
  useEffect(() => void look().catch(() => {}), [product?.id, product?.seller, target.value]);
  return { now, look };
}

/* A leaf's path; its id where the stored tree does not know it. */
function usePath(id: string): string {
  const [path, setPath] = useState(id);
  useEffect(() => {
    setPath(id);
    if (id)
      ask<{ category: Category }>(`trees/${seg(target.value)}/categories/${seg(id)}`, { query: { locale: locale() } })
        .then((r) => setPath(r.category.path || id), () => {});
  }, [id, language.value]);
  return path;
}

function Deciding({ product, choice, after }: { product: Product; choice: Choice | null; after: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const [leaf, setLeaf] = useState<LeafNow | null>(null);
  const [trouble, setTrouble] = useState('');
  const { now, look } = useMapping(product);
  const stands = usePath(now?.category ?? '');
  useEffect(() => setLeaf(null), [choice?.category]);

  const keep = async (body: object): Promise<void> => {
    const kept = await ask<Decision>(mappingOf(product), { method: 'PUT', body, ifMatch: now?.seq ?? 0 });
    say({ text: t('prod.kept', { what: kept.state === 'accepted' ? (choice?.path ?? '') : told('state', kept.state) }), kind: 'done' });
  };
  const during = async (what: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setTrouble('');
    try {
      await what();
    } catch (e) {
      setTrouble(explain(e));
    }
    await look().catch(() => {});
    setBusy(false);
    await after();
  };
  /* The leaf's permission first, as the marketplace has it now. */
  const approve = (): Promise<void> =>
    during(async () => {
      if (!choice) return;
      const said = (await askJob(`trees/${seg(target.value)}/categories/${seg(choice.category)}/ask`)).result as LeafNow;
      setLeaf(said);
      if (said.open || said.provisional) await keep({ state: 'accepted', category: choice.category, allow_closed: said.open });
    });

  return (
    <section class="deciding" aria-label={t('prod.decide')}>
      {now && (
        <p class="standing">
          {t('card.now', { state: told('state', now.state), who: now.who })}
          {now.category && <Path path={stands} />}
        </p>
      )}
      {choice && <p>{t('prod.chosen')} <Path path={choice.path} /></p>}
      {leaf && (
        <p class={leaf.open || leaf.provisional ? 'fine' : 'wrong'} role="status">
          {leaf.open ? t('prod.open') : leaf.provisional ? t('prod.provisional') : t('prod.closed', { why: leaf.permissions ?? '' })}
        </p>
      )}
      {trouble && <p class="wrong" role="alert"><Said text={trouble} /></p>}
      {mayDecide.value && (
        <div class="actions">
          <button class="first" disabled={!choice || busy} onClick={() => void approve()}>{t('prod.approve')}</button>
          <button disabled={busy} onClick={() => void during(() => keep({ state: 'none' }))}>{t('do.none')}</button>
        </div>
      )}
    </section>
  );
}

/* ---- the whole ---- */

export function ProductPage({ id }: { id: string }) {
  const [fields, setFields] = useState<Fields>({ id, title: '', category: '', brand: '' });
  const [product, setProduct] = useState<Product | null>(null);
  const [image, setImage] = useState<KeptImage | null>(null);
  const [remote, setRemote] = useState<Suggestion[] | null>(null);
  const [choice, setChoice] = useState<Choice | null>(null);
  const [busy, setBusy] = useState(false);
  const [browsing, setBrowsing] = useState(false);
  const [trouble, setTrouble] = useState('');
  const [decided, setDecided] = useState(0);
  const search = useRef<HTMLInputElement>(null);
  const ranked = useLocal(fields);

  const show = (p: Product): void => {
    setProduct(p);
    setFields({ id: p.id, title: p.title, category: p.category ?? '', brand: p.brand ?? '' });
  };
  const load = async (): Promise<void> => {
    if (!id) return;
    try {
      const p = await ask<Product>(pathOf({ seller: seller.value, id }));
      show(p);
      setTrouble('');
      setRemote((await ask<Advice>('suggestions', { query: { target: target.value, seller: p.seller, product: p.id, locale: locale() } })).kept.filter(isRemote));
    } catch (e) {
      setTrouble(explain(e));
    }
  };
  useEffect(() => void load(), [id, target.value]);

  const save = async (): Promise<Product> => {
    const name = fields.id.trim() || `P-${randomKey().slice(0, 10).toUpperCase()}`;
    const body = { title: fields.title, category: fields.category, brand: fields.brand, ...(image && { image_id: image.id }) };
    const seen = product ? { ifMatch: product.version } : { ifNew: true };
    const p = await ask<Product>(pathOf({ seller: seller.value, id: name }), { method: 'PUT', body, ...seen });
    show(p);
    if (!product) history.replaceState(null, '', addressOf('products', `=${p.id}`)); /* for who loads the page again */
    return p;
  };
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
  const onlySave = (): Promise<void> =>
    during(async () => {
      await save();
      say({ text: t('prod.saved'), kind: 'done' });
    });
  /* Kept, its image brought to the marketplace, and asked with title and image. */
  const suggest = (): Promise<void> =>
    during(async () => {
      const p = await save();
      const job = await askJob(`${pathOf(p)}/ask`, { target: target.value });
      const { kept } = await ask<Advice>('suggestions', { query: { target: target.value, seller: p.seller, product: p.id, locale: locale() } });
      setRemote(kept.filter(isRemote));
      const named = kept.find((s) => s.category === job.text);
      if (named) setChoice({ category: named.category, path: named.path ?? named.category });
      else setTrouble(t('prod.refused', { why: job.text }));
    });

  const waits = busy || uploads.value > 0 || !fields.title.trim();
  const pick = (s: Suggestion): void => setChoice({ category: s.category, path: s.path ?? s.category });
  const choose = (c: Category): void => setChoice({ category: c.id, path: c.path });
  const set = (name: keyof Fields) => (e: { currentTarget: { value: string } }): void => setFields({ ...fields, [name]: e.currentTarget.value });

  return (
    <div class="sheet">
      <p><a href={addressOf('products')}>← {t('app.products')}</a></p>
      <h1>{product ? product.title : t('prod.new')}</h1>
      {trouble && id && !product && <Trouble what={trouble} again={() => void load()} />}
      <div class="two">
        <form class="panel" onSubmit={(e) => { e.preventDefault(); void suggest(); }}>
          <label>{t('prod.title')}<input name="title" required maxLength={500} value={fields.title} onInput={set('title')} autofocus /></label>
          <ImageField product={product} image={image} onImage={setImage} />
          <label>{t('prod.category')}<input name="category" value={fields.category} onInput={set('category')} /></label>
          <label>{t('card.brand')}<input name="brand" value={fields.brand} onInput={set('brand')} /></label>
          <label>{t('prod.id')}<input name="id" value={fields.id} disabled={!!product} onInput={set('id')} placeholder={t('prod.id-hint')} /></label>
          {trouble && !(id && !product) && <p class="wrong" role="alert"><Said text={trouble} /></p>}
          {mayEdit.value ? (
            <div class="actions">
              <button class="first" type="submit" disabled={waits}>{busy ? t('prod.asking') : t('prod.suggest')}</button>
              <button type="button" disabled={waits} onClick={() => void onlySave()}>{t('prod.save')}</button>
            </div>
          ) : (
            <p class="quiet">{t('app.look-only')}</p>
          )}
        </form>
        <div class="panel">
          <h2>{t('prod.leaf')}</h2>
          {remote && remote.length === 0 && <p class="quiet">{t('prod.unasked')}</p>}
          {remote && <Advisor title={t('by.marketplace')} list={remote} chosen={choice?.category ?? ''} onPick={pick} />}
          <Advisor title={t('by.local')} list={ranked} chosen={choice?.category ?? ''} onPick={pick} />
          {!ranked.length && <p class="quiet">{t('prod.begin')}</p>}
          <div class="row nowrap">
            <Search box={search} onPick={choose} leavesOnly />
            <button aria-pressed={browsing} onClick={() => setBrowsing(!browsing)}>{t('tree.title')}</button>
          </div>
          {browsing && <Browse from={choice?.category ?? ranked[0]?.category ?? ''} onPick={choose} />}
          {product && <Deciding product={product} choice={choice} after={async () => setDecided((n) => n + 1)} />}
        </div>
      </div>
      {product && <Listing key={`${target.value} ${decided}`} product={product} onProduct={show} />}
    </div>
  );
}
