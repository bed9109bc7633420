/* category.tsx - what a category is: where it stands, what a listing in it must have, who is
 * mapped there, and what syncs made of it */
import { useEffect, useState } from 'preact/hooks';
import { ask, Problem, seg, type Category, type Decision, type Page, type RequiredAttribute, type Requirement } from './api';
import { addressOf, explain, sayFailure, seller, target } from './state';
import { locale, number, t, told, when } from './text';
import { Said } from './parts';
import { Badges } from './search';

interface Then {
  name: string;
  parent_path: string | null;
  leaf: boolean;
  permissions: string | null;
}

interface Event {
  changes: string[];
  first: boolean;
  snapshot: number;
  at: string;
  was: Then | null;
  is: Then | null;
}

/* ---- where it stands ---- */

export interface Step {
  id: string;
  name: string;
}

function Way({ chain }: { chain: Step[] }) {
  return (
    <nav class="way" aria-label={t('cat.way')}>
      {chain.map((c, i) => (
        <span key={c.id}>{i > 0 && ' › '}{i === chain.length - 1 ? <strong>{c.name}</strong> : <a href={addressOf('trees', c.id)}>{c.name}</a>}</span>
      ))}
    </nav>
  );
}

/* "Since 3 March", or at least since then where no older state is kept. */
function since(events: Event[] | null): string {
  const added = events?.find((e) => e.changes.includes('added'));
  return !added ? '' : t(added.first ? 'cat.since-first' : 'cat.since', { at: when(added.at) });
}

/* ---- who is mapped here ---- */

const MOST = 200;
const scopes = ['seller-category', 'product', 'rule'] as const;

function Mapped({ id }: { id: string }) {
  const [list, setList] = useState<Page<Decision> | null>(null);
  const [sizes, setSizes] = useState<Map<string, number>>(new Map());
  const where = target.value;
  const whose = seller.value;
  useEffect(() => {
    const stop = new AbortController();
    setList(null);
    ask<Page<Decision>>('mappings', { query: { target: where, seller: whose, category: id, limit: MOST }, signal: stop.signal }).then((page) => {
      setList(page);
      if (page.items.some((d) => d.scope === 'seller-category'))
        ask<Page<{ id: string; products: number }>>('seller-categories', { query: { seller: whose }, signal: stop.signal })
          .then((all) => setSizes(new Map(all.items.map((k) => [k.id, k.products]))), () => {});
    }, sayFailure);
    return () => stop.abort();
  }, [id, where, whose]);
  if (!list) return null;
  const of = (scope: Decision['scope']): Decision[] => list.items.filter((d) => d.scope === scope);
  return (
    <section aria-label={t('tree.mapped')}>
      <h3>{t('tree.mapped')}</h3>
      {list.items.length === 0 && <p class="quiet">{t('tree.unmapped')}</p>}
      {list.items.length > 0 && (
        <p class="numbers">{scopes.filter((s) => of(s).length).map((s) => <span key={s}>{t(`cat.many-${s}`)} <strong>{number(of(s).length)}{list.next && '+'}</strong></span>)}</p>
      )}
      <ul class="short mapped" tabIndex={list.items.length > 8 ? 0 : undefined}>
        {scopes.flatMap((scope) => of(scope).map((d) => (
          <li key={d.seq}>
            {scope === 'product' ? <a href={addressOf('products', `=${d.key}`)}>{d.key}</a> : <span>{d.key}</span>}{' '}
            <small>
              {told('scope', d.scope)}{scope === 'seller-category' && sizes.has(d.key) && `, ${t('card.covers', { n: sizes.get(d.key) ?? 0 })}`}
              {' · '}{told('state', d.state)} · {d.who} · {when(d.at)}
            </small>
          </li>
        )))}
      </ul>
      {list.next && <p class="quiet">{t('cat.more', { n: MOST })}</p>}
    </section>
  );
}

/* ---- what a listing in it must have ---- */

function conditionOf(a: { when?: { attribute_id: string; value_id: string }[] }, all: RequiredAttribute[]): string {
  return (a.when ?? []).map((c) => {
    const other = all.find((x) => x.id === c.attribute_id);
    return other && `${other.name} = ${other.values.find((v) => v.id === c.value_id)?.name ?? c.value_id}`;
  }).filter(Boolean).join(t('cat.or'));
}

interface Need {
  name: string;
  must: 'must' | 'when' | 'may';
  kind: string;
  detail: string;
}

const order = ['must', 'when', 'may'] as const;
const SHOWN = 6;

function needsOf({ attributes = [], rules }: Requirement): Need[] {
  const values = (a: RequiredAttribute): string => {
    const names = a.values.slice(0, SHOWN).map((v) => v.name).join(', ');
    return [names + (a.values.length > SHOWN ? ` ${t('cat.values-more', { n: a.values.length - SHOWN })}` : ''),
      a.multiple && t('cat.multiple'), a.number ? t('cat.number') : a.customizable && t(names ? 'cat.own' : 'cat.text')].filter(Boolean).join(' · ');
  };
  const must = (of: { required?: boolean; when?: unknown[] }): Need['must'] => (of.required ? 'must' : of.when?.length ? 'when' : 'may');
  const because = (of: { when?: { attribute_id: string; value_id: string }[] }): string => {
    const what = conditionOf(of, attributes);
    return what && t('cat.when', { what });
  };
  const all: Need[] = [
    ...attributes.map((a) => ({ name: a.name, must: must(a), kind: t(a.sales ? 'cat.sales' : 'cat.attribute'), detail: [because(a), values(a)].filter(Boolean).join(' · ') })),
    ...(rules?.certificates ?? []).map((c) => ({ name: c.name, must: must(c), kind: t('cat.certificate'), detail: [because(c), c.expiration_required && t('cat.expires'), c.details].filter(Boolean).join(' · ') })),
  ];
  if (rules?.size_chart_supported || rules?.size_chart_required)
    all.push({ name: t('paper.size-chart'), must: rules.size_chart_required ? 'must' : 'may', kind: t('cat.image'), detail: '' });
  if (rules?.package_dimension_required) all.push({ name: t('cat.dimensions'), must: 'must', kind: t('cat.package'), detail: '' });
  if (rules?.manufacturer_required) all.push({ name: t('cat.manufacturer'), must: 'must', kind: t('cat.person'), detail: '' });
  if (rules?.responsible_person_required) all.push({ name: t('cat.responsible'), must: 'must', kind: t('cat.person'), detail: '' });
  return order.flatMap((o) => all.filter((n) => n.must === o));
}

function Needs({ id }: { id: string }) {
  const [need, setNeed] = useState<Requirement | 'none' | null>(null);
  const where = target.value;
  useEffect(() => {
    const stop = new AbortController();
    setNeed(null);
    ask<{ requirement: Requirement }>(`trees/${seg(where)}/categories/${seg(id)}/requirement`, { signal: stop.signal }).then((r) => setNeed(r.requirement), (e: unknown) => {
      if (e instanceof Problem && e.status === 404) setNeed('none');
      else sayFailure(e);
    });
    return () => stop.abort();
  }, [id, where]);
  if (!need) return null;
  return (
    <section aria-label={t('cat.needs')}>
      <h3>{t('cat.needs')}</h3>
      {need === 'none' ? <p class="quiet">{t('cat.unfetched')}</p> : (
        <>
          <div class="wide" tabIndex={0} role="region" aria-label={t('cat.needs')}>
            <table class="stack needs">
              <thead><tr><th>{t('cat.what')}</th><th>{t('cat.must')}</th><th>{t('cat.kind')}</th><th>{t('cat.detail')}</th></tr></thead>
              <tbody>
                {needsOf(need).map((n, i) => (
                  <tr key={i} class={n.must}>
                    <td data-label={t('cat.what')}><strong>{n.name}</strong></td>
                    <td data-label={t('cat.must')}><span class={`badge ${n.must}`}>{t(`must.${n.must}`)}</span></td>
                    <td data-label={t('cat.kind')}>{n.kind}</td>
                    <td data-label={t('cat.detail')}>{n.detail && <small>{n.detail}</small>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {need.rules && <p class="quiet">{t(need.rules.cod_supported ? 'cat.cod' : 'cat.no-cod')} {t('cat.brand')}</p>}
        </>
      )}
    </section>
  );
}

/* ---- what became of it ---- */

function toldOf(e: Event, change: string): string {
  if (change === 'added') return e.first ? t('past.first') : t('past.added');
  if (change === 'renamed') return t('past.renamed', { was: e.was?.name ?? '', is: e.is?.name ?? '' });
  if (change === 'moved') return t('past.moved', { was: e.was?.parent_path ?? t('past.top'), is: e.is?.parent_path ?? t('past.top') });
  if (change === 'leaf') return t(e.is?.leaf ? 'past.leaf' : 'past.parent');
  if (change === 'permission') return t('past.permission', { was: e.was?.permissions ?? '–', is: e.is?.permissions ?? '–' });
  return t('past.removed');
}

function Past({ events, trouble }: { events: Event[] | null; trouble: string }) {
  return (
    <section aria-label={t('cat.past')}>
      <h3>{t('cat.past')}</h3>
      {trouble && <p class="wrong" role="alert"><Said text={trouble} /></p>}
      <ol class="past">
        {events?.map((e) => (
          <li key={e.snapshot}>
            <small>{when(e.at)}</small>
            <span>{e.changes.map((c) => <span key={c} class="event">{!e.first && <span class="badge">{told('change', c)}</span>} {toldOf(e, c)}</span>)}</span>
          </li>
        ))}
      </ol>
      {events && <p><a href={addressOf('syncs')}>{t('app.syncs')} →</a></p>}
    </section>
  );
}

function usePast(id: string): { events: Event[] | null; trouble: string } {
  const [events, setEvents] = useState<Event[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const where = target.value;
  const names = locale();
  useEffect(() => {
    const stop = new AbortController();
    setEvents(null);
    setTrouble('');
    ask<Page<Event>>(`trees/${seg(where)}/categories/${seg(id)}/history`, { query: { locale: names }, signal: stop.signal }).then((p) => setEvents(p.items), (e: unknown) => {
      if (e instanceof Problem && e.status !== 404) setTrouble(explain(e));
    });
    return () => stop.abort();
  }, [id, where, names]);
  return { events, trouble };
}

/* ---- all of it ---- */

export function CategoryView({ of, chain }: { of: Category; chain: Step[] }) {
  const { events, trouble } = usePast(of.id);
  return (
    <article class="card category">
      <div>
        <h2>{of.name}</h2>
        <Way chain={chain} />
      </div>
      <div class="twice">
        <dl class="facts">
          <dt>{t('tree.id')}</dt><dd><code>{of.id}</code></dd>
          <dt>{t('cat.stands')}</dt><dd><Badges of={of} />{of.provisional && <span class="badge bad">{t('cat.provisional')}</span>}</dd>
          {of.leaf && <><dt>{t('cat.permission')}</dt><dd>{of.open ? t('cat.open') : t('cat.closed')}{of.permissions && <small> {of.permissions}</small>}</dd></>}
          {Object.entries(of.names ?? {}).map(([where, name]) => <><dt>{where}</dt><dd lang={where}>{name}</dd></>)}
          {events && since(events) && <><dt>{t('cat.there')}</dt><dd>{since(events)}</dd></>}
        </dl>
        <Past events={events} trouble={trouble} />
      </div>
      {of.leaf && <Mapped id={of.id} />}
      {of.leaf && <Needs id={of.id} />}
    </article>
  );
}
