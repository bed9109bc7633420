/* import.tsx - a seller's file: which column is what, tried first without keeping anything,
 * each problem by its line, then brought in */
import { useRef, useState } from 'preact/hooks';
import { ask, isOfFile } from './api';
import { mapOf, readHead, type Head } from './columns';
import { addressOf, explain, mayEdit, seller } from './state';
import { number, problem, t } from './text';
import { Empty, Said, useOnce } from './parts';

interface Imported {
  problems: { line: number; column: string | null; left_out: boolean; what: string }[];
  problem_count: number;
  rows: number;
  products: number;
  left_out: number;
  dropped: number;
  added: number;
  changed: number;
  same: number;
  kept: ((typeof fields)[number] | 'attributes')[]; // fields the file has no column for; attributes: further columns
}

const fields = ['id', 'title', 'description', 'brand', 'category', 'image', 'price', 'currency'] as const;
type Chosen = Record<string, string>;

function Columns({ head, chosen, onChosen }: { head: Head; chosen: Chosen; onChosen: (to: Chosen) => void }) {
  const sample = (column: string): string => head.rows.map((r) => r[head.columns.indexOf(column)] ?? '').filter(Boolean).slice(0, 2).join(' · ');
  return (
    <fieldset class="panel">
      <legend>{t('import.columns')}</legend>
      <p class="quiet">{t('import.columns-hint')}</p>
      <div class="fields">
        {fields.map((f) => (
          <label key={f}>
            {t(`field.${f}`)}
            <select name={`column-${f}`} value={chosen[f] ?? ''} onChange={(e) => onChosen({ ...chosen, [f]: e.currentTarget.value })}>
              <option value="">{t('import.found')}</option>
              {head.columns.map((c) => <option key={c} value={c}>{c}</option>)}
            </select>
            {chosen[f] && <small class="line">{sample(chosen[f] ?? '')}</small>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Told({ of, tried }: { of: Imported; tried: boolean }) {
  return (
    <section class="panel told" aria-label={t('import.told')} role="status">
      <h2>{tried ? t('import.tried') : t('import.done')}</h2>
      <p class="numbers">
        <span>{t('import.rows')} <strong>{number(of.rows)}</strong></span>
        <span>{t('import.products')} <strong>{number(of.products)}</strong></span>
        <span>{t('import.left-out')} <strong>{number(of.left_out)}</strong></span>
        {of.dropped > 0 && <span class="wrong">{t('import.dropped')} <strong>{number(of.dropped)}</strong></span>}
        <span>{t('import.added')} <strong>{number(of.added)}</strong></span>
        <span>{t('import.changed')} <strong>{number(of.changed)}</strong></span>
        <span>{t('import.same')} <strong>{number(of.same)}</strong></span>
      </p>
      {of.kept.length > 0 && <p class="kept">{t('import.stays', { what: of.kept.map((f) => t(`field.${f}`)).join(', ') })}</p>}
      {of.problems.length > 0 && (
        <div class="wide" tabIndex={0} role="region" aria-label={t('import.problems')}>
          <table class="stack">
            <thead><tr><th>{t('import.line')}</th><th>{t('import.column')}</th><th>{t('import.problem')}</th><th>{t('import.row')}</th></tr></thead>
            <tbody>
              {[...of.problems].sort((a, b) => a.line - b.line).map((p, i) => (
                <tr key={i}>
                  <td data-label={t('import.line')}>{number(p.line)}</td>
                  <td data-label={t('import.column')}>{p.column}</td>
                  <td data-label={t('import.problem')}><Said text={problem(p.what)} /></td>
                  <td data-label={t('import.row')}>{p.left_out ? <span class="wrong">{t('import.out')}</span> : t('import.kept')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {of.problem_count > of.problems.length && <p class="quiet">{t('import.more', { n: of.problem_count - of.problems.length })}</p>}
      {!tried && <p><a href={addressOf('products')}>{t('app.products')} →</a> <a href={addressOf('jobs')}>{t('jobs.map')} →</a> <a href={addressOf('columns')}>{t('mean.link')} →</a></p>}
    </section>
  );
}

export function Import() {
  const [file, setFile] = useState<File | null>(null);
  const [head, setHead] = useState<Head | null>(null);
  const [chosen, setChosen] = useState<Chosen>({});
  const [currency, setCurrency] = useState('');
  const [imported, setImported] = useState<{ of: Imported; tried: boolean } | null>(null);
  const [trouble, setTrouble] = useState('');
  const { busy, once } = useOnce();
  const input = useRef<HTMLInputElement>(null);

  /* What cannot be read any more is let go: only so may the same one be chosen again. */
  const failed = (e: unknown): void => {
    setImported(null);
    setTrouble(explain(e));
    if (!isOfFile(e)) return;
    setFile(null);
    if (input.current) input.current.value = '';
  };
  const take = async (next: File | undefined): Promise<void> => {
    setFile(next ?? null);
    setImported(null);
    setTrouble('');
    try {
      const found = next ? await readHead(next) : null;
      if (found?.columns.join() !== head?.columns.join()) setChosen({}); /* else it is the same file, mended */
      setHead(found);
    } catch (e) {
      failed(e);
    }
  };
  const send = async (tried: boolean): Promise<void> => {
    if (!file) return;
    setTrouble('');
    try {
      const of = await ask<Imported>('imports', {
        method: 'POST', file, query: { seller: seller.value, map: mapOf(chosen), currency, dry_run: tried },
      });
      setImported({ of, tried });
    } catch (e) {
      failed(e);
    }
  };

  if (!mayEdit.value) return <Empty><p>{t('app.look-only')}</p></Empty>;
  return (
    <div class="sheet">
      <p><a href={addressOf('products')}>← {t('app.products')}</a></p>
      <h1>{t('import.title')}</h1>
      <div class="panel">
        <label>
          {t('import.file')}
          <input ref={input} type="file" accept=".csv,.tsv,.txt,.jsonl,.ndjson,text/csv,application/json" onChange={(e) => void take(e.currentTarget.files?.[0])} />
        </label>
        <label>{t('import.currency')}<input name="currency" maxLength={3} value={currency} onInput={(e) => setCurrency(e.currentTarget.value.toUpperCase())} placeholder="IDR" /></label>
      </div>
      {file && head && <Columns head={head} chosen={chosen} onChosen={(to) => { setChosen(to); setImported(null); }} />}
      {trouble && <p class="wrong" role="alert"><Said text={trouble} /></p>}
      {file && (
        <div class="actions">
          <button disabled={busy} onClick={() => once(() => send(true))}>{t('import.try')}</button>
          <button class="first" disabled={busy || !imported?.tried || !imported.of.products} onClick={() => once(() => send(false))}>
            {imported?.tried ? t('import.go', { n: imported.of.products }) : t('import.go-blind')}
          </button>
        </div>
      )}
      {imported && <Told {...imported} />}
    </div>
  );
}
