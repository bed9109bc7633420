/* meanings.tsx - what a seller's columns mean: attributes that categories demand and no column
 * fills, each said once for all products; and what was said, to be taken back */
import { useEffect, useState } from 'preact/hooks';
import { ask, askJob, Problem, seg, type Page } from './api';
import { addressOf, explain, mayDecide, mayEdit, say, sayFailure, seller, target } from './state';
import { t, when } from './text';
import { Empty, Loading, Path, Trouble, useOnce } from './parts';
import { Leaf } from './history';

interface Value {
  id: string;
  name: string;
}

interface SellerValue {
  column: string;
  value: string;
  products: number;
  proposed: Value | null;
}

/* An attribute of a leaf that could not be filled. */
interface Gap {
  category: string;
  path: string | null;
  attribute: string;
  name: string;
  required: boolean;
  products: number;
  without_column: number;
  column: string | null;
  values: SellerValue[];
  values_more: number;
  takes: Value[];
  takes_more: number;
  takes_text: boolean;
  takes_number: boolean;
}

interface Open extends Page<Gap> {
  products: number;
  filled: number;
  unmapped: number;
  unknown: number;
}

interface Lesson {
  seq: number;
  attribute: string;
  name: string | null;
  column: string | null;
  value: string | null;
  becomes: string | null;
  category: string | null;
  who: string;
  at: string;
}

/* What is sent; what is left out holds for any. */
interface Saying {
  attribute: string;
  column?: string;
  value?: string;
  becomes?: string;
  category?: string;
  remove?: boolean;
}

const COME_AGAIN_MS = 2000;
const TRIES = 15;
const rest = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/* The service goes through one catalogue at a time, and to its end though nobody waits any more:
 * so this page asks when it has its last answer, and not for what is no longer wanted. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(what: () => Promise<T>): Promise<T> {
  const mine = last.then(what, what);
  last = mine;
  return mine;
}

/* While it is at somebody else's it says so: who is told to come again does. */
async function askOpen(query: Record<string, string | number | boolean | undefined>, wanted: () => boolean): Promise<Open> {
  const askIt = (): Promise<Open> => {
    if (!wanted()) throw new DOMException('no longer wanted', 'AbortError');
    return ask<Open>('attributes/open', { query });
  };
  for (let i = 1; ; i++)
    try {
      return await inTurn(askIt);
    } catch (e) {
      if (!(e instanceof Problem && e.status === 503) || i === TRIES || !wanted()) throw e;
      await rest(COME_AGAIN_MS);
    }
}

interface Known {
  open: Open | null;
  taught: Lesson[] | null;
  moreTaught: string | undefined;
}

function useKnown(all: boolean): Known & { trouble: string; busy: boolean; reload: () => void; more: () => void } {
  const [known, setKnown] = useState<Known>({ open: null, taught: null, moreTaught: undefined });
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(0);
  const query = { target: target.value, seller: seller.value };

  const load = (wanted: () => boolean, after?: string): void => {
    setBusy(true);
    void Promise.all([
      askOpen({ ...query, all, limit: 50, after }, wanted),
      ask<Page<Lesson>>('attributes', { query: { ...query, limit: 200 } }),
    ]).then(([open, lessons]) => {
      if (!wanted()) return;
      setKnown((old) => ({
        open: after && old.open ? { ...open, items: [...old.open.items, ...open.items] } : open,
        taught: lessons.items,
        moreTaught: lessons.next,
      }));
      setTrouble('');
    }, (e: unknown) => { if (wanted()) setTrouble(explain(e)); })
      .then(() => { if (wanted()) setBusy(false); });
  };
  useEffect(() => {
    let gone = false;
    load(() => !gone);
    return () => { gone = true; };
  }, [target.value, seller.value, all, asked]);
  return { ...known, trouble, busy, reload: () => setAsked((n) => n + 1), more: () => load(() => true, known.open?.next) };
}

/* Kept as one batch, which the word at the bottom offers to take back. */
async function teach(lessons: Saying[], then: () => void): Promise<void> {
  try {
    const done = await ask<{ items: Lesson[]; batch: string }>('attributes', {
      method: 'POST', body: { target: target.value, seller: seller.value, lessons },
    });
    const undo = (): void => void ask(`attributes/batches/${seg(done.batch)}/undo`, { method: 'POST' })
      .then(() => { say({ text: t('toast.undone-all'), kind: 'done' }); then(); }, sayFailure);
    say({ text: t(lessons[0]?.remove ? 'toast.undone-all' : 'mean.kept', { n: done.items.length }), kind: 'done', undo });
  } catch (e) {
    sayFailure(e);
  }
  then();
}

/* ---- what is open ---- */

/* A value of the attribute, by its id where all there are are known, else by name or as text. */
function Meaning({ of, name, label, value, onValue }: { of: Gap; name: string; label: string; value: string; onValue: (to: string) => void }) {
  const list = `takes-${of.category}-${of.attribute}`;
  const set = (e: { currentTarget: { value: string } }): void => onValue(e.currentTarget.value);
  if (of.takes.length && !of.takes_more && !of.takes_text)
    return (
      <select name={name} aria-label={label} value={value} onChange={set}>
        <option value="" />
        {of.takes.map((v) => <option key={v.id} value={v.id}>{v.name}</option>)}
      </select>
    );
  return <input name={name} aria-label={label} list={of.takes.length ? list : undefined} inputMode={of.takes_number ? 'decimal' : undefined} value={of.takes.find((v) => v.id === value)?.name ?? value} onInput={set} />;
}

function sayings(gap: Gap, column: string, always: string, values: string[]): Saying[] {
  const { attribute, category } = gap;
  return [
    ...(column.trim() ? [{ attribute, column: column.trim() }] : []),
    ...(always.trim() ? [{ attribute, becomes: always.trim(), category }] : []),
    ...gap.values.flatMap((v, i) => (values[i]?.trim() ? [{ attribute, column: v.column, value: v.value, becomes: values[i]?.trim() ?? '' }] : [])),
  ];
}

function GapView({ gap, columns, then }: { gap: Gap; columns: string; then: () => void }) {
  const [column, setColumn] = useState(gap.column ?? '');
  const [always, setAlways] = useState('');
  const [values, setValues] = useState(gap.values.map((v) => v.proposed?.id ?? ''));
  const [busy, setBusy] = useState(false);
  const said = sayings(gap, column, always, values);
  const keep = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    await teach(said, then);
    setBusy(false);
  };
  return (
    <li class="card gap">
      <div class="row">
        <p><strong>{gap.name}</strong>{gap.required && <abbr title={t('list.required')}> *</abbr>} · {t('mean.lack', { n: gap.products })}</p>
        <a href={addressOf('trees', gap.category)}><Path path={gap.path ?? gap.category} /></a>
      </div>
      {mayDecide.value && (
        <form class="fields" onSubmit={(e) => void keep(e)}>
          {gap.takes.length > 0 && <datalist id={`takes-${gap.category}-${gap.attribute}`}>{gap.takes.map((v) => <option key={v.id} value={v.name} />)}</datalist>}
          {gap.values.map((v, i) => {
            const what = t('mean.value', { column: v.column, value: v.value });
            return (
              <label key={`${v.column} ${v.value}`}>
                <span class="long">{what} <small>{t('mean.times', { n: v.products })}</small></span>
                <Meaning of={gap} name={`value-${i}`} label={what} value={values[i] ?? ''} onValue={(to) => setValues(values.map((x, k) => (k === i ? to : x)))} />
              </label>
            );
          })}
          {gap.without_column > 0 && (
            <>
              <label>{t('mean.column')}<input name="column" list={columns} maxLength={200} value={column} onInput={(e) => setColumn(e.currentTarget.value)} /></label>
              <label><span>{t('mean.always')}</span><Meaning of={gap} name="always" label={t('mean.always')} value={always} onValue={setAlways} /></label>
            </>
          )}
          {gap.values_more > 0 && <p class="quiet">{t('mean.values-more', { n: gap.values_more })}</p>}
          <div class="actions whole"><button class="first" disabled={busy || !said.length}>{t('mean.keep')}</button></div>
        </form>
      )}
    </li>
  );
}

/* The demands of leaves that are in use and not known yet are fetched in the background. */
function Unknown({ n, then }: { n: number; then: () => void }) {
  const [busy, setBusy] = useState(false);
  const fetchThem = async (): Promise<void> => {
    setBusy(true);
    try {
      await askJob('runs', { kind: 'requirements', target: target.value });
      then();
    } catch (e) {
      sayFailure(e);
    }
    setBusy(false);
  };
  return (
    <p class="row begin">
      <span class="why">{t('mean.unknown', { n })}</span>
      {mayEdit.value && <button disabled={busy} onClick={() => void fetchThem()}>{t('mean.fetch')}</button>}
    </p>
  );
}

/* ---- what was said ---- */

function Taught({ of, more, then }: { of: Lesson[]; more: boolean; then: () => void }) {
  const { busy, once } = useOnce();
  const forget = (l: Lesson): void => once(() => teach([{
    attribute: l.attribute, remove: true,
    ...(l.column && { column: l.column }), ...(l.value && { value: l.value }), ...(l.category && { category: l.category }),
  }], then));
  return (
    <section aria-label={t('mean.taught')}>
      <h2>{t('mean.taught')}</h2>
      <div class="wide" tabIndex={0} role="region" aria-label={t('mean.taught')}>
        <table class="stack taught">
          <thead><tr><th>{t('mean.attribute')}</th><th>{t('import.column')}</th><th>{t('mean.said')}</th><th>{t('mean.becomes')}</th><th>{t('mean.where')}</th><th>{t('mean.who')}</th><td /></tr></thead>
          <tbody>
            {of.map((l) => (
              <tr key={l.seq}>
                <td data-label={t('mean.attribute')}><strong>{l.name ?? l.attribute}</strong></td>
                <td data-label={t('import.column')}>{l.column ?? t('mean.no-column')}</td>
                <td data-label={t('mean.said')}>{l.value ?? (l.column ? t('mean.any') : '')}</td>
                <td data-label={t('mean.becomes')}>{l.becomes ?? t('mean.as-is')}</td>
                <td data-label={t('mean.where')}>{l.category ? <a href={addressOf('trees', l.category)}><Leaf id={l.category} /></a> : t('mean.everywhere')}</td>
                <td data-label={t('mean.who')}><small>{l.who}, {when(l.at)}</small></td>
                <td>{mayDecide.value && <button disabled={busy} onClick={() => forget(l)}>{t('hist.undo')}</button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more && <p class="quiet">{t('cat.more', { n: of.length })}</p>}
    </section>
  );
}

export function Meanings() {
  const [all, setAll] = useState(false);
  const { open, taught, moreTaught, trouble, busy, reload, more } = useKnown(all);
  const columns = [...new Set([...(open?.items ?? []).flatMap((g) => [g.column, ...g.values.map((v) => v.column)]), ...(taught ?? []).map((l) => l.column)])];
  return (
    <div class="sheet">
      <p><a href={addressOf('products')}>← {t('app.products')}</a></p>
      <div class="row">
        <h1>{t('mean.title')}</h1>
        <button aria-pressed={all} onClick={() => setAll(!all)}>{t('mean.all')}</button>
      </div>
      <p class="quiet">{t('mean.hint')}</p>
      {trouble && <Trouble what={trouble} again={reload} />}
      {!open && !trouble && <Loading />}
      {open && (
        <>
          <p role="status">{t('mean.filled', { n: open.filled, all: open.products })}{open.unmapped > 0 && <> · <a href={addressOf('review')}>{t('mean.unmapped', { n: open.unmapped })}</a></>}</p>
          {open.unknown > 0 && <Unknown n={open.unknown} then={reload} />}
          {!open.items.length && !open.unknown && <Empty><p>{t(open.products ? 'mean.none' : 'mean.no-product')}</p>{!open.products && <a class="button first" href={addressOf('review')}>{t('app.review')}</a>}</Empty>}
          <datalist id="own-columns">{columns.map((c) => c && <option key={c} value={c} />)}</datalist>
          <ul class="plain">{open.items.map((g) => <GapView key={JSON.stringify(g)} gap={g} columns="own-columns" then={reload} />)}</ul>
          {open.next && <button disabled={busy} onClick={more}>{t('app.more')}</button>}
        </>
      )}
      {!!taught?.length && <Taught of={taught} more={!!moreTaught} then={reload} />}
    </div>
  );
}
