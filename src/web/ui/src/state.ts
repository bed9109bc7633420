/* state.ts - what all screens share: who is here, for which target, where in the page, and
 * the word said at the bottom. */
import { batch as together, computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask, isOfFile, Problem, useCsrf, whenReached, whenSignedOut, written, type Me, type Target } from './api';
import { failed, t } from './text';

export const me = signal<Me | null>(null);
export const targets = signal<Target[]>([]);
export const target = signal<string>('');
export const sellers = signal<string[]>([]);
/* Whose products are shown: the seller's whose shop the target is of, unless another was
 * chosen, for a shop that whole catalogues are asked about through. */
const chosen = signal('');
export const seller = computed(() => chosen.value || (targets.value.find((x) => x.id === target.value)?.seller ?? ''));
export const ready = signal(false);
export const sessionOver = signal(false);

export const mayDecide = computed(() => me.value?.rights.includes('decide') ?? false);
export const mayEdit = computed(() => me.value?.rights.includes('edit') ?? false);

/* ---- where in the page: "#/trees/600001", "#/products?q=kaos&open=1" ---- */

export const screens = ['overview', 'review', 'products', 'trees', 'syncs', 'jobs', 'history', 'shops', 'people', 'import', 'columns'] as const;
export type Screen = (typeof screens)[number];

export interface Place {
  screen: Screen;
  rest: string;
  query: URLSearchParams; /* what is looked for; only right behind the screen's name */
}

/* As it stands, where somebody wrote a '%' that begins no letter. */
function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

function placeOf(hash: string): Place {
  const whole = hash.replace(/^#\/?/, '');
  const [, before, query = ''] = /^([^/?]*)\?(.*)$/.exec(whole) ?? [];
  const [name = '', ...rest] = (before ?? whole).split('/');
  const screen = screens.find((s) => s === name) ?? 'review';
  return { screen, rest: rest.map(decoded).join('/'), query: new URLSearchParams(query) };
}

export const place = signal(placeOf(location.hash));
window.addEventListener('popstate', () => together(() => {
  readWhose();
  place.value = placeOf(location.hash);
}));

/* ---- for whom: "?target=toko:v2:TIKTOK_SHOP&seller=other", where there are several. It stands
 * before the '#', so that every link on the page keeps it, and may be missing. ---- */

/* The first of it that is not here, or not for who looks. */
function readWhose(): string | undefined {
  if (!location.search) return undefined;
  const said = new URLSearchParams(location.search);
  const [where, whose] = [said.get('target') ?? '', said.get('seller') ?? ''];
  if (targets.value.some((x) => x.id === where)) target.value = where;
  chosen.value = sellers.value.includes(whose) ? whose : '';
  return where !== target.value ? where : whose && whose !== seller.value ? whose : undefined;
}

function searchFor(where: string, whose: string): string {
  if (targets.value.length <= 1 && sellers.value.length <= 1) return '';
  const said = new URLSearchParams({ target: where, ...(whose && { seller: whose }) });
  return `?${said.toString().replaceAll('%3A', ':')}`;
}

const addressHere = (): string => location.pathname + searchFor(target.value, chosen.value) + location.hash;

/* Of a product that may be another seller's. */
export function productAddress(whose: string, id: string): string {
  return (whose === seller.value ? '' : searchFor(target.value, whose)) + addressOf('products', `=${id}`);
}

/* Another than before: Back leads to that again. */
function turnTo(where: string, whose = ''): void {
  together(() => {
    target.value = where;
    chosen.value = whose;
    history.pushState(null, '', addressHere());
    place.value = placeOf(location.hash);
  });
}

export function setTarget(id: string): void {
  localStorage.setItem('aisle.target', id);
  turnTo(id);
}

export function setSeller(id: string): void {
  turnTo(target.value, id);
}

export function addressOf(screen: Screen, rest = ''): string {
  return `#/${screen}${rest ? `/${encodeURIComponent(rest)}` : ''}`;
}

/* What is left out of `query`, or empty, is not looked for. */
export function searchAddress(screen: Screen, query: Record<string, string>): string {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
  return addressOf(screen) + (text && `?${text}`);
}

/* The same place by another address: Back does not lead to the one before. */
export function rename(address: string): void {
  history.replaceState(history.state, '', address);
  place.value = placeOf(location.hash);
}

/* Where the list of products was left, with what was looked for in it. */
export const listLeft = signal(addressOf('products'));

/* What of a screen is seen, for the page's title. */
export const subject = signal('');

export function useSubject(text: string): void {
  useEffect(() => {
    subject.value = text;
    return () => { subject.value = ''; };
  }, [text]);
}

export function go(screen: Screen, rest = ''): void {
  location.hash = addressOf(screen, rest);
}

/* ---- light and dark ---- */

export type Theme = 'light' | 'dark';
const kept = localStorage.getItem('aisle.theme');
const preferred: Theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : preferred);

export function setTheme(to: Theme): void {
  theme.value = to;
  localStorage.setItem('aisle.theme', to);
}

/* ---- a word at the bottom ---- */

export interface Toast {
  text: string;
  kind: 'done' | 'failed';
  undo?: () => void;
  also?: { text: string; run: () => void };
}

export const toast = signal<Toast | null>(null);
let toastEnds = 0;

export function say(next: Toast): void {
  toast.value = next;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => (toast.value = null), next.kind === 'failed' ? 12000 : 6000);
}

export function explain(e: unknown): string {
  if (isOfFile(e)) return t('failed.file');
  if (!(e instanceof Problem)) return String(e);
  if (e.status === 0) return t('app.unreachable');
  if (e.status === 401) return t('failed.session');
  if (e.status === 403 && e.detail.startsWith('X-CSRF-Token')) return t('failed.elsewhere');
  if (e.status === 413 && !e.code) return t('failed.large');
  if (!e.detail) return t('failed.strange', { n: e.status });
  const said = failed(e.code, e.detail) + (e.remoteCode ? ` [${e.remoteCode}]` : '');
  return e.requestId && e.status >= 500 ? `${said} (${t('app.request', { id: e.requestId })})` : said;
}

export function sayFailure(e: unknown): void {
  if (e instanceof DOMException && e.name === 'AbortError') return;
  say({ text: explain(e), kind: 'failed' });
}

/* ---- the connection ---- */

export const away = signal(false); /* the last question did not reach the service */
export const returns = signal(0); /* how often it was there again */

const AGAIN_MS = 3000;
let looking = 0;

const look = (): void => void ask('me').catch(() => {});

whenReached((reached) => {
  if (reached !== away.value) return;
  away.value = !reached;
  clearInterval(looking);
  if (reached) returns.value++;
  else looking = setInterval(look, AGAIN_MS);
});
window.addEventListener('online', () => away.value && look());

/* ---- coming and going ---- */

/* Where products may be listed, as it is now; what was chosen stays so where it is there. */
export async function refreshTargets(): Promise<void> {
  const [found, businesses] = await Promise.all([ask<{ items: Target[] }>('targets'), ask<{ items: { id: string }[] }>('sellers')]);
  const last = target.value || localStorage.getItem('aisle.target');
  const missing = together(() => {
    targets.value = found.items;
    sellers.value = businesses.items.map((x) => x.id);
    target.value = found.items.find((x) => x.id === last)?.id ?? found.items[0]?.id ?? '';
    return readWhose();
  });
  history.replaceState(history.state, '', addressHere());
  if (missing) say({ text: t('app.not-here', { what: missing }), kind: 'failed' });
}

/* `known`: when where to list is on its way already. */
export async function enter(who: Me, known = refreshTargets()): Promise<void> {
  if (me.value && me.value.user !== who.user) location.reload(); /* what is shown was another's */
  useCsrf(who.csrf);
  await known;
  sessionOver.value = false;
  me.value = who;
}

/* What is on the screen, and half written, stays there under the sign-in. */
whenSignedOut(() => {
  if (me.value) sessionOver.value = true;
  return sessionOver.value;
});

export const startTrouble = signal<string | null>(null); /* why it is not known who is here */

/* Both questions at once: who is signed in waits for one answer, not for two. */
export async function start(): Promise<void> {
  ready.value = false;
  startTrouble.value = null;
  const known = refreshTargets();
  known.catch(() => {}); /* said below, by whoever waits for it */
  try {
    await enter(await ask<Me>('me'), known);
  } catch (e) {
    if (!(e instanceof Problem && e.status === 401)) startTrouble.value = explain(e);
  }
  ready.value = true;
}

/* What was decided goes first. Nothing of this visit is left to whoever signs in next. */
export async function leave(): Promise<void> {
  await written();
  try {
    await ask('session', { method: 'DELETE' });
  } catch (e) {
    if (!(e instanceof Problem && e.status === 401)) {
      say({ text: `${t('sign.still')} ${explain(e)}`, kind: 'failed' });
      return;
    }
  }
  useCsrf(null);
  ready.value = false;
  me.value = null; /* nor does a half-written form hold the page back */
  history.replaceState(null, '', '/');
  location.reload();
}
