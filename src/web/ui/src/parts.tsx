/* parts.tsx - small pieces several screens show */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Problem, seg, type Finding, type Product } from './api';
import { explain, returns, sayFailure } from './state';
import { allowedWords, atLeast, foundWords, ours, t, wrong } from './text';

/* How sure: a word, a bar and the number, never colour alone. */
export function Confidence({ value }: { value: number }) {
  const level = value >= 0.95 ? 'sure' : value >= 0.8 ? 'likely' : 'unsure';
  const percent = Math.round(value * 100);
  return (
    <span class={`conf ${level}`} title={t('conf.tip', { n: percent })}>
      <span class="conf-word">{t(`conf.${level}`)}</span>
      <meter class="conf-bar" min={0} max={100} value={percent} aria-label={t(`conf.${level}`)} />
      <span class="conf-number">{percent} %</span>
    </span>
  );
}

/* "Fashion Pria > Atasan > Kaos" with the last step standing out. */
export function Path({ path }: { path: string }) {
  const cut = path.lastIndexOf('>');
  return (
    <span class="path">
      <strong>{path.slice(cut + 1).trim()}</strong>
      {cut > 0 && <small>{path.slice(0, cut).trim()}</small>}
    </span>
  );
}

/* `more`: there are at least so many. */
export function Count({ n, more = false }: { n: number; more?: boolean }) {
  return <span class="count">{atLeast(n, more)}</span>;
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

export function Loading() {
  return <p class="quiet" role="status">{t('app.loading')}</p>;
}

/* What could not be had for want of a connection is asked for again once there is one. */
export function Trouble({ what, again }: { what: string; again: () => void }) {
  const seen = useRef(returns.value);
  const back = returns.value;
  useEffect(() => {
    if (seen.current !== back && what === t('app.unreachable')) again();
    seen.current = back;
  }, [back]);
  return (
    <div class="trouble" role="alert">
      <p><Said text={what} /></p>
      <button onClick={again}>{t('app.retry')}</button>
    </div>
  );
}

const DOUBLE_MS = 500;

/* One thing at a time: `once` does nothing while another is under way, nor as long after it as a
 * double click lasts, for what moved under the pointer meanwhile is not what was meant. */
export function useOnce(): { busy: boolean; once: (what: () => Promise<unknown>) => void } {
  const [busy, setBusy] = useState(false);
  const going = useRef(false); /* a second click may come before `busy` is drawn */
  const over = (): void => {
    going.current = false;
    setBusy(false);
  };
  const once = (what: () => Promise<unknown>): void => {
    if (going.current) return;
    going.current = true;
    setBusy(true);
    void what().catch(sayFailure).finally(() => setTimeout(over, DOUBLE_MS));
  };
  return { busy, once };
}

/* Where a click brings something else under the pointer: the second half of a double click is not
 * meant for that. */
export const first = (then: () => void) => (e: MouseEvent): void => {
  if (e.detail < 2) then();
};

/* What failed, and a way on where what it is of was changed meanwhile. */
export function Wrong({ what, again }: { what: unknown; again: () => void }) {
  if (!what) return null;
  return (
    <div class="wrong" role="alert">
      <p><Said text={typeof what === 'string' ? what : explain(what)} /></p>
      {what instanceof Problem && (what.status === 412 || what.code === 'conflict') && <button type="button" onClick={again}>{t('prod.again')}</button>}
    </div>
  );
}

/* Images elsewhere on the web are not fetched: the page asks no other host, and the service
 * shows only what it keeps. */
const isKept = (product: Product): boolean => !!product.image && !/^https?:/i.test(product.image);

export function Picture({ product, small = false }: { product: Product; small?: boolean }) {
  const [failed, setFailed] = useState(''); /* the address it was, not whether: it may fail before any effect ran */
  const at = `/api/v1/products/${seg(product.seller)}/${seg(product.id)}/image`;
  if (failed === at || !isKept(product)) return <div class={small ? 'picture small' : 'picture'}>{t('card.no-image')}</div>;
  return <img class={small ? 'picture small' : 'picture'} src={at} alt={small ? '' : product.title} onError={() => setFailed(at)} />;
}

/* Text with pieces that stay English on an Indonesian page: marked so, to be read out right. */
export function Said({ text }: { text: string }) {
  const pieces = text.split(/\u2068([^\u2069]*)\u2069/);
  return <>{pieces.map((p, i) => (i % 2 ? <span key={i} lang="en">{p}</span> : p))}</>;
}

/* What is wrong, in the marketplace's own code where it has one. */
export function Findings({ of }: { of: Finding[] }) {
  if (!of.length) return null;
  return (
    <ul class="findings">
      {of.map((f, i) => (
        <li key={i} class={f.level}>
          <strong>{t(`level.${f.level}`)}</strong> <Said text={wrong(f)} />
          {f.found && <> · {t('find.found', { what: foundWords(f.found) })}</>}
          {f.allowed && <> · {t('find.allowed', { what: allowedWords(f.allowed) })}</>}
          {f.fix && <> · <Said text={ours(f.fix, 'mend')} /></>}
          {f.code && <code> {f.code}</code>}
        </li>
      ))}
    </ul>
  );
}

let left: Element | null = null; /* where one was before the box that just closed: another may follow it */

/* A box over the page; the browser keeps the focus in it and closes it with Esc. Then one is where
 * one was before. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = left ?? document.activeElement;
    box.current?.showModal();
    return () => {
      left = before;
      queueMicrotask(() => { /* once the box is gone: under it nothing takes the focus */
        left = null;
        if (before instanceof HTMLElement && before.isConnected) before.focus();
      });
    };
  }, []);
  return (
    <dialog ref={box} onClose={onClose} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

/* Is the person writing somewhere? Then keys are letters. */
export function isTyping(e: KeyboardEvent): boolean {
  return isWithin(e, 'input, textarea, select, dialog');
}

export function isWithin(e: Event, selector: string): boolean {
  return e.target instanceof Element && e.target.closest(selector) !== null;
}
