/* review.ts - what waits for a person, and deciding it: the next card is there at once,
 * the request follows behind it, and what fails comes back to the top with the reason.
 * Shows nothing itself; see review-view.tsx. */
import { batch as together, computed, effect, signal } from '@preact/signals';
import { ask, Problem, seg, type By, type Decision, type Impact, type Page, type QueueCounts, type QueueItem, type QueueName } from './api';
import { addressOf, explain, me, place, say, sayFailure, seller, sessionOver, target, toast } from './state';
import { language, locale, number, short, t } from './text';

export const queues: readonly QueueName[] = ['needs', 'agreed', 'conflict', 'broken', 'none', 'done'];

/* An item on the table. A clash is what somebody else decided meanwhile, instead of what
 * was wanted here. */
export interface Card extends QueueItem {
  clash?: Decision;
  wanted?: Choice;
  was?: string; /* the path of a leaf that is gone */
  failed?: string;
}

export interface Choice {
  state: 'accepted' | 'rejected' | 'none';
  category?: string;
  name?: string;
}

interface Step {
  card: Card;
  choice: Choice;
  queue: QueueName;
  by: By;
  kept: Promise<Decision | null>; /* null: it was not kept */
}

export const queue = signal<QueueName>('needs');
export const by = signal<By>('category');

/* Which queue is seen, and in which unit, stands in the address: "#/review/agreed/product". */
export const address = (name = queue.value, unit = by.value): string => `${addressOf('review')}/${name}/${unit}`;

export function show(name: QueueName, unit = by.value): void {
  together(() => {
    queue.value = name;
    by.value = unit;
  });
  location.hash = address(name, unit);
}

/* A link, or the browser's Back, may have led to another. */
effect(() => {
  const { screen, rest } = place.value;
  const [name, unit] = rest.split('/');
  if (screen !== 'review') return;
  together(() => {
    queue.value = queues.find((q) => q === name) ?? 'needs';
    by.value = unit === 'product' ? unit : 'category';
  });
});

export const cards = signal<Card[]>([]);
export const at = signal(0);
export const next = signal<string | undefined>(undefined);
export const loading = signal(false);
export const trouble = signal<string | null>(null);
export const counts = signal<QueueCounts | null>(null);
export const steps = signal<Step[]>([]);

/* What a rule is to be made of: a card's leaf, chosen already, by a colleague too, or about to be. */
export interface Ruling {
  card: Card;
  category: string;
  path: string;
  accepted: boolean;
}
export const ruling = signal<Ruling | null>(null);

export function ruleOfTop(card: Card): void {
  const top = card.candidates[0];
  if (top) ruling.value = { card, category: top.category, path: top.path ?? top.category, accepted: !!card.clash };
}

export const current = computed<Card | undefined>(() => cards.value[at.value]);

const PAGE = 50; /* enough that fast keys do not run out before more is there */
let asked = 0; /* an answer to an older question is dropped */

const sameKey = (a: QueueItem, b: QueueItem): boolean =>
  a.seller === b.seller && a.scope === b.scope && a.key === b.key;

/* ---- filling the table ---- */

let looks = 0; /* how often the numbers were asked for */
let lastSeen = 0; /* of these the last that is shown: what was asked before it, or before a decision, comes too late */

export async function refreshCounts(): Promise<void> {
  if (!target.value || !me.value || sessionOver.value) return;
  const mine = ++looks;
  try {
    const found = await ask<QueueCounts>('queues', { query: { target: target.value, seller: seller.value } });
    if (underWay > 0 || mine <= lastSeen) return;
    lastSeen = mine;
    counts.value = found;
  } catch {
    /* the old numbers stay; whatever is asked for next says what is wrong */
  }
}

/* Which card was last seen of each queue: who comes back to one, from another or from another
 * screen, goes on there. */
const left = new Map<string, { card: Card; at: number }>();
let onTable = ''; /* of which queue the cards are */

const tableNow = (): string => JSON.stringify([target.value, seller.value, queue.value, by.value]);

effect(() => {
  if (current.value) left.set(onTable, { card: current.value, at: at.value });
});

/* Where that card is by now; where it was, when it is gone. */
function leftAt(known: { card: Card; at: number } | undefined, all: Card[]): number {
  const found = known ? all.findIndex((c) => sameKey(c, known.card)) : 0;
  return found >= 0 ? found : Math.max(0, Math.min(known?.at ?? 0, all.length - 1));
}

async function fetchPage(after?: string, limit = PAGE): Promise<Page<Card>> {
  const broken = queue.value === 'broken';
  const page = ask<Page<Card>>(`queues/${queue.value}`, {
    query: { target: target.value, seller: seller.value, by: by.value, limit, after, locale: locale() },
  });
  return broken ? withSuccessors(await page, await fetchImpacts()) : page;
}

async function fetchImpacts(): Promise<Impact[]> {
  const found = await ask<{ items: Impact[] }>(`trees/${seg(target.value)}/impact`, { query: { limit: 20000, locale: locale() } });
  return found.items;
}

/* What was there, and before all other candidates what the tree's change proposes. */
function withSuccessors(page: Page<Card>, impacts: Impact[]): Page<Card> {
  const nameOf = (x: { seller: string; scope: string; key: string }): string => JSON.stringify([x.seller, x.scope, x.key]);
  const known = new Map(impacts.map((i) => [nameOf(i.mapping), i]));
  const items = page.items.map((card) => {
    const impact = known.get(nameOf(card));
    if (!impact) return card;
    const s = impact.successor;
    const others = card.candidates.filter((c) => c.category !== s?.id);
    const first = s && { category: s.id, path: s.path, open: true, confidence: s.confidence, advisor: s.by, reasons: null };
    return { ...card, was: impact.was_path, candidates: first ? [first, ...others] : others };
  });
  return { ...page, items };
}

export async function load(): Promise<void> {
  const mine = ++asked;
  const before = cards.peek(); /* no reason for watch() to load again */
  const table = tableNow();
  const known = left.get(table);
  loading.value = true;
  trouble.value = null;
  try {
    const page = await fetchPage(undefined, Math.min(WHOLE_PAGE, PAGE + (known?.at ?? 0)));
    if (mine !== asked) return;
    const returned = cards.value.filter((c) => (c.clash || c.failed) && !before.includes(c)); /* while it was asked for */
    const all = [...returned, ...page.items.filter((x) => !returned.some((c) => sameKey(c, x)))];
    together(() => {
      onTable = table;
      cards.value = all;
      next.value = page.next;
      at.value = returned.length ? 0 : leftAt(known, all);
    });
  } catch (e) {
    if (mine === asked) trouble.value = explain(e);
  }
  if (mine === asked) loading.value = false;
}

/* Those that are on the table already, or were decided here, are not put there again. */
function addPage(page: Page<Card>): void {
  const nameOf = (x: QueueItem): string => JSON.stringify([x.seller, x.scope, x.key]);
  const known = new Set([...cards.value, ...steps.value.map((s) => s.card)].map(nameOf));
  cards.value = [...cards.value, ...page.items.filter((x) => !known.has(nameOf(x)))];
  next.value = page.next;
}

export async function loadMore(): Promise<void> {
  if (!next.value || loading.value) return;
  const mine = asked;
  loading.value = true;
  try {
    const page = await fetchPage(next.value);
    if (mine !== asked) return;
    addPage(page);
  } catch (e) {
    sayFailure(e);
  }
  loading.value = false;
}

/* Call once: reloads when target, queue or unit change, and keeps the numbers live. What was
 * on the table goes at once: it is of another queue. */
export function watch(): () => void {
  const stop = effect(() => {
    void [target.value, seller.value, queue.value, by.value, language.value];
    cards.value = [];
    next.value = undefined;
    at.value = 0;
    if (target.value) void load().then(loadMore).then(refreshCounts); /* one after the other: each goes through all there is */
  });
  const often = setInterval(() => document.visibilityState === 'visible' && void refreshCounts(), 5000);
  return () => {
    stop();
    clearInterval(often);
  };
}

/* ---- moving ---- */

export function move(by: number): void {
  at.value = Math.max(0, Math.min(cards.value.length - 1, at.value + by));
  if (cards.value.length - at.value < 10) void loadMore();
}

/* Skipping puts a card behind the others. */
export function skip(): void {
  const card = current.value;
  if (!card) return;
  const rest = cards.value.filter((c) => c !== card);
  cards.value = [...rest, card];
  at.value = Math.min(at.value, rest.length);
  if (rest.length < 10) void loadMore();
}

/* ---- deciding ---- */

let underWay = 0;
let recount = 0;

function count(queueName: QueueName, unit: By, by: number): void {
  const now = counts.value;
  lastSeen = looks;
  if (!now) return;
  const of = unit === 'category' ? 'by_category' : 'by_product';
  const part = { ...now[of], [queueName]: Math.max(0, now[of][queueName] + by) };
  counts.value = { ...now, [of]: part };
}

function queueAfter(choice: Choice): QueueName {
  return choice.state === 'accepted' ? 'done' : choice.state === 'none' ? 'none' : 'needs';
}

function takeOff(card: Card): void {
  cards.value = cards.value.filter((c) => c !== card);
  at.value = Math.max(0, Math.min(at.value, cards.value.length - 1));
  if (cards.value.length < 10) void loadMore();
}

/* Whether the queue a card was taken from is the one that is seen. */
function isOnTable(step: Omit<Step, 'kept'>): boolean {
  return place.value.screen === 'review' && queue.value === step.queue && by.value === step.by && target.value === step.card.target;
}

/* On top, and seen; but who is writing in a search still sees the card it is for. True when
 * it is seen. */
function putBack(card: Card): boolean {
  const seen = current.value;
  const writing = document.activeElement?.matches('.review input') ?? false;
  cards.value = [card, ...cards.value.filter((c) => !sameKey(c, card))];
  at.value = seen && writing ? Math.max(0, cards.value.indexOf(seen)) : 0;
  return at.value === 0;
}

async function put(card: Card, choice: Choice): Promise<Decision> {
  const body = { state: choice.state, ...(choice.category ? { category: choice.category } : {}) };
  return ask<Decision>(
    `mappings/${seg(card.target)}/${seg(card.seller)}/${card.scope}/${seg(card.key)}`,
    { method: 'PUT', ifMatch: card.version, body },
  );
}

/* What comes back on top: with the other's choice, or with what went wrong. */
function returned(step: Omit<Step, 'kept'>, e: unknown): Card {
  const { clash: _clash, wanted: _wanted, failed: _failed, ...clean } = step.card;
  if (!(e instanceof Problem && e.status === 412)) return { ...clean, failed: explain(e) };
  const other = e.current;
  if (!other) return { ...clean, version: 0, now: null, failed: e.detail };
  return { ...clean, version: other.seq, now: other, clash: other, wanted: step.choice };
}

/* The answer to a first try was lost on its way: what stands is what was wanted. */
function isOurs(e: unknown, choice: Choice): e is Problem & { current: Decision } {
  const now = e instanceof Problem && e.status === 412 ? e.current : undefined;
  return !!now && now.who === me.value?.user && now.state === choice.state && (!choice.category || now.category === choice.category);
}

async function keep(step: Omit<Step, 'kept'>): Promise<Decision | null> {
  const { card, choice } = step;
  underWay++;
  try {
    return await put(card, choice);
  } catch (e) {
    if (isOurs(e, choice)) return e.current;
    count(step.queue, step.by, 1);
    count(queueAfter(choice), step.by, -1);
    steps.value = steps.value.filter((s) => s.card !== card);
    if (isOnTable(step) && putBack(returned(step, e))) toast.value = null; /* it said it was done; the card says what happened */
    else say({ text: `${t('failed.title')}: ${short(card.title)}. ${explain(e)}`, kind: 'failed' });
    return null;
  } finally {
    underWay--;
    clearTimeout(recount);
    recount = setTimeout(() => void refreshCounts(), 400);
  }
}

function announce(card: Card, choice: Choice): void {
  const title = short(card.title);
  const what = card.scope === 'product' ? title : `${title} (${number(card.products)})`;
  const text =
    choice.state === 'accepted'
      ? t('toast.accepted', { n: what, leaf: choice.name ?? choice.category ?? '' })
      : choice.state === 'none'
        ? t('toast.none', { title })
        : t('toast.rejected', { leaf: choice.name ?? title });
  const path = card.candidates.find((c) => c.category === choice.category)?.path ?? choice.name;
  const also = choice.state === 'accepted' && choice.category && card.scope !== 'rule' &&
    { text: t('do.also-rule'), run: () => { ruling.value = { card, category: choice.category ?? '', path: path ?? '', accepted: true }; } };
  say({ text, kind: 'done', undo: () => void undo(), ...(also && { also }) });
}

/* What came back on top meets keys that were meant for the card before: a colleague's decision
 * is replaced by the clash's own buttons alone. */
export function decide(card: Card, choice: Choice): void {
  if (card.clash) say({ text: t('clash.first', { who: card.clash.who }), kind: 'failed' });
  else insist(card, choice);
}

/* Whatever a colleague decided. */
export function insist(card: Card, choice: Choice): void {
  const step = { card, choice, queue: queue.value, by: by.value };
  takeOff(card);
  count(step.queue, step.by, -1);
  count(queueAfter(choice), step.by, 1);
  announce(card, choice);
  steps.value = [...steps.value, { ...step, kept: keep(step) }];
}

export function accept(card: Card, n: number): void {
  const candidate = card.candidates[n];
  if (candidate?.open)
    decide(card, { state: 'accepted', category: candidate.category, name: leafOf(candidate.path ?? candidate.category) });
}

export function reject(card: Card): void {
  const top = card.candidates[0];
  if (top) decide(card, { state: 'rejected', category: top.category, name: leafOf(top.path ?? top.category) });
}

/* Theirs stands: the card is done with. */
export function keepTheirs(card: Card): void {
  takeOff(card);
  void refreshCounts();
}

/* Theirs was seen; what to decide instead is chosen as ever. */
export function chooseAnew(card: Card): void {
  const { clash: _clash, wanted: _wanted, ...plain } = card;
  cards.value = cards.value.map((c) => (c === card ? plain : c));
}

/* ---- taking back ---- */

async function standing(card: Card): Promise<Decision | null> {
  try {
    return await ask<Decision>(`mappings/${seg(card.target)}/${seg(card.seller)}/${card.scope}/${seg(card.key)}`);
  } catch (e) {
    if (e instanceof Problem && e.status === 404) return null;
    throw e;
  }
}

/* Taken back, unless somebody decided it meanwhile: that is left alone, and shown. */
function goneBack(step: Step, kept: Decision, now: Decision | null): void {
  const { clash: _clash, wanted: _wanted, failed: _failed, ...clean } = step.card;
  const title = short(clean.title);
  const other = now && now.undoes !== kept.seq ? now : null;
  if (isOnTable(step)) putBack({ ...clean, version: now?.seq ?? 0, ...(other && { now: other, clash: other }) });
  if (other) say({ text: t('toast.not-undone', { title, who: other.who }), kind: 'failed' });
  else say({ text: t('toast.undone', { title }), kind: 'done' });
}

export async function undo(): Promise<void> {
  const step = steps.value[steps.value.length - 1];
  if (!step) {
    say({ text: t('toast.nothing'), kind: 'done' });
    return;
  }
  steps.value = steps.value.slice(0, -1);
  const kept = await step.kept;
  if (!kept) return;
  try {
    await ask(`batches/${seg(kept.batch)}/undo`, { method: 'POST' });
    goneBack(step, kept, await standing(step.card));
  } catch (e) {
    steps.value = [...steps.value, step];
    sayFailure(e);
  }
  void refreshCounts();
}

/* ---- many at once: exactly what waits in the queue ---- */

const MOST = 200; /* decisions in one request; one batch all the same */
const MOST_AGREED = 1000; /* the same of what is agreed */
const WHOLE_PAGE = 500;
export const MOST_AT_ONCE = 5000; /* cards that are fetched to be approved in one go */

/* What a person declared to have no leaf, and what is decided, is not approved in bulk. */
const bulkQueues: readonly QueueName[] = ['needs', 'agreed', 'conflict', 'broken'];

/* Those of the table a bulk approval would take. */
export function approvable(): Card[] {
  return bulkQueues.includes(queue.value) ? cards.value.filter((c) => c.candidates[0]?.open && !c.clash) : [];
}

/* The whole queue on the table, as far as it is taken in one go; false when it is wanted no
 * more, was left, or could not be had. */
export async function loadWhole(wanted: () => boolean): Promise<boolean> {
  const mine = asked;
  try {
    while (next.value && cards.value.length < MOST_AT_ONCE) {
      const page = await fetchPage(next.value, Math.min(WHOLE_PAGE, MOST_AT_ONCE - cards.value.length));
      if (mine !== asked || !wanted()) return false;
      addPage(page);
    }
  } catch (e) {
    sayFailure(e);
    return false;
  }
  return mine === asked;
}

interface Outcome {
  batch: string | null;
  items: { key: string; ok: boolean; now: Decision | null }[];
}

/* How far a bulk approval came; all of it is one batch. */
interface Bulk {
  approved: number;
  left: number;
  batch: string | null;
}

/* Told as it goes on, and at its end with how to take it back. */
async function inBulk(all: number, step: (so: Bulk) => Promise<boolean>): Promise<void> {
  const so: Bulk = { approved: 0, left: 0, batch: null };
  let failure: unknown;
  try {
    while (await step(so)) say({ text: t('toast.bulk', { n: so.approved + so.left, all }), kind: 'done' });
  } catch (e) {
    failure = e;
  }
  await load();
  void refreshCounts();
  const { batch } = so;
  const text = t('toast.all', { n: so.approved }) + (so.left ? ` · ${t('toast.left', { n: so.left })}` : '');
  const undo = batch ? { undo: () => void undoBatch(batch) } : {};
  if (failure === undefined) say({ text, kind: 'done', ...undo });
  else say({ text: `${explain(failure)} ${text}`, kind: 'failed', ...undo });
}

export function approveShown(shown: Card[]): Promise<void> {
  let at = 0;
  return inBulk(shown.length, async (so) => {
    const part = shown.slice(at, at + MOST);
    const decisions = part.map((c) => ({
      seller: c.seller, scope: c.scope, key: c.key, state: 'accepted', category: c.candidates[0]?.category, expected: c.version,
    }));
    const outcome = await ask<Outcome>('decisions', { method: 'POST', body: { target: part[0]?.target, decisions, ...(so.batch && { batch: so.batch }) } });
    so.batch ??= outcome.batch;
    so.approved += outcome.items.filter((x) => x.ok).length;
    so.left += outcome.items.filter((x) => !x.ok).length;
    at += part.length;
    return at < shown.length;
  });
}

/* In the queue of what is agreed: all there is in it, loaded or not; null in another. */
export function agreedCount(): number | null {
  const of = by.value === 'category' ? counts.value?.by_category : counts.value?.by_product;
  return queue.value === 'agreed' && of ? of.agreed : null;
}

/* Refused when their number is another by now. What was left alone still is in the queue. */
export function approveAgreed(count: number): Promise<void> {
  const whose = { target: target.value, seller: seller.value, by: by.value };
  return inBulk(count, async (so) => {
    const open = count - so.approved;
    const done = await ask<{ accepted: number; refused_count: number; batch: string | null }>('approvals', {
      method: 'POST', body: { ...whose, count: Math.min(open, MOST_AGREED), ...(so.batch && { batch: so.batch }) },
    });
    so.batch ??= done.batch;
    so.approved += done.accepted;
    so.left = done.refused_count;
    return done.accepted > 0 && so.approved + so.left < count;
  });
}

interface Undone {
  reversed: number;
  left_alone: Decision[];
}

async function undoBatch(batch: string): Promise<void> {
  try {
    const { reversed, left_alone: left } = await ask<Undone>(`batches/${seg(batch)}/undo`, { method: 'POST' });
    const said = [reversed > 0 && t('toast.undone-all'), left.length > 0 && t('toast.left', { n: left.length })];
    say({ text: said.filter(Boolean).join(' · '), kind: reversed > 0 ? 'done' : 'failed' });
  } catch (e) {
    sayFailure(e);
  }
  await load();
  void refreshCounts();
}

/* ---- a rule of it ---- */

/* Words, and the seller's category they hold in; the service writes them canonically. */
export async function makeRule(card: Card, words: string, category: string): Promise<void> {
  const parts = [words && `words=${words}`, card.category && `in=${card.category}`].filter(Boolean);
  const rule = parts.join('; ');
  try {
    const outcome = await ask<Outcome & { items: { detail?: string }[] }>('decisions', {
      method: 'POST',
      body: {
        target: card.target,
        decisions: [{ seller: card.seller, scope: 'rule', key: rule, state: 'accepted', category }],
      },
    });
    const first = outcome.items[0];
    if (!first?.ok) throw new Problem(422, first?.detail ?? '');
    say({ text: t('toast.rule', { what: rule }), kind: 'done' });
  } catch (e) {
    sayFailure(e);
  }
}

/* ---- small readings ---- */

export function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('>') + 1).trim();
}

export interface Reasons {
  words: string[];
  note: string;
  alike: string;
}

/* "kaos, pria; as "Kaos polos"": the matcher's words, then products approved alike. What
 * is no list of words is a note, such as why the marketplace named no leaf. */
export function readReasons(reasons: string | null): Reasons {
  const text = reasons ?? '';
  const like = /(?:^|; )as (".*)$/.exec(text);
  const said = like ? text.slice(0, like.index) : text;
  const words = said.split(', ').filter(Boolean);
  const alike = [...new Set(like?.[1]?.match(/"(?:[^"\\]|\\.)*"/g) ?? [])].join(', ') || (like?.[1] ?? '');
  return words.some((w) => /\s/.test(w)) ? { words: [], note: said, alike } : { words, note: '', alike };
}

/* The title cut where a deciding word begins or ends. */
export function marked(title: string, words: string[]): { text: string; hit: boolean }[] {
  const wanted = new Set(words.map((w) => w.toLowerCase()));
  return title
    .split(/([\p{L}\p{N}]+)/u)
    .filter(Boolean)
    .map((text) => ({ text, hit: wanted.has(text.toLowerCase()) }));
}
