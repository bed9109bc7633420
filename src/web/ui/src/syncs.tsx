/* syncs.tsx - what syncs changed: whom it hurts first, with a successor each to accept one by
 * one or all safe ones at once; then what differs between two states of the tree, by kind */
import { useEffect, useState } from 'preact/hooks';
import { ask, seg, type Category, type Decision, type Impact, type Page, type Run, type Snapshot } from './api';
import { leafOf } from './review';
import { addressOf, explain, mayDecide, place, productAddress, rename, say, sayFailure, searchAddress, target } from './state';
import { language, locale, number, ours, t, told, toldResult, when } from './text';
import { Confidence, Empty, Loading, Path, Said, Trouble, useOnce } from './parts';

interface Difference {
  changes: string[];
  was: Category | null;
  is: Category | null;
}

interface Diff {
  items: Difference[];
  counts: Record<string, number>;
  left_out: number;
}

const kinds = ['added', 'removed', 'renamed', 'moved', 'leaf_to_parent', 'parent_to_leaf', 'permission'] as const;
type Kind = (typeof kinds)[number];

/* The marketplace's own word, and an equal name elsewhere: safe without looking. */
const SAFE = 0.95;
const MOST = 200;
const isSafe = (i: Impact): boolean => !!i.successor && (i.successor.by === 'marketplace' || i.successor.confidence >= SAFE);

interface Outcome {
  batch: string | null;
  items: { key: string; ok: boolean; detail?: string }[];
}

const nameOf = (d: Decision): string => JSON.stringify([d.seller, d.scope, d.key]);

/* ---- whom it hurts ---- */

async function move(impacts: Impact[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let i = 0; i < impacts.length; i += MOST) {
    const decisions = impacts.slice(i, i + MOST).map(({ mapping: m, successor }) => ({
      seller: m.seller, scope: m.scope, key: m.key, state: 'accepted', category: successor?.id, expected: m.seq,
    }));
    const batch = outcomes[0]?.batch;
    outcomes.push(await ask<Outcome>('decisions', { method: 'POST', body: { target: target.value, decisions, ...(batch && { batch }) } }));
  }
  return outcomes;
}

function ImpactRow({ impact, busy, onAccept }: { impact: Impact; busy: boolean; onAccept: () => void }) {
  const { mapping, successor } = impact;
  return (
    <li class="card impact">
      <p>
        {mapping.scope === 'product' ? <a href={productAddress(mapping.seller, mapping.key)}><strong>{mapping.key}</strong></a> : <strong>{mapping.key}</strong>} <small>{told('scope', mapping.scope)}</small>
        {impact.products > 1 && <> · {t('card.covers', { n: impact.products })}</>} · <span class="wrong">{told('hurt', impact.why)}</span>
      </p>
      <div class="sides">
        <div><small>{t('sync.was')}</small> <Path path={impact.was_path} /></div>
        <div>
          <small>{t('sync.is')}</small>
          {successor ? (
            <>
              <Path path={successor.path} />
              <p class="row"><small>{told('by', successor.by)}</small><Confidence value={successor.confidence} /></p>
            </>
          ) : (
            <p class="quiet">{t('sync.none')} <a href={addressOf('review')}>{t('app.review')} →</a></p>
          )}
        </div>
        {successor && mayDecide.value && <button disabled={busy} onClick={onAccept}>{t('sync.accept')}</button>}
      </div>
    </li>
  );
}

function Hurt() {
  const [impacts, setImpacts] = useState<Impact[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const { busy, once } = useOnce();
  const where = target.value;
  const load = (): Promise<void> =>
    ask<{ items: Impact[] }>(`trees/${seg(where)}/impact`, { query: { limit: 2000, locale: locale() } })
      .then((r) => { setImpacts(r.items); setTrouble(''); }, (e: unknown) => setTrouble(explain(e)));
  useEffect(() => void load(), [where, language.value]);

  const accept = async (chosen: Impact[]): Promise<void> => {
    try {
      const outcomes = await move(chosen);
      const refused = outcomes.flatMap((o) => o.items).filter((x) => !x.ok);
      const first = chosen[0]?.successor;
      const said = chosen.length === 1 && first && !refused.length
        ? t('toast.accepted', { n: chosen[0]?.mapping.key ?? '', leaf: leafOf(first.path) })
        : t('toast.all', { n: chosen.length - refused.length });
      say({ text: refused.length ? `${said} · ${ours(refused[0]?.detail ?? '', 'failure')}` : said, kind: refused.length ? 'failed' : 'done' });
    } catch (e) {
      sayFailure(e);
    }
    await load();
  };

  if (trouble) return <Trouble what={trouble} again={() => void load()} />;
  if (!impacts) return <Loading />;
  const safe = impacts.filter(isSafe);
  const products = impacts.reduce((n, i) => n + i.products, 0);
  return (
    <section class="hurt" aria-label={t('sync.hurt')}>
      <div class="row">
        <h2>{impacts.length ? t('sync.affects', { n: impacts.length, products }) : t('sync.hurt')}</h2>
        {safe.length > 0 && mayDecide.value && <button class="first" disabled={busy} onClick={() => once(() => accept(safe))}>{t('sync.safe', { n: safe.length })}</button>}
      </div>
      {impacts.length === 0 && <p class="quiet">{t('sync.unhurt')}</p>}
      <ul class="plain">{impacts.map((i) => <ImpactRow key={nameOf(i.mapping)} impact={i} busy={busy} onAccept={() => once(() => accept([i]))} />)}</ul>
    </section>
  );
}

/* ---- what differs ---- */

function DiffRow({ row }: { row: Difference }) {
  const { was, is } = row;
  return (
    <tr>
      <td data-label={t('sync.what')}><span class="badges">{row.changes.map((c) => <span key={c} class="badge">{told('change', c)}</span>)}</span></td>
      <td data-label={t('sync.was')}>{was && <Path path={was.path} />}</td>
      <td data-label={t('sync.is')}>
        {is && (
          <div>
            <a href={addressOf('trees', is.id)}><Path path={is.path} /></a>
            {is.permissions && is.permissions !== was?.permissions && <small> {is.permissions}</small>}
          </div>
        )}
      </td>
    </tr>
  );
}

/* "leaf" is told both of a leaf that got children and of a parent that lost them. */
function isOf(d: Difference, kind: Kind): boolean {
  if (kind === 'leaf_to_parent') return d.changes.includes('leaf') && !d.is?.leaf;
  if (kind === 'parent_to_leaf') return d.changes.includes('leaf') && !!d.is?.leaf;
  return d.changes.includes(kind);
}

/* A snapshot's number, told by its time. */
function Choice({ name, of, value, onValue }: { name: string; of: Snapshot[]; value: number; onValue: (id: number) => void }) {
  return (
    <label>
      {name}
      <select value={value} onChange={(e) => onValue(Number(e.currentTarget.value))}>
        {of.map((s) => <option key={s.id} value={s.id}>{when(s.taken_at)} ({s.id})</option>)}
      </select>
    </label>
  );
}

/* Which two states are compared, and what of it is shown, stands in the address; else the newest two. */
function comparedHere(all: Snapshot[]): { pair: [number, number] | null; only: Kind | '' } {
  const { query } = place.value;
  const at = (name: string, otherwise: Snapshot | undefined): number | undefined =>
    all.find((s) => String(s.id) === query.get(name))?.id ?? otherwise?.id;
  const [from, to] = [at('from', all[1]), at('to', all[0])];
  return { pair: from !== undefined && to !== undefined ? [from, to] : null, only: kinds.find((k) => k === query.get('kind')) ?? '' };
}

function Differences() {
  const [snapshots, setSnapshots] = useState<Snapshot[] | null>(null);
  const [diff, setDiff] = useState<Diff | null>(null);
  const [trouble, setTrouble] = useState('');
  const where = target.value;
  const { pair, only } = comparedHere(snapshots ?? []);
  const compare = (from: number, to: number, kind: string): void => rename(searchAddress('syncs', { from: String(from), to: String(to), kind }));

  const load = (): void => {
    setDiff(null);
    ask<Page<Snapshot>>(`trees/${seg(where)}/snapshots`, { query: { limit: 50 } }).then((page) => {
      setSnapshots(page.items);
      setTrouble('');
    }, (e: unknown) => setTrouble(explain(e)));
  };
  useEffect(load, [where]);
  useEffect(() => {
    if (pair) ask<Diff>(`trees/${seg(where)}/diff`, { query: { from: pair[0], to: pair[1], limit: 2000, locale: locale() } }).then(setDiff, sayFailure);
  }, [pair?.[0], pair?.[1], where, language.value]);

  const rows = diff?.items.filter((d) => !only || isOf(d, only)) ?? [];
  return (
    <section class="differences" aria-label={t('sync.differs')}>
      <h2>{t('sync.differs')}</h2>
      {!snapshots && !trouble && <Loading />}
      {trouble && <Trouble what={trouble} again={load} />}
      {snapshots && !pair && <p class="quiet">{t('sync.one')}</p>}
      {snapshots && pair && (
        <div class="row begin">
          <Choice name={t('sync.from')} of={snapshots} value={pair[0]} onValue={(id) => compare(id, pair[1], only)} />
          <Choice name={t('sync.to')} of={snapshots} value={pair[1]} onValue={(id) => compare(pair[0], id, only)} />
        </div>
      )}
      {diff && (
        <div class="actions" role="group" aria-label={t('sync.kinds')}>
          {kinds.map((k) => (
            <button key={k} aria-pressed={only === k} disabled={!diff.counts[k] && only !== k} onClick={() => pair && compare(pair[0], pair[1], only === k ? '' : k)}>
              {t(`diff.${k}`)} <strong>{number(diff.counts[k] ?? 0)}</strong>
            </button>
          ))}
        </div>
      )}
      {diff?.items.length === 0 && <p class="quiet">{t('sync.same')}</p>}
      {rows.length > 0 && (
        <div class="wide" tabIndex={0} role="region" aria-label={t('sync.differs')}>
          <table class="stack">
            <thead><tr><th>{t('sync.what')}</th><th>{t('sync.was')}</th><th>{t('sync.is')}</th></tr></thead>
            <tbody>{rows.map((d) => <DiffRow key={(d.is ?? d.was)?.id} row={d} />)}</tbody>
          </table>
        </div>
      )}
      {!!diff?.left_out && <p class="quiet">{t('sync.more', { n: diff.left_out })}</p>}
    </section>
  );
}

/* ---- runs ---- */

function Runs() {
  const [runs, setRuns] = useState<Run[] | null>(null);
  const where = target.value;
  const [trouble, setTrouble] = useState('');
  const load = (): void =>
    void ask<Page<Run>>('runs', { query: { target: where, kind: 'sync', limit: 20 } })
      .then((p) => { setRuns(p.items); setTrouble(''); }, (e: unknown) => setTrouble(explain(e)));
  useEffect(load, [where]);
  return (
    <section aria-label={t('jobs.runs')}>
      <h2>{t('jobs.runs')}</h2>
      {trouble && <Trouble what={trouble} again={load} />}
      {!runs && !trouble && <Loading />}
      {runs?.length === 0 && <Empty><p>{t('sync.norun')}</p></Empty>}
      <div class="wide" tabIndex={0} role="region" aria-label={t('jobs.runs')}>
        <table>
          <tbody>
            {runs?.map((r) => (
              <tr key={r.id}>
                <td>{when(r.started_at)}</td>
                <td><span class={`state ${r.state}`}>{told('run', r.state)}</span></td>
                <td><Said text={toldResult(r.text ?? '')} /></td>
                <td><code>{r.id}</code></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/* Each anew for another target: nothing of one is told, or moved, under another's name. */
export function Syncs() {
  return (
    <div class="sheet">
      <div class="row">
        <h1>{t('app.syncs')}</h1>
        <a href={addressOf('jobs')}>{t('jobs.sync')} →</a>
      </div>
      <Hurt key={`hurt ${target.value}`} />
      <Differences key={`differences ${target.value}`} />
      <Runs key={`runs ${target.value}`} />
    </div>
  );
}
