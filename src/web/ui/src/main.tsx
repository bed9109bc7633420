/* main.tsx - the page, begun: signed in or not, in which language and colours */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { me, place, ready, sessionOver, start, startTrouble, subject, theme, type Screen } from './state';
import { language, t } from './text';
import { isWithin, Trouble } from './parts';
import { Shell } from './shell';
import { SignIn, SignInAgain } from './signin';

function Whole() {
  if (!ready.value) return <p class="quiet slowly" role="status">{t('app.loading')}</p>;
  if (startTrouble.value) return <main><Trouble what={startTrouble.value} again={() => void start()} /></main>;
  if (!me.value) return <SignIn />;
  return <><Shell />{sessionOver.value && <SignInAgain />}</>;
}

const named = (screen: Screen): string => (screen === 'import' ? t('import.title') : screen === 'columns' ? t('mean.title') : t(`app.${screen}`));

/* "Agreed · Review · Aisle": tabs, bookmarks and the browser's history tell screens apart. */
effect(() => {
  const where = me.value ? [subject.value, named(place.value.screen)] : ready.value ? [t('sign.go')] : [];
  document.title = [...where, 'Aisle'].filter(Boolean).join(' · ');
});

effect(() => {
  document.documentElement.lang = language.value;
  document.documentElement.dataset['theme'] = theme.value;
});

/* A key that is held presses once: Enter would go on with whatever comes next under it. */
window.addEventListener('keydown', (e) => {
  if (e.repeat && e.key === 'Enter' && !isWithin(e, 'textarea')) e.preventDefault();
}, true);

const root = document.getElementById('page');
if (root) render(<Whole />, root);
void start();
