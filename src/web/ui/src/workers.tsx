/* workers.tsx - who works at what, what waits for workers and how often each shop is called,
 * live, as `aisle top` shows them. Nothing where there is nothing to show. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, type Page } from './api';
import { me } from './state';
import { decimal, number, ours, t } from './text';
import { Said } from './parts';

const LOOK_MS = 3000;
const states = ['waiting', 'taken', 'done', 'dead'] as const;
type State = (typeof states)[number];

interface Worker {
  worker: string;
  slots: number;
  busy: number;
  done: number;
  failed: number;
  lost: number; /* what others took over from it */
  doing: string | null;
  last_error: string | null;
}

interface Top {
  workers: Worker[];
  shops: ({ shop: string } & Record<State, number>)[];
  limits: { key: string; per_second: number | null; calls: number; throttled: number }[];
}

interface Lane {
  shop: string;
  tasks: Record<State, number>;
  calls: number;
  throttled: number;
  limit: number; /* a second; 0: none found as yet */
  rate: number | null; /* calls a second, since the last look */
}

interface Seen {
  at: number;
  workers: Worker[];
  lanes: Lane[];
}

interface Known {
  id: string;
  remote_id: string | null;
}

/* Calls are counted by "APP/SHOP", the shop by its id at the marketplace once that is known;
 * two of ours may be one there. */
function shopOf(key: string, shops: Known[]): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const there = shops.find((s) => s.id === name)?.remote_id ?? name;
  return shops.filter((s) => s.id === name || s.remote_id === there).map((s) => s.id).join(', ') || name;
}

function lanesOf(top: Top, shops: Known[]): Lane[] {
  const lanes = new Map<string, Lane>();
  const of = (shop: string): Lane => {
    const lane = lanes.get(shop) ?? { shop, tasks: { waiting: 0, taken: 0, done: 0, dead: 0 }, calls: 0, throttled: 0, limit: 0, rate: null };
    lanes.set(shop, lane);
    return lane;
  };
  for (const row of top.shops)
    for (const state of states) of(row.shop).tasks[state] += row[state];
  for (const limit of top.limits) {
    const lane = of(shopOf(limit.key, shops));
    lane.calls += limit.calls;
    lane.throttled += limit.throttled;
    lane.limit = Math.max(lane.limit, limit.per_second ?? 0);
  }
  const has = (lane: Lane): boolean => lane.calls > 0 || states.some((s) => lane.tasks[s] > 0);
  return [...lanes.values()].filter(has).sort((a, b) => a.shop.localeCompare(b.shop));
}

function seenIn(top: Top, shops: Known[], before: Seen | null): Seen {
  const at = Date.now();
  const lanes = lanesOf(top, shops).map((lane) => {
    const then = before?.lanes.find((x) => x.shop === lane.shop);
    return { ...lane, rate: before && then ? Math.max(0, (1000 * (lane.calls - then.calls)) / (at - before.at)) : null };
  });
  return { at, workers: top.workers, lanes };
}

function useSeen(): Seen | null {
  const [seen, setSeen] = useState<Seen | null>(null);
  const last = useRef<Seen | null>(null);
  useEffect(() => {
    let shops: Known[] = [];
    const stop = new AbortController();
    let looking = false; /* one at a time, or an older answer might come last */
    const look = async (): Promise<void> => {
      if (looking) return;
      looking = true;
      try {
        last.current = seenIn(await ask<Top>('top', { signal: stop.signal }), shops, last.current);
        setSeen(last.current);
      } finally {
        looking = false;
      }
    };
    const quietly = (): void => void look().catch(() => {}); /* the old numbers stay */
    void ask<Page<Known>>('shops', { signal: stop.signal }).then((p) => { shops = p.items; }, () => {}).then(quietly);
    const often = setInterval(() => document.visibilityState === 'visible' && quietly(), LOOK_MS);
    return () => {
      stop.abort();
      clearInterval(often);
    };
  }, [me.value?.user]);
  return seen;
}

function WorkerRow({ of }: { of: Worker }) {
  return (
    <tr>
      <td data-label={t('work.worker')}><strong>{of.worker}</strong></td>
      <td data-label={t('work.busy')}>{t('work.of', { n: of.busy, all: of.slots })}</td>
      <td data-label={t('task.done')}>{number(of.done)}</td>
      <td data-label={t('work.failed')} class={of.failed ? 'wrong' : ''}>{number(of.failed)}</td>
      <td data-label={t('work.lost')} class={of.lost ? 'why' : ''}>{number(of.lost)}</td>
      <td data-label={t('work.doing')}>{of.doing}</td>
      <td data-label={t('work.error')}>{of.last_error && <span class="wrong"><Said text={ours(of.last_error, 'failure')} /></span>}</td>
    </tr>
  );
}

/* The last thing that went wrong stays until another does. */
function WorkerTable({ of }: { of: Worker[] }) {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={t('work.workers')}>
      <table class="stack workers">
        <thead>
          <tr>
            <th>{t('work.worker')}</th><th>{t('work.busy')}</th><th>{t('task.done')}</th><th>{t('work.failed')}</th>
            <th>{t('work.lost')}</th><th>{t('work.doing')}</th><th>{t('work.error')}</th>
          </tr>
        </thead>
        <tbody>{of.map((w) => <WorkerRow key={w.worker} of={w} />)}</tbody>
      </table>
    </div>
  );
}

function LaneRow({ lane }: { lane: Lane }) {
  return (
    <tr>
      <td data-label={t('shop.name')}><strong>{lane.shop}</strong></td>
      {states.map((s) => <td key={s} data-label={t(`task.${s}`)} class={s === 'dead' && lane.tasks.dead ? 'wrong' : ''}>{number(lane.tasks[s])}</td>)}
      <td data-label={t('work.calls')}>{number(lane.calls)}</td>
      <td data-label={t('work.rate')}>{lane.rate === null ? '–' : decimal(lane.rate)}{lane.limit > 0 && <small> / {decimal(lane.limit)}</small>}</td>
      <td data-label={t('work.throttled')} class={lane.throttled ? 'why' : ''}>{number(lane.throttled)}</td>
    </tr>
  );
}

export function Workers() {
  const seen = useSeen();
  if (!seen || (!seen.workers.length && !seen.lanes.length)) return null;
  const sum = (of: 'slots' | 'busy'): number => seen.workers.reduce((n, w) => n + w[of], 0);
  return (
    <section aria-label={t('work.title')}>
      <h2>{t('work.title')}</h2>
      {me.value?.seller === null && (
        <p class="numbers">
          <span>{t('work.workers')} <strong>{number(seen.workers.length)}</strong></span>
          {seen.workers.length > 0 && <span>{t('work.busy')} <strong>{t('work.of', { n: sum('busy'), all: sum('slots') })}</strong></span>}
        </p>
      )}
      {seen.workers.length > 0 && <WorkerTable of={seen.workers} />}
      {seen.lanes.length > 0 && (
        <div class="wide" tabIndex={0} role="region" aria-label={t('work.title')}>
          <table class="stack lanes">
            <thead>
              <tr>
                <th>{t('shop.name')}</th>
                {states.map((s) => <th key={s}>{t(`task.${s}`)}</th>)}
                <th>{t('work.calls')}</th><th>{t('work.rate')}</th><th>{t('work.throttled')}</th>
              </tr>
            </thead>
            <tbody>{seen.lanes.map((lane) => <LaneRow key={lane.shop} lane={lane} />)}</tbody>
          </table>
        </div>
      )}
      <p class="quiet">{t('work.hint')}</p>
    </section>
  );
}
