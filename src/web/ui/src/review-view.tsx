/* review-view.tsx - the review as seen: queues, the card, its candidates, and the keys */
import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, type Category, type Page, type Product, type QueueName, type Suggestion } from './api';
import * as review from './review';
import { addressOf, mayDecide, say, sayFailure, sessionOver, toast, useSubject } from './state';
import { atLeast, money, ours, t, told } from './text';
import { Confidence, Count, Empty, first, isTyping, isWithin, Path, Picture, Said, Trouble } from './parts';
import { box, Boxes } from './review-boxes';
import { Search } from './search';
import { Browse } from './trees';

const wide = signal(false); /* evidence shown in full */
const browsing = signal(false); /* the tree in columns instead of candidates */

/* ---- queues ---- */

/* Only what a product lost is not counted to its end. */
const isMore = (name: QueueName): boolean =>
  name === 'broken' && review.by.value === 'product' && !!review.counts.value?.broken_are_more;

function Queues() {
  const numbers = review.counts.value;
  const shown = review.by.value === 'category' ? numbers?.by_category : numbers?.by_product;
  return (
    <nav class="queues" aria-label={t('queue.all')}>
      <div class="units" role="group" aria-label={t('by.label')}>
        {(['category', 'product'] as const).map((unit) => (
          <button key={unit} aria-pressed={review.by.value === unit} onClick={() => review.show(review.queue.value, unit)}>
            {t(`by.${unit}`)}
          </button>
        ))}
      </div>
      <ul>
        {review.queues.map((name) => (
          <li key={name}>
            <button
              class={`queue ${name}`}
              aria-current={review.queue.value === name ? 'true' : undefined}
              onClick={() => review.show(name)}
            >
              <span>{t(`queue.${name}`)}</span>
              {shown && <Count n={shown[name]} more={isMore(name)} />}
            </button>
          </li>
        ))}
      </ul>
      {numbers && (
        <div class="settled">
          <progress max={numbers.products || 1} value={numbers.settled} aria-label={t('queue.done')} />
          <small>{t('queue.settled', { n: numbers.settled, all: numbers.products })}</small>
        </div>
      )}
    </nav>
  );
}

const ROW = 38; /* as .waiting li is high */
const AROUND = 8;

/* Which rows of a scrolled list are in sight, and some around them. */
function useSight(list: { current: HTMLElement | null }, count: number): { first: number; last: number; look: () => void } {
  const [top, setTop] = useState(0);
  const [high, setHigh] = useState(800);
  useEffect(() => {
    if (!list.current) return undefined;
    const seen = new ResizeObserver(([entry]) => entry && setHigh(entry.contentRect.height));
    seen.observe(list.current);
    return () => seen.disconnect();
  }, []);
  return {
    first: Math.max(0, Math.min(Math.floor(top / ROW) - AROUND, count)),
    last: Math.min(count, Math.ceil((top + high) / ROW) + AROUND),
    look: () => setTop(list.current?.scrollTop ?? 0),
  };
}

/* The cards that follow, to jump to one: only those in sight are there, however many wait. */
function Waiting() {
  const list = useRef<HTMLOListElement>(null);
  const cards = review.cards.value;
  const at = review.at.value;
  const { first, last, look } = useSight(list, cards.length);
  useEffect(() => {
    const box = list.current;
    if (!box) return;
    if (at * ROW < box.scrollTop) box.scrollTop = at * ROW;
    else if ((at + 1) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (at + 1) * ROW - box.clientHeight;
  }, [at]);
  /* What is not there takes its room before the first and behind the last. */
  const gap = (i: number): { marginTop: string; marginBottom: string } => ({
    marginTop: `${i === 0 ? first * ROW : 0}px`,
    marginBottom: `${i === last - first - 1 ? (cards.length - last) * ROW : 0}px`,
  });
  const onScroll = (): void => {
    look();
    const box = list.current;
    if (box && box.scrollHeight - box.scrollTop < 3 * box.clientHeight) void review.loadMore();
  };
  return (
    <ol class="waiting" ref={list} onScroll={onScroll} aria-label={t(`queue.${review.queue.value}`)}>
      {cards.slice(first, last).map((card, i) => (
        <li key={`${card.seller} ${card.scope} ${card.key}`} style={gap(i)} aria-setsize={cards.length} aria-posinset={first + i + 1}>
          <button aria-current={first + i === at ? 'true' : undefined} onClick={() => (review.at.value = first + i)}>
            <span class="line">{card.title}</span>
            {card.scope !== 'product' && <Count n={card.products} />}
          </button>
        </li>
      ))}
      {review.next.value && (
        <li>
          <button class="more" onClick={() => void review.loadMore()}>{t('app.more')}</button>
        </li>
      )}
    </ol>
  );
}

/* ---- the card ---- */

function Marked({ title, words }: { title: string; words: string[] }) {
  return <>{review.marked(title, words).map((p, i) => (p.hit ? <mark key={i}>{p.text}</mark> : p.text))}</>;
}

/* A few products of a seller category: what one decision would cover. */
function Samples({ card, words }: { card: review.Card; words: string[] }) {
  const [samples, setSamples] = useState<Product[]>([]);
  const key = `${card.seller} ${card.key}`;
  const some = card.queue !== 'broken' && card.open > 0 && card.open < card.products; /* the others have a word of their own */
  useEffect(() => {
    const stop = new AbortController();
    setSamples([]);
    ask<Page<Product>>('products', {
      query: { seller: card.seller, category: card.key, undecided: some ? card.target : undefined, limit: 6 },
      signal: stop.signal,
    }).then((page) => setSamples(page.items), () => {});
    return () => stop.abort();
  }, [key, sessionOver.value]);
  if (!samples.length) return null;
  const title = t(some ? 'card.samples-open' : 'card.samples');
  return (
    <section class="samples" aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {samples.map((p) => (
          <li key={p.id}>
            <Picture product={p} small />
            <span><Marked title={p.title} words={words} /></span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function whyText(card: review.Card): string {
  const words: Record<string, string> = {
    'no decision': t('why.no-decision'),
    refused: t('why.refused'),
    proposed: t('why.proposed'),
    'leaf is gone': t('why.gone'),
  };
  return words[card.why] ?? told('queue', card.why);
}

function Clash({ card }: { card: review.Card }) {
  if (card.failed)
    return (
      <div class="clash" role="alert">
        <strong>{t('failed.title')}:</strong> <Said text={card.failed} />
      </div>
    );
  const { clash: other, wanted } = card;
  if (!other) return null;
  const path = card.candidates.find((c) => c.category === other.category)?.path;
  const what = other.state === 'accepted' ? (path ?? other.category ?? '') : told('state', other.state);
  return (
    <div class="clash" role="alert">
      <strong>{t('clash.title', { who: other.who })}</strong>
      <p>{t(wanted ? 'clash.what' : 'clash.chose', { who: other.who, what })}</p>
      <button onClick={first(() => review.keepTheirs(card))}>{t('do.keep')}</button>{' '}
      {wanted && (
        <button onClick={first(() => review.insist(card, wanted))}>
          {t('do.mine')}: {wanted.name ?? told('state', wanted.state)}
        </button>
      )}{' '}
      <button onClick={first(() => review.chooseAnew(card))}>{t('do.anew')}</button>
    </div>
  );
}

function ProductFacts({ product }: { product: Product }) {
  return (
    <dl class="facts">
      {product.brand && <><dt>{t('card.brand')}</dt><dd>{product.brand}</dd></>}
      {product.price_minor !== null && product.currency && (
        <><dt>{t('card.price')}</dt><dd>{money(product.price_minor, product.currency)}</dd></>
      )}
      {wide.value && product.description && <dd class="long">{product.description}</dd>}
    </dl>
  );
}

function CardView({ card }: { card: review.Card }) {
  const top = review.readReasons(card.candidates[0]?.reasons ?? null);
  const { words } = top;
  return (
    <article class="card" aria-live="polite">
      <Clash card={card} />
      <div class="head">
        {card.product && <Picture product={card.product} />}
        <div>
          <h2><Marked title={card.title} words={words} /></h2>
          <p class="quiet">
            {card.scope !== 'product' && (
              <strong class="covers">
                {card.open < card.products && card.open > 0
                  ? t('card.covers-open', { n: card.products, open: card.open })
                  : t('card.covers', { n: card.products })}
              </strong>
            )}
            {card.scope === 'product' && card.category && t('card.in', { category: card.category })}
            {(card.scope !== 'product' || card.category) && ' · '}{whyText(card)}
          </p>
          {words.length > 0 && <p class="quiet">{t('card.words')}: {words.map((w) => <mark key={w}>{w}</mark>)}</p>}
          {top.note && <p class="quiet"><Said text={ours(top.note, 'failure')} /></p>}
          {top.alike && <p class="quiet">{t('card.alike', { what: top.alike })}</p>}
          {card.was && <p class="quiet">{t('card.was', { path: card.was })}</p>}
          {card.now && (
            <p class="quiet">{t('card.now', { state: told('state', card.now.state), who: card.now.who })}</p>
          )}
          {card.product && <ProductFacts product={card.product} />}
        </div>
      </div>
      {card.scope !== 'product' && <Samples card={card} words={words} />}
    </article>
  );
}

/* ---- candidates ---- */

function Candidate({ card, of, n }: { card: review.Card; of: Suggestion; n: number }) {
  const reasons = review.readReasons(of.reasons);
  return (
    <li class={of.open ? 'candidate' : 'candidate closed'}>
      <button disabled={!of.open || !mayDecide.value} onClick={first(() => review.accept(card, n))}>
        <kbd>{n + 1}</kbd>
        <Path path={of.path ?? of.category} />
        <Confidence value={of.confidence} />
        <small class="advisor">
          {told('by', of.advisor)}
          {!of.open && ` · ${t('cand.closed')}`}
          {wide.value && reasons.words.length > 0 && ` · ${reasons.words.join(', ')}`}
        </small>
      </button>
    </li>
  );
}

function Actions({ card }: { card: review.Card }) {
  const may = mayDecide.value;
  if (!may) return <p class="quiet">{t('app.look-only')}</p>;
  const top = card.candidates[0];
  return (
    <div class="actions doing">
      <div class="bar">
        {top && <p class="choice"><Path path={top.path ?? top.category} /><Confidence value={top.confidence} /></p>}
        <div class="actions">
          <button class="first" disabled={!top?.open} onClick={first(() => review.accept(card, 0))}>{t('do.accept')} <kbd>a</kbd></button>
          <button disabled={!top} onClick={first(() => review.reject(card))}>{t('do.reject')} <kbd>x</kbd></button>
          <button onClick={first(review.skip)}>{t('do.skip')} <kbd>s</kbd></button>
          <button onClick={first(() => review.decide(card, { state: 'none' }))}>{t('do.none')} <kbd>n</kbd></button>
          <button onClick={first(() => void review.undo())} disabled={!review.steps.value.length}>{t('do.undo')} <kbd>u</kbd></button>
        </div>
      </div>
      <div class="actions">
        <button disabled={!top} onClick={() => review.ruleOfTop(card)}>{t('do.rule')} <kbd>r</kbd></button>
        <button disabled={!review.approvable().length} onClick={() => (box.value = 'all')}>{t('do.all')} <kbd>⇧A</kbd></button>
        <button aria-pressed={wide.value} onClick={() => (wide.value = !wide.value)}>{t('card.evidence')} <kbd>e</kbd></button>
        <button aria-pressed={browsing.value} onClick={() => (browsing.value = !browsing.value)}>{t('tree.title')} <kbd>t</kbd></button>
        <button class="of-keys" onClick={() => (box.value = 'help')}>{t('help.title')} <kbd>?</kbd></button>
      </div>
    </div>
  );
}

function NothingHere() {
  const numbers = review.counts.value;
  const shown = review.by.value === 'category' ? numbers?.by_category : numbers?.by_product;
  if (numbers?.products === 0)
    return (
      <Empty>
        <p>{t('prod.none')}</p>
        <a class="button first" href={addressOf('import')}>{t('import.title')}</a>
      </Empty>
    );
  const onward = review.queues.find((q) => q !== 'done' && q !== review.queue.value && (shown?.[q] ?? 0) > 0);
  return (
    <Empty>
      <p>{t(`empty.${review.queue.value}`)}</p>
      {onward && (
        <button class="first" onClick={() => review.show(onward)}>
          {t('empty.next', { queue: t(`queue.${onward}`), n: atLeast(shown?.[onward] ?? 0, isMore(onward)) })}
        </button>
      )}
    </Empty>
  );
}

/* ---- keys ---- */

/* What the word at the bottom offers, which may be many at once; else the last decision. */
function takeBack(): void {
  const offered = toast.value?.undo;
  toast.value = null;
  if (offered) offered();
  else void review.undo();
}

/* True when the key did something. `prefix`: the g of "g 2" went before. */
function press(e: KeyboardEvent, prefix: boolean, search: () => void): boolean {
  const card = review.current.value;
  const digit = /^[1-9]$/.test(e.key) ? Number(e.key) : 0;
  if (prefix) {
    const name = review.queues[digit - 1];
    if (name) review.show(name);
    return !!name;
  }
  if (e.key === '?') box.value = 'help';
  else if (e.key === '/') search();
  else if (e.key === 'e') wide.value = !wide.value;
  else if (e.key === 't') browsing.value = !browsing.value;
  else if (e.key === 'j' || e.key === 'ArrowDown') review.move(1);
  else if (e.key === 'k' || e.key === 'ArrowUp') review.move(-1);
  else if (e.key === 'u') takeBack();
  else if (!card) return false;
  else if (e.key === 's') review.skip();
  else if (!mayDecide.value) say({ text: t('app.look-only'), kind: 'failed' });
  else if (e.key === 'a' || e.key === 'Enter') review.accept(card, 0);
  else if (digit) review.accept(card, digit - 1);
  else if (e.key === 'x') review.reject(card);
  else if (e.key === 'n') review.decide(card, { state: 'none' });
  else if (e.key === 'r' && card.candidates.length) review.ruleOfTop(card);
  else if (e.key === 'A' && review.approvable().length) box.value = 'all';
  else return false;
  return true;
}

function useKeys(search: () => void): void {
  useEffect(() => {
    let prefix = false;
    const onKey = (e: KeyboardEvent): void => {
      const plain = !e.ctrlKey && !e.metaKey && !e.altKey && !isTyping(e) && !box.value && !review.ruling.value;
      const onButton = e.key === 'Enter' && isWithin(e, 'button, a');
      if (!plain || onButton || e.repeat) return;
      if (e.key === 'g' && !prefix) {
        prefix = true;
        return;
      }
      if (press(e, prefix, search)) e.preventDefault();
      prefix = false;
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/* ---- all of it ---- */

/* The next card begins at its beginning, wherever the last one was left; where all is one column
 * that is scrolled, this is where the card stands. */
function toTop(middle: HTMLElement | null, right: HTMLElement | null): void {
  const main = middle?.closest('main');
  if (!middle || !right || !main) return;
  middle.scrollTop = right.scrollTop = 0;
  if (middle.getBoundingClientRect().top < main.getBoundingClientRect().top) middle.scrollIntoView();
}

export function Review() {
  const input = useRef<HTMLInputElement>(null);
  const middle = useRef<HTMLElement>(null);
  const right = useRef<HTMLElement>(null);
  const card = review.current.value;
  useSubject(t(`queue.${review.queue.value}`));
  useEffect(review.watch, []);
  useEffect(() => toTop(middle.current, right.current), [card?.seller, card?.scope, card?.key]);
  useKeys(() => input.current?.focus());
  const pick = (c: Category): void => {
    if (!card || !mayDecide.value) return;
    if (c.leaf && c.open) review.decide(card, { state: 'accepted', category: c.id, name: c.name });
    else sayFailure(t('cand.closed'));
  };
  return (
    <div class="review">
      <aside class="left">
        <Queues />
        <Waiting />
      </aside>
      <section class="middle" ref={middle} aria-label={t('app.review')}>
        {review.trouble.value && <Trouble what={review.trouble.value} again={() => void review.load()} />}
        {card && (
          <>
            <p class="place quiet">{t('card.of', { i: review.at.value + 1, n: atLeast(review.cards.value.length, !!review.next.value) })}</p>
            <CardView card={card} />
          </>
        )}
        {!card && !review.trouble.value && (review.loading.value ? <p class="quiet">{t('app.loading')}</p> : <NothingHere />)}
      </section>
      <section class="right" ref={right} aria-label={t('cand.title')}>
        {card && <Actions card={card} />}
        <Search box={input} onPick={pick} leavesOnly />
        {card && browsing.value && <Browse from={card.candidates[0]?.category ?? ''} onPick={pick} />}
        {card && (
          <ol class="candidates">
            {card.candidates.map((s, n) => <Candidate key={s.category} card={card} of={s} n={n} />)}
          </ol>
        )}
        {card && card.candidates.length === 0 && <p class="quiet">{t('cand.none')}</p>}
      </section>
      <Boxes />
    </div>
  );
}
