/* main.tsx - the page, begun: signed in or not, in which language and colours */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { me, ready, start, theme } from './state';
import { language } from './text';
import { Shell } from './shell';
import { SignIn } from './signin';

function Whole() {
  if (!ready.value) return null;
  return me.value ? <Shell /> : <SignIn />;
}

effect(() => {
  document.documentElement.lang = language.value;
  document.documentElement.dataset['theme'] = theme.value;
});

const root = document.getElementById('page');
if (root) render(<Whole />, root);
void start();
