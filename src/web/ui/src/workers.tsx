/* workers.tsx - what waits for workers and how often each shop is called, live: the numbers
 * of /metrics, as `aisle top` shows them. Nothing where there is nothing to show. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, type Page } from './api';
import { me } from './state';
import { decimal, number, t } from './text';

const LOOK_MS = 3000;
const states = ['waiting', 'taken', 'done', 'dead'] as const;
type State = (typeof states)[number];

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/* Prometheus' text format, as far as the service writes it. */
export function readMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!found || line.startsWith('#')) return [];
    const pairs = [...(found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    const labels = Object.fromEntries(pairs.map((m) => [m[1] ?? '', (m[2] ?? '').replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c))]));
    return [{ name: found[1] ?? '', labels, value: Number(found[3]) }];
  });
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
  workers: number;
  slots: number;
  busy: number;
  lanes: Lane[];
}

interface Known {
  id: string;
  remote_id: string | null;
}

/* Calls are counted by "APP/SHOP", the shop by its id at the marketplace once that is known;
 * two of ours may be one there. */
function shopOf(sample: Sample, shops: Known[]): string {
  const key = sample.labels['shop'] ?? '';
  const name = key.slice(key.lastIndexOf('/') + 1);
  if (sample.name === 'aisle_tasks') return key;
  const there = shops.find((s) => s.id === name)?.remote_id ?? name;
  return shops.filter((s) => s.id === name || s.remote_id === there).map((s) => s.id).join(', ') || name;
}

function lanesOf(samples: Sample[], shops: Known[]): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const s of samples) {
    if (!s.labels['shop']) continue;
    const shop = shopOf(s, shops);
    const lane = lanes.get(shop) ?? { shop, tasks: { waiting: 0, taken: 0, done: 0, dead: 0 }, calls: 0, throttled: 0, limit: 0, rate: null };
    const state = states.find((x) => x === s.labels['state']);
    if (s.name === 'aisle_tasks' && state) lane.tasks[state] += s.value;
    else if (s.name === 'aisle_calls_total') lane.calls += s.value;
    else if (s.name === 'aisle_calls_throttled_total') lane.throttled += s.value;
    else if (s.name === 'aisle_calls_per_second_limit') lane.limit = Math.max(lane.limit, s.value);
    lanes.set(shop, lane);
  }
  const has = (lane: Lane): boolean => lane.calls > 0 || states.some((s) => lane.tasks[s] > 0);
  return [...lanes.values()].filter(has).sort((a, b) => a.shop.localeCompare(b.shop));
}

function seenIn(text: string, shops: Known[], before: Seen | null): Seen {
  const samples = readMetrics(text);
  const one = (name: string): number => samples.find((s) => s.name === name)?.value ?? 0;
  const at = Date.now();
  const lanes = lanesOf(samples, shops).map((lane) => {
    const then = before?.lanes.find((x) => x.shop === lane.shop);
    return { ...lane, rate: before && then ? Math.max(0, (1000 * (lane.calls - then.calls)) / (at - before.at)) : null };
  });
  return { at, workers: one('aisle_workers'), slots: one('aisle_worker_slots'), busy: one('aisle_worker_slots_busy'), lanes };
}

function useSeen(): Seen | null {
  const [seen, setSeen] = useState<Seen | null>(null);
  const last = useRef<Seen | null>(null);
  useEffect(() => {
    let shops: Known[] = [];
    const stop = new AbortController();
    const look = async (): Promise<void> => {
      const answer = await fetch('/metrics', { credentials: 'same-origin', signal: stop.signal });
      if (!answer.ok) return;
      last.current = seenIn(await answer.text(), shops, last.current);
      setSeen(last.current);
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
  if (!seen || (!seen.workers && !seen.lanes.length)) return null;
  return (
    <section aria-label={t('work.title')}>
      <h2>{t('work.title')}</h2>
      <p class="numbers workers">
        <span>{t('work.workers')} <strong>{number(seen.workers)}</strong></span>
        {seen.workers > 0 && <span>{t('work.busy')} <strong>{t('work.of', { n: seen.busy, all: seen.slots })}</strong></span>}
      </p>
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
