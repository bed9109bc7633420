/* trees.tsx - a target's tree in columns, searched as one types; what a category is stands
 * below them (category.tsx) */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, Problem, seg, type Category, type Page, type Snapshot } from './api';
import { CategoryView, type Step } from './category';
import { addressOf, explain, go, place, target, useSubject } from './state';
import { locale, number, t, when } from './text';
import { Badges, Search } from './search';
import { Empty, first, isTyping, Loading, Path, Said, Trouble } from './parts';

interface Found {
  category: Category;
  chain: Step[];
}

/* A column: what hangs below `of`, and which of it is on the way. */
interface Column {
  of: string;
  items: Category[];
}

const children = (of: string): Promise<Page<Category>> =>
  ask(`trees/${seg(target.value)}/children`, { query: { of, locale: locale() } });

function useColumns(open: string): { columns: Column[]; found: Found | null; trouble: string | null; again: () => void } {
  const [columns, setColumns] = useState<Column[]>([]);
  const [found, setFound] = useState<Found | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const where = target.value;
  const names = locale();

  useEffect(() => {
    let gone = false;
    const fill = async (): Promise<void> => {
      const here = open
        ? await ask<Found>(`trees/${seg(where)}/categories/${seg(open)}`, { query: { locale: names } })
        : null;
      const way = ['', ...(here?.chain.map((c) => c.id) ?? [])];
      if (here && here.category.children === 0) way.pop();
      const lists = await Promise.all(way.map(children));
      if (gone) return;
      setFound(here);
      setColumns(way.map((of, i) => ({ of, items: lists[i]?.items ?? [] })));
      setTrouble(null);
    };
    fill().catch((e: unknown) => {
      if (gone) return;
      setTrouble(e instanceof Problem && e.status === 404 && !open ? t('tree.none') : explain(e));
    });
    return () => {
      gone = true;
    };
  }, [open, where, names, tries]);
  return { columns, found, trouble, again: () => setTries(tries + 1) };
}

interface ColumnProps {
  column: Column;
  level: number;
  way: Set<string>;
  onOpen: (id: string) => void;
}

function ColumnView({ column, level, way, onOpen }: ColumnProps) {
  const onKey = (e: KeyboardEvent): void => {
    const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
    const list = e.currentTarget as HTMLElement;
    const buttons = [...list.querySelectorAll('button')];
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (step) buttons[now + step]?.focus();
    else if (e.key === 'ArrowRight') list.nextElementSibling?.querySelector('button')?.focus();
    else if (e.key === 'ArrowLeft') {
      const before = list.previousElementSibling;
      (before?.querySelector<HTMLElement>('[aria-current]') ?? before?.querySelector('button'))?.focus();
    } else return;
    e.preventDefault();
  };
  return (
    <ul class="column" aria-label={t('tree.column', { n: level })} onKeyDown={onKey}>
      {column.items.map((c) => (
        <li key={c.id}>
          <button aria-current={way.has(c.id) ? 'true' : undefined} class={c.leaf && !c.open ? 'closed' : ''} onClick={() => onOpen(c.id)}>
            <span class="line" title={c.name}>{c.name}</span>
            {c.leaf ? <Badges of={c} /> : <small>{number(c.children)} ›</small>}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Facts() {
  const [tree, setTree] = useState<Snapshot | null>(null);
  const where = target.value;
  useEffect(() => {
    setTree(null);
    ask<Snapshot>(`trees/${seg(where)}`).then(setTree, () => {});
  }, [where]);
  return tree && <p class="quiet">{t('tree.facts', { n: tree.categories, leaves: tree.leaves, at: when(tree.checked_at) })}</p>;
}

/* The columns from the top down to what is open, the last one in sight. */
function Shelf({ columns, found, onOpen }: { columns: Column[]; found: Found | null; onOpen: (id: string) => void }) {
  const shelf = useRef<HTMLDivElement>(null);
  const way = new Set([...(found?.chain.map((c) => c.id) ?? []), found?.category.id ?? '']);
  useEffect(() => {
    const here = shelf.current;
    if (!here) return;
    here.scrollLeft = here.scrollWidth;
    for (const list of here.querySelectorAll<HTMLElement>('.column')) {
      const on = list.querySelector<HTMLElement>('[aria-current]');
      if (on) list.scrollTop = on.offsetTop - list.offsetTop - list.clientHeight / 3;
    }
  }, [columns]);
  return (
    <div class="shelf" ref={shelf}>
      {columns.length > 1 && <button class="plain to-top" onClick={() => onOpen('')}>‹ {t('tree.top')}</button>}
      {columns.map((c, i) => <ColumnView key={c.of} column={c} level={i + 1} way={way} onOpen={onOpen} />)}
    </div>
  );
}

/* The tree to choose a leaf from, begun at the one that is thought of. */
export function Browse({ from, onPick }: { from: string; onPick: (category: Category) => void }) {
  const [open, setOpen] = useState(from);
  const { columns, found, trouble, again } = useColumns(open);
  useEffect(() => setOpen(from), [from]);
  const leaf = found?.category;
  if (trouble) return <Trouble what={trouble} again={again} />;
  return (
    <section class="browse" aria-label={t('tree.title')}>
      <Shelf columns={columns} found={found} onOpen={setOpen} />
      {leaf?.leaf && (
        <div class="row">
          <Path path={leaf.path} />
          <Badges of={leaf} />
          <button class="first" disabled={!leaf.open} onClick={first(() => onPick(leaf))}>{t('tree.pick')}</button>
        </div>
      )}
    </section>
  );
}

export function Trees() {
  const open = place.value.rest;
  const { columns, found, trouble, again } = useColumns(open);
  const input = useRef<HTMLInputElement>(null);
  useSubject(open && found ? found.category.name : '');

  useEffect(() => {
    const onKey = (e: KeyboardEvent): void => {
      if (e.key !== '/' || isTyping(e) || e.ctrlKey || e.metaKey) return;
      e.preventDefault();
      input.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div class="sheet">
      <div class="row">
        <h1>{t('app.trees')}</h1>
        <Facts />
      </div>
      <Search box={input} onPick={(c) => go('trees', c.id)} />
      {trouble && (trouble === t('tree.none')
        ? <Empty><p><Said text={trouble} /></p><a class="button first" href={addressOf('jobs')}>{t('app.jobs')}</a></Empty>
        : <Trouble what={trouble} again={again} />)}
      {!columns.length && !trouble && <Loading />}
      <Shelf columns={columns} found={found} onOpen={(id) => go('trees', id)} />
      {!open && columns.length > 0 && <p class="quiet">{t('tree.begin')}</p>}
      {found && <CategoryView of={found.category} chain={found.chain} />}
    </div>
  );
}
