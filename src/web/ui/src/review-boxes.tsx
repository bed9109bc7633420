/* review-boxes.tsx - what is asked over the review: its keys, approving all, a rule of a card */
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import * as review from './review';
import { t } from './text';
import { Confidence, Dialog, Path } from './parts';

export const box = signal<'help' | 'all' | null>(null);

const keys: readonly (readonly [string, () => string])[] = [
  ['a  Enter', () => t('do.accept')],
  ['1 – 9', () => t('help.choose')],
  ['x', () => t('do.reject')],
  ['s', () => t('do.skip')],
  ['n', () => t('do.none')],
  ['u', () => t('do.undo')],
  ['r', () => t('do.rule')],
  ['Shift A', () => t('do.all')],
  ['/', () => t('help.search')],
  ['t', () => t('help.tree')],
  ['e', () => t('card.evidence')],
  ['j  k  ↓  ↑', () => t('help.move')],
  ['g 1 – 6', () => t('help.queue')],
  ['Esc', () => t('help.esc')],
  ['?', () => t('help.help')],
];

function Help() {
  return (
    <Dialog title={t('help.title')} onClose={() => (box.value = null)}>
      <dl class="keys">
        {keys.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what()}</dd></div>)}
      </dl>
      <form method="dialog"><button class="first">{t('app.close')}</button></form>
    </Dialog>
  );
}

const LISTED = 500; /* by name; of more their number is told */

/* What it will take is fixed once it is known: all that is agreed, else the queue as it is
 * now, fetched whole. */
function ApproveAll() {
  const [agreed] = useState(review.agreedCount);
  const [shown, setShown] = useState<review.Card[] | null>(agreed === null && review.next.value ? null : review.approvable);
  const close = (): void => { box.value = null; };
  useEffect(() => {
    let gone = false;
    if (!shown) void review.loadWhole(() => !gone).then((whole) => gone || (whole ? setShown(review.approvable()) : close()));
    return () => { gone = true; };
  }, []);
  if (!shown)
    return (
      <Dialog key="looking" title={t('do.all')} onClose={close}>
        <p role="status">{t('all.looking', { n: review.cards.value.length })}</p>
        <div class="actions"><button onClick={close}>{t('app.cancel')}</button></div>
      </Dialog>
    );
  const all = agreed ?? shown.length;
  const listed = Math.min(shown.length, LISTED);
  const without = agreed === null ? review.cards.value.length - shown.length : 0;
  const go = (): void => {
    close();
    void (agreed === null ? review.approveShown(shown) : review.approveAgreed(all));
  };
  return (
    <Dialog key="asking" title={t('all.ask', { n: all })} onClose={close}>
      <ul class="short bulk" tabIndex={0}>
        {shown.slice(0, LISTED).map((c) => (
          <li key={`${c.seller} ${c.key}`}>
            <span>{c.title} → <strong>{review.leafOf(c.candidates[0]?.path ?? '')}</strong></span>
            <Confidence value={c.candidates[0]?.confidence ?? 0} />
          </li>
        ))}
        {all > listed && <li>{t('all.more', { n: all - listed })}</li>}
      </ul>
      {without > 0 && <p class="quiet">{t('all.without', { n: without })}</p>}
      {agreed === null && review.next.value && <p class="quiet">{t('all.rest', { n: review.cards.value.length })}</p>}
      <div class="actions">
        <button class="first" disabled={!all} onClick={go}>{t('all.go', { n: all })}</button>
        <button onClick={close}>{t('app.cancel')}</button>
      </div>
    </Dialog>
  );
}

/* Of a leaf that was just chosen, or of the first candidate, which may be accepted with it. */
function MakeRule({ of }: { of: review.Ruling }) {
  const { card, category, path, accepted } = of;
  const [words, setWords] = useState(review.readReasons(card.candidates.find((c) => c.category === category)?.reasons ?? null).words.slice(0, 3).sort().join(' '));
  const [accept, setAccept] = useState(!accepted);
  const close = (): void => { review.ruling.value = null; };
  const go = (): void => {
    close();
    const n = card.candidates.findIndex((c) => c.category === category);
    if (accept && !accepted && n >= 0) review.accept(card, n);
    void review.makeRule(card, words.trim().toLowerCase(), category);
  };
  return (
    <Dialog title={t('rule.ask')} onClose={close}>
      <label>
        {t('rule.words')}
        <input name="rule-words" value={words} onInput={(e) => setWords(e.currentTarget.value)} />
      </label>
      {card.category && <p>{t('rule.in', { category: card.category })}</p>}
      <p>{t('rule.to')} <Path path={path} /></p>
      {!accepted && (
        <label class="tick"><input type="checkbox" checked={accept} onChange={(e) => setAccept(e.currentTarget.checked)} /> {t('rule.also-accept')}</label>
      )}
      <div class="actions">
        <button class="first" onClick={go} disabled={!words.trim() && !card.category}>{t('rule.go')}</button>
        <button onClick={close}>{t('app.cancel')}</button>
      </div>
    </Dialog>
  );
}

export function Boxes() {
  const ruling = review.ruling.value;
  return (
    <>
      {box.value === 'help' && <Help />}
      {box.value === 'all' && <ApproveAll />}
      {ruling && <MakeRule key={ruling.category} of={ruling} />}
    </>
  );
}
