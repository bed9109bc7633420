/* signin.tsx - signing in, and making the first admin with the link shown at the start */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, Problem, type Me } from './api';
import { enter, explain, sessionOver } from './state';
import { language, setLanguage, t } from './text';
import { Said } from './parts';

/* "/welcome#CODE": the code stays behind the '#', where no server or log sees it. */
function welcomeCode(): string {
  return location.pathname === '/welcome' ? location.hash.slice(1) : '';
}

function failure(e: unknown): string {
  if (e instanceof Problem && e.status === 401) return t('sign.wrong');
  if (e instanceof Problem && e.status === 429) return t('sign.slow');
  return explain(e);
}

function Form() {
  const [code] = useState(welcomeCode);
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');

  const go = async (e: Event): Promise<void> => {
    e.preventDefault();
    setBusy(true);
    setWrong('');
    try {
      if (code) await ask('first-admin', { method: 'POST', body: { code, user, password } });
      const who = await ask<Me>('session', { method: 'POST', body: { user, password } });
      if (code) history.replaceState(null, '', '/');
      await enter(who);
    } catch (problem) {
      setWrong(failure(problem));
      setBusy(false);
    }
  };

  return (
    <form class="signin-form" onSubmit={(e) => void go(e)}>
      <img src="/icon.svg" alt="" width={44} height={44} />
      <h1>{code ? t('sign.welcome') : t('sign.title')}</h1>
      {sessionOver.value && !wrong && <p role="status">{t('sign.over')}</p>}
      {wrong && <p class="wrong" role="alert"><Said text={wrong} /></p>}
      <label>
        {t('sign.user')}
        <input name="user" autocomplete="username" autocapitalize="none" required autofocus value={user} onInput={(e) => setUser(e.currentTarget.value)} />
      </label>
      <label>
        {t('sign.password')}
        <input name="password" type="password" autocomplete={code ? 'new-password' : 'current-password'} required value={password} onInput={(e) => setPassword(e.currentTarget.value)} />
      </label>
      <button class="first" disabled={busy}>{code ? t('sign.make') : t('sign.go')}</button>
      <button type="button" class="plain" onClick={() => setLanguage(language.value === 'id' ? 'en' : 'id')}>{t('app.language')}</button>
    </form>
  );
}

export function SignIn() {
  return <main class="signin"><Form /></main>;
}

/* Over the page, which goes on where it was. */
export function SignInAgain() {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} class="again" aria-label={t('sign.title')} onCancel={(e) => e.preventDefault()}>
      <Form />
    </dialog>
  );
}
