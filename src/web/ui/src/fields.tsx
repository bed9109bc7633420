/* fields.tsx - what the listing form is made of: a field with its findings, an attribute's
 * input, a file that is uploaded when it is chosen */
import { signal } from '@preact/signals';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { ask, seg, type Finding, type RequiredAttribute } from './api';
import { explain } from './state';
import { t } from './text';
import { Findings, Said } from './parts';

export function worst(findings: Finding[]): string {
  return findings.some((f) => f.level === 'error') ? 'error' : findings.some((f) => f.level === 'warning') ? 'warning' : '';
}

interface FieldProps {
  label: string;
  why?: string | undefined;
  hint?: string | undefined;
  findings: Finding[];
  required?: boolean;
  whole?: boolean; /* as wide as the form */
  children: preact.ComponentChildren;
}

/* What is said below an input is said of it, to who cannot see that it stands there. */
function useDescribed(id: string, described: boolean, required: boolean, wrong: boolean): { current: HTMLDivElement | null } {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = box.current?.querySelector('label input, label select, label textarea');
    const set = (name: string, value: string): void => void (value ? input?.setAttribute(name, value) : input?.removeAttribute(name));
    set('aria-describedby', described ? id : '');
    set('aria-required', required ? 'true' : '');
    set('aria-invalid', wrong ? 'true' : '');
  }); /* each time: another input may stand there */
  return box;
}

export function Field({ label, why, hint, findings, required, whole, children }: FieldProps) {
  const id = useId();
  const box = useDescribed(id, !!(why || hint || findings.length), !!required, worst(findings) === 'error');
  return (
    <div ref={box} class={`field ${worst(findings)} ${whole ? 'whole' : ''}`}>
      <label>
        <span>{label}{required && <abbr title={t('list.required')}> *</abbr>}</span>
        {children}
      </label>
      <div id={id} class="said">
        {why && <small class="why">{why}</small>}
        {hint && <small>{hint}</small>}
        <Findings of={findings} />
      </div>
    </div>
  );
}

interface Input {
  of: RequiredAttribute;
  value: string;
  onValue: (value: string) => void;
}

export function AttributeInput({ of, value, onValue }: Input) {
  const list = `values-${of.id}`;
  const set = (e: { currentTarget: { value: string } }): void => onValue(e.currentTarget.value);
  if (of.multiple && of.values.length) {
    const chosen = value.split(',').map((s) => s.trim());
    return (
      <select multiple size={4} onChange={(e) => onValue(Array.from(e.currentTarget.selectedOptions, (o) => o.value).join(', '))}>
        {of.values.map((v) => <option key={v.id} selected={chosen.includes(v.name)}>{v.name}</option>)}
      </select>
    );
  }
  if (of.values.length && !of.customizable)
    return (
      <select value={value} onChange={set}>
        <option value="" />
        {value && !of.values.some((v) => v.name === value) && <option>{value}</option>}
        {of.values.map((v) => <option key={v.id}>{v.name}</option>)}
      </select>
    );
  return (
    <>
      <input value={value} onInput={set} list={of.values.length ? list : undefined} inputMode={of.number ? 'decimal' : undefined} />
      {of.values.length > 0 && <datalist id={list}>{of.values.map((v) => <option key={v.id} value={v.name} />)}</datalist>}
    </>
  );
}

/* ---- files ---- */

export interface KeptFile {
  id: string;
  seller: string;
  location: string;
  kind: string;
  width: number;
  height: number;
  bytes: number;
}

/* "object:SELLER/ID": where one that we keep is fetched from; '' for what is elsewhere. */
function addressOf(location: string, as: 'images' | 'files'): string {
  const kept = /^object:([^/]+)\/(.+)$/.exec(location);
  return kept ? `/api/v1/${as}/${seg(kept[2] ?? '')}?seller=${seg(kept[1] ?? '')}` : '';
}

const keep = (seller: string, file: File): Promise<KeptFile> => ask<KeptFile>('files', { method: 'POST', file, query: { seller } });

interface Upload {
  label: string;
  seller: string;
  accept: string;
  disabled?: boolean;
  onFile: (file: KeptFile, name: string) => void;
}

/* Files under way: what is saved before they have arrived would lack them. */
export const uploads = signal(0);

export async function awaited<T>(file: Promise<T>): Promise<T> {
  uploads.value++;
  try {
    return await file;
  } finally {
    uploads.value--;
  }
}

/* A button that takes a file and hands over where it is kept: to who asks by then, for others
 * may have typed meanwhile. */
export function UploadButton({ label, seller, accept, disabled, onFile }: Upload) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const latest = useRef(onFile);
  latest.current = onFile;
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setBusy(true);
    setTrouble('');
    try {
      const kept = await awaited(keep(seller, file));
      latest.current(kept, file.name);
    } catch (e) {
      setTrouble(explain(e));
    }
    setBusy(false);
    if (input.current) input.current.value = '';
  };
  return (
    <span class="upload">
      <label class={`button-like ${busy || disabled ? 'off' : ''}`}>
        {busy ? t('file.busy') : label}
        <input ref={input} type="file" accept={accept} disabled={busy || !!disabled} onChange={(e) => void take(e.currentTarget.files?.[0])} />
      </label>
      {trouble && <small class="wrong" role="alert"><Said text={trouble} /></small>}
    </span>
  );
}

/* One document: shown where it is an image that we keep, else to be opened. */
export function Document({ location, sign = 'PDF', onRemove }: { location: string; sign?: string; onRemove?: (() => void) | undefined }) {
  const [isImage, setIsImage] = useState(sign === 'PDF');
  const image = addressOf(location, 'images');
  const name = location.slice(location.lastIndexOf('/') + 1);
  return (
    <span class="document">
      {image && isImage
        ? <img class="picture small" src={image} alt={t('file.image')} onError={() => setIsImage(false)} />
        : <span class="picture small" aria-hidden="true">{image ? sign : '↗'}</span>}
      {image ? <a href={addressOf(location, 'files')} download>{t('file.open')}</a> : <span class="line" title={location}>{name}</span>}
      {onRemove && <button type="button" class="plain" aria-label={t('file.remove')} title={t('file.remove')} onClick={onRemove}>✕</button>}
    </span>
  );
}
