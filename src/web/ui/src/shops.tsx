/* shops.tsx - the shops, how long their tokens last, and what hangs on each; adding one, and
 * the link where its seller gives consent. Never a key. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, askJob, seg, type Page } from './api';
import { explain, go, mayEdit, me, refreshTargets, say, sayFailure, setTarget, target, targets } from './state';
import { ago, t, when } from './text';
import { Dialog, Empty, Loading, Said, Trouble, useOnce } from './parts';

interface Shop {
  id: string;
  seller: string;
  channel: string;
  name: string | null;
  remote_id: string | null;
  region: string | null;
  stand_in: boolean;
  token: 'good' | 'stale' | 'over' | 'none' | 'sealed';
  token_until: string | null;
  sign_in_until: string | null;
}

/* What the service was started with, that shops are connected through. */
interface App {
  channel: string;
  app_key: string;
  consent: boolean;
  stand_in: boolean;
}

interface Link {
  shop: string;
  url: string;
  expires_at: string;
}

const SOON_S = 14 * 86400;
const endsSoon = (at: string | null): boolean => !!at && new Date(at).getTime() - Date.now() < SOON_S * 1000;

/* ---- consent ---- */

/* The marketplace's page opens beside this one, and its answer comes back to the service; when
 * the person is back here, the shop is looked at again. */
function Consent({ link, onClose }: { link: Link; onClose: () => void }) {
  return (
    <Dialog title={t('shop.consent', { id: link.shop })} onClose={onClose}>
      <p>{t('shop.consent-what')}</p>
      <p class="quiet">{t('shop.consent-until', { at: when(link.expires_at) })}</p>
      <div class="actions">
        <a class="button first" href={link.url} target="_blank" rel="noopener">{t('shop.consent-go')}</a>
        <button onClick={onClose}>{t('shop.consent-done')}</button>
      </div>
    </Dialog>
  );
}

/* ---- one shop ---- */

interface ShopProps {
  shop: Shop;
  app: App | undefined;
  onLink: (link: Link) => void;
  onChange: () => void;
}

function ShopView({ shop, app, onLink, onChange }: ShopProps) {
  const { busy, once } = useOnce();
  const admin = me.value?.rights.includes('admin') ?? false;
  const own = targets.value.filter((x) => x.shop === shop.id);
  const bad = shop.token !== 'good' && shop.token !== 'stale';
  const signsIn = app ? app.consent : shop.channel === 'tiktok';
  const login = (): void => once(async () => onLink({ shop: shop.id, ...(await ask<Omit<Link, 'shop'>>(`shops/${seg(shop.id)}/login`, { method: 'POST' })) }));
  const test = (): void => once(async () => {
    await askJob(`shops/${seg(shop.id)}/test`);
    say({ text: t('shop.opens', { id: shop.id }), kind: 'done' });
    onChange();
  });
  /* The first time, in the languages of its country and of this page. */
  const sync = (): void => once(async () => {
    await ask('runs', { method: 'POST', body: { kind: 'sync', target: shop.id, ...(shop.region === 'ID' && { locales: ['id-ID', 'en-US'] }) } });
    go('jobs');
  });
  const remove = (): void => once(async () => {
    if (!confirm(t('shop.sure', { id: shop.id }))) return;
    await ask(`shops/${seg(shop.id)}`, { method: 'DELETE' });
    onChange();
  });
  return (
    <li class="card shop">
      <div class="row">
        <h2>{shop.name ?? shop.id} {shop.name && <small>{shop.id}</small>}</h2>
        <span class={`badge ${bad ? 'bad' : ''}`}>{t(`token.${shop.token}`)}</span>
      </div>
      <dl class="facts">
        <dt>{t('shop.channel')}</dt><dd>{shop.channel} {shop.region} {shop.stand_in && <span class="badge">{t('shop.stand-in')}</span>}</dd>
        <dt>{t('shop.seller')}</dt><dd>{shop.seller}</dd>
        {shop.remote_id && <><dt>{t('shop.remote')}</dt><dd><code>{shop.remote_id}</code></dd></>}
        {shop.token_until && <><dt>{t('shop.until')}</dt><dd>{when(shop.token_until)} <small>{ago(shop.token_until)}</small></dd></>}
        {shop.sign_in_until && <><dt>{t('shop.sign-in')}</dt><dd class={endsSoon(shop.sign_in_until) ? 'why' : ''}>{when(shop.sign_in_until)} <small>{ago(shop.sign_in_until)}</small></dd></>}
      </dl>
      {bad && <p class="wrong">{t(signsIn && admin ? 'shop.mend-here' : 'shop.mend', { id: shop.id })}</p>}
      {own.length > 0 && (
        <div class="actions" role="group" aria-label={t('app.target')}>
          {own.map((x) => (
            <button key={x.id} aria-pressed={target.value === x.id} onClick={() => setTarget(x.id)}>{x.id}</button>
          ))}
        </div>
      )}
      {own.length === 0 && !bad && (
        <p class="actions"><span>{t('shop.next')}</span> {mayEdit.value && <button class="first" disabled={busy} onClick={sync}>{t('jobs.sync')}</button>}</p>
      )}
      {admin && (
        <div class="actions" role="group" aria-label={shop.id}>
          {signsIn && <button class={bad ? 'first' : ''} disabled={busy} onClick={login}>{t(shop.token === 'none' ? 'shop.login' : 'shop.again')}</button>}
          {shop.token !== 'none' && <button disabled={busy} onClick={test}>{busy ? t('list.busy') : t('shop.test')}</button>}
          <button disabled={busy} aria-label={`${t('shop.remove')}: ${shop.id}`} onClick={remove}>{t('shop.remove')}</button>
        </div>
      )}
    </li>
  );
}

/* ---- adding one ---- */

function AddShop({ apps, onAdded }: { apps: App[]; onAdded: (shop: Shop) => void }) {
  const [channel, setChannel] = useState(apps[0]?.channel ?? '');
  const [id, setId] = useState('');
  const [owner, setOwner] = useState('');
  const [remote, setRemote] = useState('');
  const [trouble, setTrouble] = useState('');
  const { busy, once } = useOnce();
  const app = apps.find((a) => a.channel === channel);
  const add = async (): Promise<void> => {
    try {
      const shop = await ask<Shop>('shops', { method: 'POST', body: { id: id.trim(), channel, ...(owner.trim() && { seller: owner.trim() }), ...(remote.trim() && { remote_id: remote.trim() }) } });
      setId('');
      setRemote('');
      setTrouble('');
      onAdded(shop);
    } catch (e) {
      setTrouble(explain(e));
    }
  };
  if (!apps.length) return <p class="quiet">{t('shop.noapp')}</p>;
  return (
    <form class="panel" aria-label={t('shop.add')} onSubmit={(e) => { e.preventDefault(); once(add); }}>
      <h2>{t('shop.add')}</h2>
      <div class="fields">
        <label>{t('shop.channel')}
          <select name="shop-channel" value={channel} onChange={(e) => setChannel(e.currentTarget.value)}>
            {apps.map((a) => <option key={a.channel} value={a.channel}>{a.channel}{a.stand_in ? ` (${t('shop.stand-in')})` : ''}</option>)}
          </select>
        </label>
        <label>{t('shop.word')}<input name="shop-id" required pattern="[a-z0-9][a-z0-9_\-]*" maxLength={40} autocomplete="off" placeholder="toko-b" value={id} onInput={(e) => setId(e.currentTarget.value)} /></label>
        <label>{t('shop.seller')}<input name="shop-seller" maxLength={40} autocomplete="off" placeholder="default" value={owner} onInput={(e) => setOwner(e.currentTarget.value)} /></label>
        {app && !app.consent && <label>{t('shop.remote')}<input name="shop-remote" required inputMode="numeric" value={remote} onInput={(e) => setRemote(e.currentTarget.value)} /></label>}
      </div>
      <p class="quiet">{t(app?.consent ? 'shop.add-consent' : 'shop.add-secret')}</p>
      {trouble && <p class="wrong" role="alert"><Said text={trouble} /></p>}
      <div class="actions"><button class="first" disabled={busy}>{t('shop.add-go')}</button></div>
    </form>
  );
}

/* ---- all of them ---- */

export function Shops() {
  const [shops, setShops] = useState<Shop[] | null>(null);
  const [apps, setApps] = useState<App[] | null>(null);
  const [link, setLink] = useState<Link | null>(null);
  const [trouble, setTrouble] = useState('');
  const waiting = useRef(false);
  const admin = me.value?.rights.includes('admin') ?? false;
  const load = (): void => {
    void ask<Page<Shop>>('shops').then((p) => { setShops(p.items); setTrouble(''); }, (e: unknown) => setTrouble(explain(e)));
    void refreshTargets().catch(() => {});
  };
  useEffect(() => {
    load();
    if (admin) ask<Page<App>>('apps').then((p) => setApps(p.items), () => {}); /* what is wrong is said of the shops */
    const back = (): void => {
      if (waiting.current && document.visibilityState === 'visible') load();
    };
    window.addEventListener('focus', back);
    document.addEventListener('visibilitychange', back);
    return () => {
      window.removeEventListener('focus', back);
      document.removeEventListener('visibilitychange', back);
    };
  }, []);
  const open = (to: Link): void => {
    waiting.current = true;
    setLink(to);
  };
  const appOf = (shop: Shop): App | undefined => apps?.find((a) => a.channel === shop.channel);
  const added = (shop: Shop): void => {
    say({ text: t('shop.added', { id: shop.id }), kind: 'done' });
    load();
    if (appOf(shop)?.consent)
      ask<Omit<Link, 'shop'>>(`shops/${seg(shop.id)}/login`, { method: 'POST' }).then((l) => open({ shop: shop.id, ...l }), sayFailure);
  };
  return (
    <div class="sheet">
      <h1>{t('app.shops')}</h1>
      {trouble && <Trouble what={trouble} again={load} />}
      {!shops && !trouble && <Loading />}
      {shops?.length === 0 && <Empty><p>{t(admin ? 'shop.none' : 'shop.none-ask')}</p></Empty>}
      <ul class="plain">{shops?.map((s) => <ShopView key={s.id} shop={s} app={appOf(s)} onLink={open} onChange={load} />)}</ul>
      {admin && apps && <AddShop key={apps.length} apps={apps} onAdded={added} />}
      {link && <Consent link={link} onClose={() => { setLink(null); load(); }} />}
    </div>
  );
}
