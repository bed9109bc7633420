/* scroll.ts - how far down one was goes with the place in the browser's history: who comes back
 * is there again, and a screen one goes to anew begins at its beginning */
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { randomKey } from './api';
import { place, type Place } from './state';

const STORE = 'aisle.scroll';
const MOST = 100; /* places that are remembered over a reload */

function remembered(): Map<string, number> {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(STORE) ?? '[]') as [string, number][]);
  } catch {
    return new Map();
  }
}

const tops = remembered();
window.addEventListener('pagehide', () => sessionStorage.setItem(STORE, JSON.stringify([...tops].slice(-MOST))));

/* Of the entry in the browser's history one is at. */
function keyHere(): string {
  const state = (history.state ?? {}) as { key?: string };
  if (state.key) return state.key;
  const key = randomKey();
  history.replaceState({ ...state, key }, '');
  return key;
}

/* Who followed a link that is gone with its screen begins at the new one, not at the top of the page. */
function focusOn(main: HTMLElement, from: string): void {
  if (from && document.activeElement === document.body) main.focus({ preventScroll: true });
}

/* What begins anew when it is gone to; a tree or a filter changes where one is. */
const viewOf = ({ screen, rest }: Place): string => (screen === 'products' ? `${screen} ${rest}` : screen);

const own = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

export function useKeptScroll(box: RefObject<HTMLElement | null>): void {
  const view = viewOf(place.value);
  const key = useMemo(keyHere, [place.value]); /* the entry goes before the screen does */
  const last = useRef('');
  useLayoutEffect(() => {
    const main = box.current;
    if (!main) return undefined;
    let wanted = tops.get(key) ?? 0; /* until as much is drawn, or the person scrolls */
    const come = (): void => {
      if (!wanted) return;
      main.scrollTop = wanted;
      if (main.scrollTop >= wanted - 1) wanted = 0;
    };
    const keep = (): void => { if (!wanted) tops.set(key, main.scrollTop); };
    const stop = (): void => { wanted = 0; };
    const grown = new MutationObserver(come);
    if (!tops.has(key) && last.current === view) tops.set(key, main.scrollTop);
    else main.scrollTop = 0;
    if (last.current !== view) focusOn(main, last.current);
    last.current = view;
    come();
    grown.observe(main, { childList: true, subtree: true });
    main.addEventListener('scroll', keep);
    own.forEach((name) => main.addEventListener(name, stop, { passive: true }));
    return () => {
      grown.disconnect();
      main.removeEventListener('scroll', keep);
      own.forEach((name) => main.removeEventListener(name, stop));
    };
  }, [view, key]);
}
