/* overview.tsx - how a target stands, in small charts drawn by hand: who mapped it, how sure
 * that was, what the marketplace was asked and was spared, and how old its tree is */
import { useEffect, useState } from 'preact/hooks';
import { ask, seg, type Page, type QueueCounts, type Run, type Snapshot } from './api';
import { queues } from './review';
import { addressOf, explain, seller, target } from './state';
import { ago, atLeast, number, percent, t, told, when } from './text';
import { Empty, Trouble } from './parts';

interface ByAdvisor {
  advisor: string;
  proposed: number;
  accepted: number;
  rejected: number;
  none: number;
}

interface Sums {
  by: ByAdvisor[];
  confidence: number[];
  conflicts: number;
  provisional: number;
}

interface Known {
  sums: Sums;
  waits: QueueCounts;
  runs: Run[];
  tree: Snapshot;
}

async function look(where: string, whose: string): Promise<Known> {
  const query = { target: where, seller: whose };
  const [sums, waits, runs, tree] = await Promise.all([
    ask<Sums>('overview', { query }),
    ask<QueueCounts>('queues', { query }),
    ask<Page<Run>>('runs', { query: { target: where, limit: 100 } }),
    ask<Snapshot>(`trees/${seg(where)}`),
  ]);
  return { sums, waits, runs: runs.items, tree };
}

/* ---- charts ---- */

interface Bar {
  name: string;
  n: number;
  kind: string;
  more?: boolean; /* there are at least so many */
}

/* Lying bars, each with its name and number as text beside it. */
function Bars({ title, bars }: { title: string; bars: Bar[] }) {
  const most = Math.max(1, ...bars.map((b) => b.n));
  return (
    <dl class="bars" aria-label={title}>
      {bars.map((b) => (
        <div key={b.name}>
          <dt>{b.name}</dt>
          <dd>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="10" />
              <rect class={b.kind} width={(100 * b.n) / most} height="10" />
            </svg>
            <strong>{atLeast(b.n, !!b.more)}</strong>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const WIDE = 30;
const HIGH = 90;

/* Standing columns of ten steps; sure, likely and unsure by their colours. */
function Steps({ title, steps }: { title: string; steps: number[] }) {
  const most = Math.max(1, ...steps);
  const kind = (i: number): string => (i >= 9 ? 'sure' : i >= 8 ? 'likely' : 'unsure');
  return (
    <svg class="steps" viewBox={`0 0 ${WIDE * steps.length} ${HIGH + 34}`} role="img" aria-label={`${title}: ${steps.map((n, i) => `${i * 10} %: ${number(n)}`).join(', ')}`}>
      {steps.map((n, i) => {
        const high = n ? Math.max(2, (HIGH * n) / most) : 0;
        return (
          <g key={i} transform={`translate(${i * WIDE} 0)`}>
            <rect class={kind(i)} x="3" width={WIDE - 6} y={14 + HIGH - high} height={high} rx="2" />
            {n > 0 && <text class="top" x={WIDE / 2} y={10 + HIGH - high}>{number(n)}</text>}
            <text x={WIDE / 2} y={HIGH + 29}>{i * 10}</text>
          </g>
        );
      })}
      <line x1="0" x2={WIDE * steps.length} y1={HIGH + 14.5} y2={HIGH + 14.5} />
    </svg>
  );
}

const sum = (runs: Run[], name: string): number => runs.reduce((n, r) => n + (r.counts[name] ?? 0), 0);

/* ---- the page ---- */

function Shown({ sums, waits, runs, tree }: Known) {
  const calls = sum(runs, 'calls');
  const saved = sum(runs, 'saved');
  return (
    <div class="tiles">
      <section class="panel">
        <h2>{t('over.waits')}</h2>
        <p class="big">{percent(waits.products ? waits.settled / waits.products : 0)}</p>
        <p class="quiet">{t('queue.settled', { n: waits.settled, all: waits.products })}</p>
        <Bars title={t('over.waits')} bars={[
          ...queues.map((q) => ({ name: t(`queue.${q}`), n: waits.by_product[q] + (q === 'broken' ? waits.broken_by_category : 0), more: q === 'broken' && waits.broken_are_more, kind: q === 'broken' || q === 'conflict' ? 'bad' : q === 'done' ? 'sure' : 'unsure' })),
          { name: t('over.by-category'), n: Math.max(0, waits.products - waits.broken_by_category - queues.reduce((n, q) => n + waits.by_product[q], 0)), kind: 'sure' },
        ]} />
        <p><a href={addressOf('review')}>{t('app.review')} →</a></p>
      </section>
      <section class="panel">
        <h2>{t('over.by')}</h2>
        <Bars title={t('over.by')} bars={sums.by.map((b) => ({ name: told('by', b.advisor), n: b.accepted + b.proposed, kind: 'sure' }))} />
        <p class="quiet">{t('over.conflicts', { n: sums.conflicts, more: sums.provisional })}</p>
      </section>
      <section class="panel">
        <h2>{t('over.sure')}</h2>
        <Steps title={t('over.sure')} steps={sums.confidence} />
        <p class="quiet">{t('over.sure-tip')}</p>
      </section>
      <section class="panel">
        <h2>{t('over.calls')}</h2>
        <p class="big">{calls + saved ? percent(saved / (calls + saved)) : '–'}</p>
        <p class="quiet">{t('over.spared')}</p>
        <Bars title={t('over.calls')} bars={[
          { name: t('over.made'), n: calls, kind: 'likely' },
          { name: t('over.uploads'), n: sum(runs, 'uploads'), kind: 'unsure' },
          { name: t('over.recommends'), n: sum(runs, 'recommends'), kind: 'unsure' },
          { name: t('over.saved'), n: saved, kind: 'sure' },
        ]} />
      </section>
      <section class="panel">
        <h2>{t('over.tree')}</h2>
        <p class="big">{ago(tree.checked_at)}</p>
        <p class="quiet">{t('tree.facts', { n: tree.categories, leaves: tree.leaves, at: when(tree.taken_at) })}</p>
        <p><a href={addressOf('syncs')}>{t('app.syncs')} →</a></p>
      </section>
    </div>
  );
}

function Standing() {
  const [known, setKnown] = useState<Known | null>(null);
  const [trouble, setTrouble] = useState('');
  const where = target.value;
  const load = (): void =>
    void look(where, seller.value).then((k) => { setKnown(k); setTrouble(''); }, (e: unknown) => setTrouble(explain(e)));
  useEffect(load, []);
  return (
    <div class="sheet">
      <h1>{t('app.overview')}</h1>
      {trouble && <Trouble what={trouble} again={load} />}
      {!known && !trouble && <Empty><p>{t('app.loading')}</p></Empty>}
      {known && <Shown {...known} />}
    </div>
  );
}

/* Anew for another target: nothing of one is told under another's name, however late. */
export function Overview() {
  return <Standing key={`${target.value} ${seller.value}`} />;
}
