// The door of the screen: builds the clock and the chance, and puts the wall or the desk into the page.
import { mount } from 'svelte';
import App from './App.svelte';
import { isDesk, readAddress } from './address.ts';
import './lib/fonts.css';
import './lib/theme.css';
import { browserClock } from './live/clock.ts';

const place = document.getElementById('screen');
const given = { clock: browserClock, random: Math.random };
if (place) void show(place);

async function show(target: HTMLElement): Promise<void> {
  if (!isDesk(location.pathname)) {
    mount(App, { target, props: given });
    return;
  }
  // A television never loads the desk.
  const { default: DeskApp } = await import('./desk/DeskApp.svelte');
  const { language } = readAddress(location.pathname, location.search);
  mount(DeskApp, { target, props: { ...given, asked: language } });
}
