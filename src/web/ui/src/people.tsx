/* people.tsx - who may sign in, programs' tokens, and who changed what; users and the trail
 * are an admin's, one's own tokens everybody's */
import { useEffect, useState } from 'preact/hooks';
import { ask, seg, type Page, type Role } from './api';
import { explain, me, say, sayFailure } from './state';
import { t, told, when } from './text';
import { Loading, Trouble, useOnce } from './parts';

interface User {
  user: string;
  role: Role;
  seller: string | null;
  has_password: boolean;
  created_at: string;
}

interface Token {
  id: string;
  user: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  used_at: string | null;
  token?: string;
}

interface Entry {
  seq: number;
  at: string;
  who: string;
  what: string;
  about: string | null;
  detail: string | null;
  outcome: number;
}

const roles: readonly Role[] = ['viewer', 'mapper', 'admin'];

/* A list that is asked for; null until it is there. */
function useList<T>(path: string): { items: T[] | null; trouble: string; load: () => Promise<void> } {
  const [items, setItems] = useState<T[] | null>(null);
  const [trouble, setTrouble] = useState('');
  const load = (): Promise<void> => ask<Page<T>>(path).then((p) => { setItems(p.items); setTrouble(''); }, (e: unknown) => setTrouble(explain(e)));
  useEffect(() => void load(), []);
  return { items, trouble, load };
}

/* ---- users ---- */

function AddUser({ done }: { done: () => Promise<void> }) {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('mapper');
  const { busy, once } = useOnce();
  const add = async (): Promise<void> => {
    await ask('users', { method: 'POST', body: { user, role, password } });
    say({ text: t('people.added', { who: user }), kind: 'done' });
    setUser('');
    setPassword('');
    await done();
  };
  return (
    <form class="row begin" onSubmit={(e) => { e.preventDefault(); once(add); }}>
      <label>{t('sign.user')}<input name="new-user" required value={user} autocomplete="off" onInput={(e) => setUser(e.currentTarget.value)} /></label>
      <label>{t('sign.password')}<input name="new-password" type="password" required minLength={12} autocomplete="new-password" placeholder={t('people.password-hint')} value={password} onInput={(e) => setPassword(e.currentTarget.value)} /></label>
      <label>{t('people.role')}<RoleChoice value={role} onValue={setRole} /></label>
      <button class="first" disabled={busy}>{t('people.add')}</button>
    </form>
  );
}

function RoleChoice({ value, onValue, label }: { value: Role; onValue: (role: Role) => void; label?: string }) {
  return (
    <select aria-label={label} value={value} onChange={(e) => onValue(e.currentTarget.value as Role)}>
      {roles.map((r) => <option key={r} value={r}>{t(`role.${r}`)}</option>)}
    </select>
  );
}

function Users() {
  const { items: users, trouble, load } = useList<User>('users');
  const { busy, once } = useOnce();
  /* Refused or not: what is shown is what stands. */
  const change = (who: string, role: Role): Promise<void> => ask(`users/${seg(who)}`, { method: 'PATCH', body: { role } }).catch(sayFailure).then(load);
  const remove = async (who: string): Promise<void> => {
    await ask(`users/${seg(who)}`, { method: 'DELETE' });
    await load();
  };
  return (
    <section class="panel" aria-label={t('people.users')}>
      <h2>{t('people.users')}</h2>
      {trouble && <Trouble what={trouble} again={() => void load()} />}
      {!users && !trouble && <Loading />}
      <div class="wide" tabIndex={0} role="region" aria-label={t('people.users')}>
        <table class="stack">
          <tbody>
            {users?.map((u) => (
              <tr key={u.user}>
                <td data-label={t('sign.user')}><span><strong>{u.user}</strong> {u.seller && <small>{u.seller}</small>}</span></td>
                <td data-label={t('people.role')}><RoleChoice label={t('people.role-of', { who: u.user })} value={u.role} onValue={(role) => void change(u.user, role)} /></td>
                <td data-label={t('people.since')}><small>{when(u.created_at)}</small></td>
                <td>{u.user !== me.value?.user && <button disabled={busy} aria-label={`${t('people.remove')}: ${u.user}`} onClick={() => confirm(t('people.sure', { who: u.user })) && once(() => remove(u.user))}>{t('people.remove')}</button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet">{t('people.rules')}</p>
      <AddUser done={load} />
    </section>
  );
}

/* ---- tokens ---- */

function Tokens() {
  const { items: tokens, trouble, load } = useList<Token>('tokens');
  const [name, setName] = useState('');
  const [fresh, setFresh] = useState<Token | null>(null);
  const { busy, once } = useOnce();
  const add = async (): Promise<void> => {
    setFresh(await ask<Token>('tokens', { method: 'POST', body: { name, scopes: me.value?.rights.join(',') } }));
    setName('');
    await load();
  };
  const revoke = async (id: string): Promise<void> => {
    await ask(`tokens/${seg(id)}`, { method: 'DELETE' });
    await load();
  };
  return (
    <section class="panel" aria-label={t('people.tokens')}>
      <h2>{t('people.tokens')}</h2>
      <p class="quiet">{t('people.tokens-hint')}</p>
      {trouble && <Trouble what={trouble} again={() => void load()} />}
      {!tokens && !trouble && <Loading />}
      {tokens?.length === 0 && <p class="quiet">{t('people.notoken')}</p>}
      {fresh?.token && <p class="standing" role="status">{t('people.once')} <code>{fresh.token}</code></p>}
      <div class="wide" tabIndex={0} role="region" aria-label={t('people.tokens')}>
        <table class="stack">
          <tbody>
            {tokens?.map((x) => (
              <tr key={x.id}>
                <td><span><strong>{x.name}</strong> <small>{x.user}</small></span></td>
                <td>{x.scopes.join(', ')}</td>
                <td><small>{x.expires_at ? t('people.until', { at: when(x.expires_at) }) : t('people.ever')}</small></td>
                <td><small>{x.used_at && t('people.used', { at: when(x.used_at) })}</small></td>
                <td><button disabled={busy} aria-label={`${t('people.revoke')}: ${x.name}`} onClick={() => confirm(t('people.sure-revoke', { what: x.name })) && once(() => revoke(x.id))}>{t('people.revoke')}</button></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <form class="row begin" onSubmit={(e) => { e.preventDefault(); once(add); }}>
        <label>{t('people.token-name')}<input name="token-name" required value={name} onInput={(e) => setName(e.currentTarget.value)} /></label>
        <button disabled={busy}>{t('people.make')}</button>
      </form>
    </section>
  );
}

/* ---- the trail ---- */

function Trail() {
  const [entries, setEntries] = useState<Entry[] | null>(null);
  const [next, setNext] = useState<string | undefined>();
  const [trouble, setTrouble] = useState('');
  const { busy, once } = useOnce();
  const load = (after?: string): Promise<void> =>
    ask<Page<Entry>>('audit', { query: { after, limit: 50 } }).then((p) => {
      setEntries((old) => (after ? [...(old ?? []), ...p.items] : p.items));
      setNext(p.next);
      setTrouble('');
    }, (e: unknown) => setTrouble(explain(e)));
  useEffect(() => void load(), []);
  return (
    <section class="panel" aria-label={t('people.trail')}>
      <h2>{t('people.trail')}</h2>
      {trouble && <Trouble what={trouble} again={() => void load()} />}
      {!entries && !trouble && <Loading />}
      <div class="wide trail" tabIndex={0} role="region" aria-label={t('people.trail')}>
        <table class="stack">
          <thead><tr><th>{t('jobs.when')}</th><th>{t('trail.who')}</th><th>{t('trail.what')}</th><th>{t('trail.about')}</th><th>{t('trail.outcome')}</th></tr></thead>
          <tbody>
            {entries?.map((x) => (
              <tr key={x.seq}>
                <td data-label={t('jobs.when')}><small>{when(x.at)}</small></td>
                <td data-label={t('trail.who')}>{x.who}</td>
                <td data-label={t('trail.what')}><code>{x.what}</code></td>
                <td data-label={t('trail.about')}><span>{x.about} {x.detail && <small>{x.detail}</small>}</span></td>
                <td data-label={t('trail.outcome')} class={x.outcome >= 400 ? 'wrong' : ''}>{x.outcome >= 400 ? t('trail.refused', { n: String(x.outcome) }) : t('trail.done')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {next && <button disabled={busy} onClick={() => once(() => load(next))}>{t('app.more')}</button>}
    </section>
  );
}

export function People() {
  const admin = me.value?.rights.includes('admin') ?? false;
  return (
    <div class="sheet">
      <div class="row">
        <h1>{t('app.people')}</h1>
        <p class="quiet">{me.value?.user}, {told('role', me.value?.role ?? '')}</p>
      </div>
      {admin && <Users />}
      <Tokens />
      {admin && <Trail />}
    </div>
  );
}
