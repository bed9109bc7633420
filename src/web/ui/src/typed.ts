/* typed.ts - a form over something that is kept elsewhere, and may change there: what a person
 * typed stays until it is saved, over another's change, an answer, and a look at other screens */
import { useRef, useState } from 'preact/hooks';
import { mayEdit, me } from './state';

interface Draft<T> {
  typed: T;
  kept: T; /* what was typed over */
  saved: T; /* what need not be saved any more */
}

/* Of the forms that are half written, by who writes and what it is of; while the page is open. */
const drafts = new Map<string, unknown>();
window.addEventListener('beforeunload', (e) => {
  if ([...drafts.keys()].some((key) => key.startsWith(`${me.value?.user} `))) e.preventDefault();
});

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/* What was typed since `before`, over what is kept now. */
function over<T extends object>(typed: T, before: T, now: T): T {
  const out: Partial<T> = { ...typed };
  for (const name of Object.keys({ ...before, ...now }) as (keyof T)[]) {
    if (!same(typed[name], before[name])) continue;
    if (name in now) out[name] = now[name];
    else delete out[name];
  }
  return out as T;
}

interface Form<T> {
  typed: T;
  unsaved: boolean;
  type: (change: Partial<T>) => void;
  save: (sent: T) => void; /* that was kept, whatever was typed meanwhile */
}

/* `name`: of what, among all forms of the page; `kept`: null until it is known. */
export function useTyped<T extends object>(name: string, blank: T, kept: T | null): Form<T> {
  const key = `${me.value?.user} ${name}`;
  const form = useRef<Draft<T> | null>(null);
  const at = useRef(key);
  const [, draw] = useState(0);
  form.current ??= (drafts.get(key) as Draft<T> | undefined) ?? { typed: blank, kept: blank, saved: blank };
  const put = (draft: Draft<T>): void => {
    form.current = draft;
    if (mayEdit.value && !same(draft.typed, draft.saved)) drafts.set(at.current, draft);
    else drafts.delete(at.current);
  };
  const change = (how: (draft: Draft<T>) => Partial<Draft<T>>): void => {
    const now = form.current as Draft<T>;
    put({ ...now, ...how(now) });
    draw((n) => n + 1);
  };
  if (at.current !== key) {
    drafts.delete(at.current);
    at.current = key;
    put(form.current);
  }
  const { typed, kept: before, saved } = form.current;
  if (kept && !same(before, kept)) put({ typed: over(typed, before, kept), kept, saved: over(saved, before, kept) });
  return {
    typed: form.current.typed,
    unsaved: !same(form.current.typed, form.current.saved),
    type: (next) => change((f) => ({ typed: { ...f.typed, ...next } })),
    save: (sent) => change(() => ({ saved: sent })),
  };
}
