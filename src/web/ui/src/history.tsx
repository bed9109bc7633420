/* history.tsx - decisions as they were taken, by batch, and taking a batch back. An undo is
 * a batch too, so taking it back is redo. */
import { useEffect, useState } from 'preact/hooks';
import { ask, seg, type Batch, type Decision, type Page } from './api';
import { addressOf, explain, mayDecide, say, sayFailure, seller, target } from './state';
import { language, locale, number, t, told, when } from './text';
import { Empty, Loading, Trouble, useOnce } from './parts';

const states = ['accepted', 'proposed', 'rejected', 'none', 'cleared'] as const;

/* A leaf by its name, asked for once however many decisions name it; its id where the tree
 * no longer has it. */
const names = new Map<string, Promise<string>>();

function nameOf(id: string): Promise<string> {
  const key = `${target.value} ${locale()} ${id}`;
  const known = names.get(key) ??
    ask<{ category: { name: string } }>(`trees/${seg(target.value)}/categories/${seg(id)}`, { query: { locale: locale() } }).then((r) => r.category.name || id, () => id);
  names.set(key, known);
  return known;
}

export function Leaf({ id }: { id: string }) {
  const [name, setName] = useState(id);
  useEffect(() => {
    let gone = false;
    void nameOf(id).then((known) => gone || setName(known));
    return () => { gone = true; };
  }, [id, language.value]);
  return <>{name}</>;
}

function Decisions({ batch }: { batch: string }) {
  const [page, setPage] = useState<Page<Decision> | null>(null);
  useEffect(() => {
    ask<Page<Decision>>('decisions', { query: { batch, limit: 100 } }).then(setPage, sayFailure);
  }, [batch]);
  return (
    <ul class="short">
      {page?.items.map((d) => (
        <li key={d.seq}>
          <span>{d.key}</span> → <strong>{told('state', d.state)}</strong> {d.category && <a href={addressOf('trees', d.category)}><Leaf id={d.category} /></a>}
        </li>
      ))}
      {page?.next && <li>…</li>}
    </ul>
  );
}

interface Undone {
  batch: string;
  reversed: number;
  left_alone: Decision[];
}

interface Shown {
  batch: Batch;
  busy: boolean;
  once: (what: () => Promise<unknown>) => void;
  changed: () => Promise<void>;
}

function BatchView({ batch, busy, once, changed }: Shown) {
  const [open, setOpen] = useState(false);
  const [left, setLeft] = useState<Decision[]>([]);
  const undo = async (): Promise<void> => {
    const done = await ask<Undone>(`batches/${seg(batch.batch)}/undo`, { method: 'POST' });
    setLeft(done.left_alone);
    say({ text: t('hist.undone', { n: done.reversed }), kind: 'done' });
    await changed();
  };
  return (
    <li class="card batch">
      <div class="row">
        <p>
          <strong>{batch.who}</strong> <small>{when(batch.at)}</small>{' '}
          {batch.undo && <span class="badge">{t('hist.isundo')}</span>}
          {batch.run && <span class="badge">{t('hist.run')}</span>}
          <br />
          {states.filter((s) => batch[s] > 0).map((s) => <span key={s} class="numbers"><span>{told('state', s)} <strong>{number(batch[s])}</strong></span></span>)}
        </p>
        <div class="actions" role="group" aria-label={`${batch.who}, ${when(batch.at)}`}>
          <button aria-expanded={open} onClick={() => setOpen(!open)}>{t('hist.show')}</button>
          {mayDecide.value && <button disabled={busy} onClick={() => once(undo)}>{batch.undo ? t('hist.redo') : t('hist.undo')}</button>}
        </div>
      </div>
      {left.length > 0 && (
        <p role="alert">{t('hist.left', { n: left.length })} {left.map((d) => `${d.key} (${d.who})`).join(', ')}</p>
      )}
      {open && <Decisions batch={batch.batch} />}
    </li>
  );
}

function Batches() {
  const [batches, setBatches] = useState<Batch[] | null>(null);
  const [next, setNext] = useState<string | undefined>();
  const [trouble, setTrouble] = useState('');
  const { busy, once } = useOnce();
  const where = target.value;

  const load = async (after?: string): Promise<void> => {
    try {
      const page = await ask<Page<Batch>>('batches', { query: { target: where, seller: seller.value, limit: 50, after } });
      setBatches((old) => (after ? [...(old ?? []), ...page.items] : page.items));
      setNext(page.next);
      setTrouble('');
    } catch (e) {
      setTrouble(explain(e));
    }
  };
  useEffect(() => void load(), []);

  return (
    <div class="sheet">
      <h1>{t('app.history')}</h1>
      {trouble && <Trouble what={trouble} again={() => void load()} />}
      {!batches && !trouble && <Loading />}
      {batches?.length === 0 && <Empty><p>{t('hist.none')}</p><a class="button first" href={addressOf('review')}>{t('app.review')}</a></Empty>}
      <ul class="plain">{batches?.map((b) => <BatchView key={b.batch} batch={b} busy={busy} once={once} changed={load} />)}</ul>
      {next && <button disabled={busy} onClick={() => once(() => load(next))}>{t('app.more')}</button>}
    </div>
  );
}

/* Anew for another target: nothing of one is told under another's name, however late. */
export function History() {
  return <Batches key={`${target.value} ${seller.value}`} />;
}
