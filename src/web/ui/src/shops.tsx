/* shops.tsx - the shops, how long their tokens last, and what hangs on each; never a key */
import { useEffect, useState } from 'preact/hooks';
import { ask, type Page } from './api';
import { explain, setTarget, target, targets } from './state';
import { ago, t, told, when } from './text';
import { Empty, Trouble } from './parts';

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

function ShopView({ shop }: { shop: Shop }) {
  const own = targets.value.filter((x) => x.shop === shop.id);
  const bad = shop.token !== 'good' && shop.token !== 'stale';
  return (
    <li class="card shop">
      <div class="row">
        <h2>{shop.name ?? shop.id} <small>{shop.id}</small></h2>
        <span class={`badge ${bad ? 'bad' : ''}`}>{t(`token.${shop.token}`)}</span>
      </div>
      <dl class="facts">
        <dt>{t('shop.channel')}</dt><dd>{shop.channel} {shop.region} {shop.stand_in && <span class="badge">{t('shop.stand-in')}</span>}</dd>
        <dt>{t('shop.seller')}</dt><dd>{shop.seller}</dd>
        {shop.remote_id && <><dt>{t('shop.remote')}</dt><dd><code>{shop.remote_id}</code></dd></>}
        {shop.token_until && <><dt>{t('shop.until')}</dt><dd>{when(shop.token_until)} <small>{ago(shop.token_until)}</small></dd></>}
        {shop.sign_in_until && <><dt>{t('shop.sign-in')}</dt><dd>{when(shop.sign_in_until)} <small>{ago(shop.sign_in_until)}</small></dd></>}
      </dl>
      {bad && <p class="wrong">{t('shop.mend', { id: shop.id })}</p>}
      <div class="actions">
        {own.map((x) => (
          <button key={x.id} aria-pressed={target.value === x.id} onClick={() => setTarget(x.id)}>{x.id}</button>
        ))}
      </div>
    </li>
  );
}

export function Shops() {
  const [shops, setShops] = useState<Shop[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const load = (): void =>
    void ask<Page<Shop>>('shops').then((p) => { setShops(p.items); setTrouble(''); }, (e: unknown) => setTrouble(explain(e)));
  useEffect(load, []);
  return (
    <div class="sheet">
      <h1>{t('app.shops')}</h1>
      {trouble && <Trouble what={trouble} again={load} />}
      {shops?.length === 0 && <Empty><p>{t('app.no-target')}</p></Empty>}
      <ul class="plain">{shops?.map((s) => <ShopView key={s.id} shop={s} />)}</ul>
      {shops && shops.length > 0 && <p class="quiet">{t('shop.add', { what: told('kind', 'sync') })}</p>}
    </div>
  );
}
