/* product.tsx - one product by hand: its title and image, the marketplace's suggestion with
 * our own beside it, and a leaf approved after its permission was asked afresh */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, askJob, Problem, randomKey, seg, type Category, type Decision, type KeptImage, type LeafNow, type Product, type Suggestion } from './api';
import { addressOf, explain, listLeft, mayDecide, mayEdit, say, seller, target, useSubject } from './state';
import { language, locale, number, ours, t, told } from './text';
import { awaited, uploads } from './fields';
import { Confidence, Findings, Path, Picture, Said, Trouble, Wrong } from './parts';
import { readReasons } from './review';
import { Search } from './search';
import { Browse } from './trees';
import { useTyped } from './typed';
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
  image: KeptImage | null; /* uploaded, to be its own */
}

const blank = (id: string): Fields => ({ id, title: '', category: '', brand: '', image: null });
const fieldsOf = (p: Product): Fields => ({ id: p.id, title: p.title, category: p.category ?? '', brand: p.brand ?? '', image: null });

const pathOf = (of: { seller: string; id: string }): string => `products/${seg(of.seller)}/${seg(of.id)}`;
const mappingOf = (p: Product): string => `mappings/${seg(target.value)}/${seg(p.seller)}/product/${seg(p.id)}`;

/* ---- the image ---- */

function ImageField({ product, image, onImage }: { product: Product | null; image: KeptImage | null; onImage: (image: KeptImage) => void }) {
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const take = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    if (!file) return;
    setBusy(true);
    setTrouble('');
    try {
      onImage(await awaited(ask<KeptImage>('images', { method: 'POST', file, query: { target: target.value, seller: seller.value, fix: 'true' } })));
    } catch (e) {
      setTrouble(explain(e));
      input.value = ''; /* else the same one could not be chosen again */
    }
    setBusy(false);
  };
  return (
    <div class="imagefield">
      {image ? <img class="picture" src={`/api/v1/images/${seg(image.id)}?seller=${seg(image.seller)}`} alt={t('prod.preview')} /> : product && <Picture product={product} />}
      <div>
        <label>
          {t('prod.image')}
          <input type="file" accept="image/*" onChange={(e) => void take(e.currentTarget)} />
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

/* What stands for the product by itself, and what counts for it: that, or its category's. */
interface Mapping {
  own: Decision | null;
  counts: Decision | null;
}

async function orNone(of: Promise<Decision>): Promise<Decision | null> {
  try {
    return await of;
  } catch (e) {
    if (e instanceof Problem && e.status === 404) return null;
    throw e;
  }
}

function useMapping(product: Product | null): Mapping & { look: () => Promise<void> } {
  const [mapping, setMapping] = useState<Mapping>({ own: null, counts: null });
  const turn = useRef(0);
  const look = async (): Promise<void> => {
    const mine = ++turn.current;
    if (!product) return;
    const [own, counts] = await Promise.all([
      orNone(ask<Decision>(mappingOf(product))),
      orNone(ask<Decision>(`${pathOf(product)}/mapping`, { query: { target: target.value } })),
    ]);
    if (mine === turn.current) setMapping({ own, counts }); /* else it is of another target, or older */
  };
  useEffect(() => {
    setMapping({ own: null, counts: null });
    void look().catch(() => {});
  }, [product?.id, product?.seller, product?.category, target.value]);
  return { ...mapping, look };
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

function Deciding({ product, choice, own, counts, look }: Mapping & { product: Product; choice: Choice | null; look: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const [leaf, setLeaf] = useState<LeafNow | null>(null);
  const [trouble, setTrouble] = useState('');
  const stands = usePath(counts?.category ?? '');
  useEffect(() => setLeaf(null), [choice?.category]);

  const keep = async (body: object): Promise<void> => {
    const kept = await ask<Decision>(mappingOf(product), { method: 'PUT', body, ifMatch: own?.seq ?? 0 });
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
      {counts && (
        <p class="standing">
          {counts.scope === 'seller-category' && <>{t('prod.through', { what: counts.key })} </>}
          {t('card.now', { state: told('state', counts.state), who: counts.who })}
          {counts.category && <Path path={stands} />}
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
  const [product, setProduct] = useState<Product | null>(null);
  const { typed: fields, unsaved, type, save: saved } = useTyped(`product ${seller.value} ${product?.id ?? id}`, blank(id), product && fieldsOf(product));
  const [remote, setRemote] = useState<Suggestion[] | null>(null);
  const [choice, setChoice] = useState<Choice | null>(null);
  const [busy, setBusy] = useState(false);
  const [browsing, setBrowsing] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const search = useRef<HTMLInputElement>(null);
  const [made] = useState(() => `P-${randomKey().slice(0, 10).toUpperCase()}`); /* a number for one that has none */
  const tried = useRef(false);
  useSubject(product ? product.title : id || t('prod.new'));
  const ranked = useLocal(fields);
  const mapping = useMapping(product);

  const load = async (): Promise<void> => {
    const known = product?.id ?? id;
    const where = target.value;
    if (!known) return;
    try {
      const p = await ask<Product>(pathOf({ seller: seller.value, id: known }));
      setProduct(p);
      setTrouble(null);
      const { kept } = await ask<Advice>('suggestions', { query: { target: where, seller: p.seller, product: p.id, locale: locale() } });
      if (where === target.value) setRemote(kept.filter(isRemote));
    } catch (e) {
      setTrouble(e);
    }
  };
  useEffect(() => {
    setRemote(null); /* a leaf of another tree is none of this one's */
    setChoice(null);
    void load();
  }, [id, target.value]);

  const save = async (): Promise<Product> => {
    const own = fields.id.trim();
    const again = !own && tried.current; /* its answer was lost: nobody else has this number */
    const name = own || made;
    tried.current ||= !own;
    const { title, category, brand, image } = fields;
    const body = { title, category, brand, ...(image && { image_id: image.id }) };
    const seen = product ? { ifMatch: product.version } : again ? {} : { ifNew: true };
    const p = await ask<Product>(pathOf({ seller: seller.value, id: name }), { method: 'PUT', body, ...seen });
    saved(fields);
    setProduct(p);
    if (!product) history.replaceState(history.state, '', addressOf('products', `=${p.id}`)); /* for who loads the page again */
    return p;
  };
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
  const set = (name: keyof Fields) => (e: { currentTarget: { value: string } }): void => type({ [name]: e.currentTarget.value });

  return (
    <div class="sheet">
      <p><a href={listLeft.value}>← {t('app.products')}</a></p>
      <h1>{product ? product.title : t('prod.new')}</h1>
      {!!trouble && id && !product && <Trouble what={explain(trouble)} again={() => void load()} />}
      <div class="two">
        <form class="panel" onSubmit={(e) => { e.preventDefault(); void suggest(); }}>
          <label>{t('prod.title')}<input name="title" required maxLength={500} value={fields.title} onInput={set('title')} autofocus /></label>
          <ImageField product={product} image={fields.image} onImage={(image) => type({ image })} />
          <label>{t('prod.category')}<input name="category" value={fields.category} onInput={set('category')} /></label>
          <label>{t('card.brand')}<input name="brand" value={fields.brand} onInput={set('brand')} /></label>
          <label>{t('prod.id')}<input name="id" value={fields.id} disabled={!!product} onInput={set('id')} placeholder={t('prod.id-hint')} /></label>
          {!(id && !product) && <Wrong what={trouble} again={() => void load()} />}
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
          {product && <Deciding key={target.value} product={product} choice={choice} {...mapping} />}
        </div>
      </div>
      {product && <Listing product={product} above={unsaved} mapping={mapping.counts} again={async () => { await Promise.all([load(), mapping.look()]); }} onProduct={setProduct} />}
    </div>
  );
}
