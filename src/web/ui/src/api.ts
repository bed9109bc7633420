/* api.ts - talks to /api/v1: one function that asks, and the shapes of what comes back.
 * The shapes are those of openapi.yaml, as far as the page uses them. */

export type Role = 'viewer' | 'mapper' | 'admin';
export type Right = 'read' | 'decide' | 'edit' | 'admin';
export type Scope = 'product' | 'rule' | 'seller-category';
export type QueueName = 'needs' | 'agreed' | 'conflict' | 'broken' | 'none' | 'done';
export type By = 'category' | 'product';

export interface Me {
  user: string;
  seller: string | null;
  role: Role;
  rights: Right[];
  csrf: string | null;
}

export interface Target {
  id: string;
  shop: string;
  seller: string;
  channel: string;
}

export interface Decision {
  seq: number;
  seller: string;
  target: string;
  scope: Scope;
  key: string;
  state: 'proposed' | 'accepted' | 'rejected' | 'none' | 'cleared';
  category: string | null;
  advisor: string;
  confidence: number;
  who: string;
  batch: string;
  undoes: number;
  at: string;
}

export interface Suggestion {
  category: string;
  path: string | null;
  open: boolean;
  confidence: number;
  advisor: string;
  reasons: string | null;
}

export interface Finding {
  level: 'error' | 'warning' | 'tip';
  path: string;
  rule: string;
  code?: string;
  what: string;
  found?: string;
  allowed?: string;
  fix?: string;
  about?: { id: string; name: string }; /* the attribute or certificate that is meant */
}

export interface KeptImage {
  seller: string;
  id: string;
  kind: string;
  width: number;
  height: number;
  bytes: number;
  mended: string | null;
  findings: Finding[];
}

/* What became of a product that was checked or sent. */
export interface Outcome {
  outcome: 'created' | 'edited' | 'found' | 'same' | 'ready' | 'unmapped' | 'wrong' | 'refused' | 'later';
  category: string | null;
  code: string | null;
  text: string | null;
  listing: { state: string; listing: string | null; audit: string | null; reason: string | null } | null;
  warehouses: { id: string; name: string; default: boolean }[];
  findings: Finding[];
}

export interface LeafNow {
  category: string;
  path: string;
  told: boolean;
  leaf: boolean;
  open: boolean;
  permissions: string | null;
  provisional: boolean;
}

/* Holds when that attribute has that value. */
export interface Condition {
  attribute_id: string;
  value_id: string;
}

export interface RequiredCertificate {
  id: string;
  name: string;
  required?: boolean;
  expiration_required?: boolean;
  details?: string;
  when?: Condition[];
}

export interface RequiredAttribute {
  id: string;
  name: string;
  sales?: boolean;
  required?: boolean;
  customizable?: boolean;
  multiple?: boolean;
  number?: boolean;
  when?: Condition[];
  values: { id: string; name: string }[];
}

export interface Requirement {
  category_id: string;
  rules?: {
    package_dimension_required?: boolean;
    size_chart_supported?: boolean;
    size_chart_required?: boolean;
    cod_supported?: boolean;
    manufacturer_required?: boolean;
    responsible_person_required?: boolean;
    certificates: RequiredCertificate[];
  };
  attributes?: RequiredAttribute[];
}

export interface Product {
  seller: string;
  id: string;
  title: string;
  description: string | null;
  brand: string | null;
  category: string | null;
  image: string | null;
  price_minor: number | null;
  currency: string | null;
  attributes: Record<string, unknown> | null;
  version: number;
}

export interface QueueItem {
  seller: string;
  target: string;
  scope: Scope;
  key: string;
  title: string;
  category: string | null;
  products: number;
  open: number;
  queue: QueueName;
  why: string;
  version: number;
  now: Decision | null;
  product?: Product;
  candidates: Suggestion[];
}

export type Counts = Record<QueueName, number>;

export interface QueueCounts {
  by_category: Counts;
  by_product: Counts;
  products: number;
  settled: number;
  broken_by_category: number; /* products; by_product.broken are those with a mapping of their own */
  broken_are_more: boolean; /* of the products that lost their leaf only so many were counted */
}

export interface Category {
  id: string;
  name: string;
  path: string;
  parent: string | null;
  children: number;
  leaf: boolean;
  open: boolean;
  permissions: string | null;
  provisional: boolean;
  names?: Record<string, string>;
}

export interface Snapshot {
  id: number;
  taken_at: string;
  checked_at: string;
  locales: string[];
  categories: number;
  leaves: number;
}

/* A mapping the tree no longer bears, and where it could go. */
export interface Impact {
  mapping: Decision;
  was_path: string;
  why: string;
  successor: { id: string; path: string; by: string; confidence: number } | null;
  products: number;
}

export interface Batch {
  batch: string;
  seller: string;
  target: string;
  who: string;
  run: string | null;
  undo: boolean;
  at: string;
  decisions: number;
  proposed: number;
  accepted: number;
  rejected: number;
  none: number;
  cleared: number;
}

export interface Run {
  id: string;
  kind: string;
  target: string | null;
  policy: string | null;
  state: string;
  can_resume: boolean;
  text: string | null;
  counts: Record<string, number | null>;
  started_at: string | null;
  finished_at: string | null;
}

export interface Job {
  id: string;
  kind: string;
  who: string;
  target: string;
  run: string | null;
  state: string;
  doing: string;
  text: string;
  result: unknown;
  counts: Record<string, number | null>;
  per_second: number;
  seconds_left: number;
  began_at: string;
  ended_at: string | null;
}

export interface Page<T> {
  items: T[];
  next?: string;
}

/* What went wrong, as the service says it (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly field?: string,
    readonly current?: Decision,
    readonly requestId?: string,
    readonly code = '', /* the kind of failure: "not_found" */
    readonly remoteCode = '', /* the marketplace's own */
  ) {
    super(detail);
  }
}

let csrf: string | null = null;
let onSignedOut: () => boolean = () => false;
const onSignedIn: (() => void)[] = [];

/* The word that every write says; changed by each sign-in. */
export function useCsrf(word: string | null): void {
  csrf = word;
  if (!word) return;
  for (const go of onSignedIn.splice(0)) go();
}

/* It says whether one is asked to sign in again. */
export function whenSignedOut(then: () => boolean): void {
  onSignedOut = then;
}

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  file?: Blob; /* sent as it is, instead of a body */
  ifMatch?: number;
  ifNew?: boolean; /* refused when it is there already */
  query?: Record<string, string | number | boolean | null | undefined>;
  signal?: AbortSignal;
}

function addressOf(path: string, query: Ask['query']): string {
  const args = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== '') args.set(name, String(value));
  const text = args.toString();
  return `/api/v1/${path}${text ? `?${text}` : ''}`;
}

function headersOf(ask: Ask): Record<string, string> {
  const headers: Record<string, string> = {};
  if (ask.body !== undefined) headers['Content-Type'] = 'application/json';
  if (ask.file) headers['Content-Type'] = ask.file.type || 'application/octet-stream';
  if (ask.ifNew) headers['If-None-Match'] = '*';
  if (ask.ifMatch !== undefined) headers['If-Match'] = `"${ask.ifMatch}"`;
  if (isWrite(ask) && csrf) headers['X-CSRF-Token'] = csrf;
  if (mayRepeat(ask)) headers['Idempotency-Key'] = randomKey();
  return headers;
}

/* Not crypto.randomUUID: that is only there over TLS or on the same machine. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

function isWrite(ask: Ask): boolean {
  return ask.method !== undefined && ask.method !== 'GET';
}

function mayRepeat(ask: Ask): boolean {
  return ask.method === 'PUT' || ask.method === 'POST';
}

async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text().catch(() => '');
  try {
    const p = JSON.parse(text) as {
      detail?: string;
      field?: string;
      current?: Decision;
      request_id?: string;
      code?: string;
      remote_code?: string;
    };
    return new Problem(answer.status, p.detail ?? answer.statusText, p.field, p.current, p.request_id, p.code, p.remote_code);
  } catch {
    return notOurs(answer.status, text);
  }
}

/* Something in between answered: a proxy whose service is away says so by its number. */
function notOurs(status: number, text: string): Problem {
  if (status >= 502 && status <= 504) return unreached();
  return new Problem(status, /^\s*</.test(text) ? '' : text.slice(0, 200));
}

let onReach: (reached: boolean) => void = () => {};

/* Told after each question whether the service was reached. */
export function whenReached(then: (reached: boolean) => void): void {
  onReach = then;
}

function unreached(): Problem {
  onReach(false);
  return new Problem(0, '');
}

/* What came back; a connection may break in the middle of it, and a page to sign in to a network
 * is no answer of ours. */
async function read<T>(answer: Response): Promise<T> {
  try {
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw unreached();
  }
}

/* Throws a Problem; status 0 when the service cannot be reached, or the file to be sent. What was asked before one
 * signed in again, and answered after, is asked once more; what is only read waits for that. */
export function ask<T>(path: string, how: Ask = {}): Promise<T> {
  const answer = send<T>(path, how);
  if (isWrite(how)) noteWrite(answer);
  return answer;
}

async function send<T>(path: string, how: Ask): Promise<T> {
  let answer: Response;
  const word = csrf;
  const init: RequestInit = { method: how.method ?? 'GET', headers: headersOf(how), credentials: 'same-origin' };
  if (how.body !== undefined) init.body = JSON.stringify(how.body);
  if (how.file) init.body = how.file;
  if (how.signal) init.signal = how.signal;
  try {
    answer = await fetch(addressOf(path, how.query), init);
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    if (how.file && !(await isReadable(how.file))) throw new Problem(0, FILE_CHANGED);
    throw unreached();
  }
  const problem = answer.ok ? null : await problemOf(answer);
  if (problem?.status !== 0) onReach(true);
  if (problem?.status === 401 && path !== 'session' && path !== 'me') {
    if (word !== csrf) return send<T>(path, how);
    if (onSignedOut() && !isWrite(how)) return readOnceSignedIn<T>(path, how);
  }
  if (problem) throw problem;
  return read<T>(answer);
}

const FILE_CHANGED = 'the file changed';

/* It is a file's own failure: it has to be chosen again. */
export function isOfFile(e: unknown): boolean {
  if (e instanceof DOMException) return e.name === 'NotReadableError' || e.name === 'NotFoundError';
  return e instanceof Problem && e.detail === FILE_CHANGED;
}

/* A file that was changed or moved after it was chosen is given to the page no more. */
function isReadable(file: Blob): Promise<boolean> {
  return file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const waiting = new Map<string, Promise<unknown>>(); /* by address: what is asked time and again waits once */

async function readOnceSignedIn<T>(path: string, how: Ask): Promise<T> {
  const at = addressOf(path, how.query);
  const { signal: _signal, ...shared } = how;
  const answer = waiting.get(at) ?? new Promise<void>((go) => onSignedIn.push(go)).then(() => {
    waiting.delete(at);
    return send<T>(path, shared);
  });
  waiting.set(at, answer);
  const found = await answer;
  how.signal?.throwIfAborted();
  return found as T;
}

/* ---- what is on its way ---- */

const writes = new Set<Promise<unknown>>();

function noteWrite(answer: Promise<unknown>): void {
  writes.add(answer);
  const forget = (): void => void writes.delete(answer);
  answer.then(forget, forget);
}

const LONG_MS = 6000;

/* Once all that was written is answered, kept or not, or takes long. */
export async function written(): Promise<void> {
  await Promise.race([Promise.allSettled(writes), rest(LONG_MS)]);
}

/* A page that is closed takes along what was not answered: the browser asks first. */
window.addEventListener('beforeunload', (e) => {
  if (writes.size && csrf) e.preventDefault();
});

const LOOK_MS = 200;
const AWAY_MS = 2000;

/* As it is now. While the service cannot be reached it goes on there, and is looked at again. */
async function later(job: Job): Promise<Job> {
  await rest(LOOK_MS);
  try {
    return await ask<Job>(`jobs/${encodeURIComponent(job.id)}`);
  } catch (e) {
    if (!(e instanceof Problem && e.status === 0)) throw e;
    await rest(AWAY_MS);
    return job;
  }
}

/* Starts what the service does in the background and waits for its end. Throws a Problem
 * when it failed. */
export async function askJob(path: string, body: unknown = {}): Promise<Job> {
  let job = await ask<Job>(path, { method: 'POST', body });
  while (!job.ended_at) job = await later(job);
  if (job.state !== 'done') throw new Problem(502, job.text, undefined, undefined, undefined, job.state);
  return job;
}

/* A piece of an address. */
export const seg = encodeURIComponent;
