/* search.tsx - one box that takes words, a piece of a path or an id, and the categories
 * found as one types. Whoever shows it says what choosing one does. */
import type { RefObject } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { ask, seg, type Category } from './api';
import { sayFailure, target } from './state';
import { locale, t } from './text';
import { Path } from './parts';

/* What was found, and what for: as one types on, it is of what stood there before. */
interface Answer {
  to: string;
  items: Category[];
}

interface Props {
  box: RefObject<HTMLInputElement | null>;
  onPick: (category: Category) => void;
  leavesOnly?: boolean;
}

export function Search({ box, onPick, leavesOnly = false }: Props) {
  const [q, setQ] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [at, setAt] = useState(0);
  const list = useId();
  const asked = `${target.value} ${q}`;
  const found = answer?.items;
  const isNow = answer?.to === asked;

  useEffect(() => {
    if (!q.trim()) {
      setAnswer(null);
      return undefined;
    }
    const stop = new AbortController();
    ask<{ items: Category[] }>(`trees/${seg(target.value)}/search`, {
      query: { q, limit: 12, locale: locale() },
      signal: stop.signal,
    }).then((r) => {
      setAnswer({ to: asked, items: r.items });
      setAt(0);
    }, sayFailure);
    return () => stop.abort();
  }, [q, target.value]);

  const fits = (c: Category): boolean => !leavesOnly || (c.leaf && c.open);
  const pick = (c: Category | undefined): void => {
    if (!c || !fits(c)) return;
    setQ('');
    box.current?.blur();
    onPick(c);
  };
  const onKey = (e: KeyboardEvent): void => {
    const n = found?.length ?? 0;
    if (e.key === 'Escape') {
      setQ('');
      box.current?.blur();
    } else if (e.key === 'ArrowDown' && n) setAt((at + 1) % n);
    else if (e.key === 'ArrowUp' && n) setAt((at + n - 1) % n);
    else if (e.key === 'Enter') pick(isNow ? found?.[at] : undefined); /* never of what is typed no more */
    else return;
    e.preventDefault();
    e.stopPropagation();
  };

  return (
    <div class="search">
      <input
        ref={box}
        type="search"
        value={q}
        role="combobox"
        list={undefined}
        aria-expanded={!!found}
        aria-controls={list}
        aria-activedescendant={found?.length ? `${list}-${at}` : undefined}
        aria-label={t('tree.search')}
        placeholder={t('tree.search')}
        onInput={(e) => setQ(e.currentTarget.value)}
        onKeyDown={onKey}
      />
      <ul id={list} role="listbox" aria-label={t('tree.search')} aria-busy={!!answer && !isNow} class="found" hidden={!found?.length}>
        {found?.map((c, i) => (
          <li
            key={c.id}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === at}
            aria-disabled={!fits(c)}
            class={fits(c) ? '' : c.leaf ? 'closed' : 'parent'}
            onMouseDown={(e) => {
              e.preventDefault();
              pick(c);
            }}
          >
            <Path path={c.path} />
            <Badges of={c} />
          </li>
        ))}
      </ul>
      {isNow && found?.length === 0 && <p class="quiet" role="status">{t('tree.nothing', { q })}</p>}
    </div>
  );
}

export function Badges({ of }: { of: Category }) {
  return (
    <span class="badges">
      {of.leaf ? <span class="badge">{t('tree.leaf')}</span> : <small>{t('tree.children', { n: of.children })}</small>}
      {of.leaf && !of.open && <span class="badge bad">{of.permissions || t('cand.closed')}</span>}
    </span>
  );
}
