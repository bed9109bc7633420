/* shell.tsx - what stands around every screen: name, navigation, target, language, light
 * and dark, and the word at the bottom */
import { useEffect, useRef } from 'preact/hooks';
import { addressOf, away, leave, me, place, refreshTargets, screens, seller, sellers, setSeller, setTarget, setTheme, target, targets, theme, toast, type Screen } from './state';
import { language, setLanguage, t } from './text';
import { Empty, first, Said } from './parts';
import { useKeptScroll } from './scroll';
import { address as reviewAddress } from './review';
import { Review } from './review-view';
import { Trees } from './trees';
import { Jobs } from './jobs';
import { History } from './history';
import { Products } from './products';
import { Overview } from './overview';
import { Syncs } from './syncs';
import { Import } from './import';
import { Meanings } from './meanings';
import { Shops } from './shops';
import { People } from './people';

/* An import, and what columns mean, are a part of the products, and found there. */
const within: readonly Screen[] = ['import', 'columns'];
const shown = screens.filter((name) => name !== 'import' && name !== 'columns');
const now = (name: Screen): boolean => place.value.screen === name || (name === 'products' && within.includes(place.value.screen));

const views: Record<Screen, () => preact.JSX.Element | null> = {
  overview: Overview, review: Review, products: Products, trees: Trees, syncs: Syncs,
  jobs: Jobs, history: History, shops: Shops, people: People, import: Import, columns: Meanings,
};

/* What makes sense before there is anywhere to list in. */
const anywhere: readonly Screen[] = ['people', 'shops', 'jobs'];

/* On a narrow screen the names scroll: the one that is open is brought into sight. */
function useInSight(): { current: HTMLElement | null } {
  const nav = useRef<HTMLElement>(null);
  const { screen } = place.value;
  useEffect(() => {
    const on = nav.current?.querySelector<HTMLElement>('[aria-current]');
    if (nav.current && on) nav.current.scrollLeft = on.offsetLeft - nav.current.offsetLeft - nav.current.clientWidth / 3;
  }, [screen, language.value]);
  return nav;
}

/* What tells targets apart stands at their ends, so a narrow box cuts their beginnings: by running
 * from right to left, which what it shows does not. */
const leftToRight = (id: string): string => `\u200e${id}\u200e`;

function Top() {
  const nav = useInSight();
  return (
    <header class="top">
      <a class="skip" href="#content" onClick={(e) => { e.preventDefault(); document.getElementById('content')?.focus(); }}>{t('app.skip')}</a>
      <strong class="brand"><img src="/icon.svg" alt="" width={22} height={22} /> Aisle</strong>
      <nav aria-label="Aisle" ref={nav}>
        {shown.map((name) => (
          <a key={name} href={name === 'review' ? reviewAddress() : addressOf(name)} aria-current={now(name) ? 'page' : undefined}>
            {t(`app.${name}`)}
          </a>
        ))}
      </nav>
      <span class="settings">
        {targets.value.length > 1 && (
          <select class="of-target" aria-label={t('app.target')} title={target.value} value={target.value} onChange={(e) => setTarget(e.currentTarget.value)}>
            {targets.value.map((x) => <option key={x.id} value={x.id}>{leftToRight(x.id)}</option>)}
          </select>
        )}
        {sellers.value.length > 1 && (
          <select class="of-seller" aria-label={t('app.seller')} value={seller.value} onChange={(e) => setSeller(e.currentTarget.value)}>
            {sellers.value.map((x) => <option key={x}>{x}</option>)}
          </select>
        )}
        <button class="plain" lang={language.value === 'id' ? 'en' : 'id'} onClick={() => setLanguage(language.value === 'id' ? 'en' : 'id')}>
          {t('app.language')}
        </button>
        <button class="plain" aria-label={t('app.theme')} title={t('app.theme')} onClick={() => setTheme(theme.value === 'dark' ? 'light' : 'dark')}>
          {theme.value === 'dark' ? '☀' : '☾'}
        </button>
        <button class="plain" title={me.value?.user} onClick={() => void leave()}>{t('app.signout')}<span class="who"> ({me.value?.user})</span></button>
      </span>
    </header>
  );
}

function ToastView() {
  const now = toast.value;
  return (
    <div class="toasts" role="status" aria-live="polite">
      {now && (
        <p class={`toast ${now.kind}`}>
          <span><Said text={now.text} /></span>
          {now.also && <button class="plain" onClick={first(now.also.run)}>{now.also.text}</button>}
          {now.undo && <button class="plain" onClick={first(now.undo)}>{t('do.undo')}{place.value.screen === 'review' && ' (u)'}</button>}
        </p>
      )}
    </div>
  );
}

const LOOK_MS = 3000;

/* While there is nowhere to list in, a first sync may be under way, here or elsewhere. */
function useFirstTarget(): void {
  const none = !target.value;
  useEffect(() => {
    if (!none) return undefined;
    const often = setInterval(() => document.visibilityState === 'visible' && void refreshTargets().catch(() => {}), LOOK_MS);
    return () => clearInterval(often);
  }, [none]);
}

export function Shell() {
  const { screen } = place.value;
  const content = useRef<HTMLElement>(null);
  useFirstTarget();
  useKeptScroll(content);
  const View = views[screen];
  return (
    <>
      <Top />
      <div role="status">{away.value && <p class="away">{t('app.away')}</p>}</div>
      <main id="content" tabIndex={-1} ref={content}>
        {!target.value && !anywhere.includes(screen) && <Empty><p>{t('app.no-target')}</p><a class="button first" href="#/shops">{t('app.shops')}</a></Empty>}
        {(target.value || anywhere.includes(screen)) && <View />}
      </main>
      <ToastView />
    </>
  );
}
