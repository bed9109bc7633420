/* parts.tsx - small pieces several screens show */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { number, t } from './text';

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

export function Count({ n }: { n: number }) {
  return <span class="count">{number(n)}</span>;
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="empty">{children}</div>;
}

export function Trouble({ what, again }: { what: string; again: () => void }) {
  return (
    <div class="trouble" role="alert">
      <p>{what}</p>
      <button onClick={again}>{t('app.retry')}</button>
    </div>
  );
}

/* A box over the page; the browser keeps the focus in it and closes it with Esc. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
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
