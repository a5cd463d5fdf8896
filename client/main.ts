// The door of the screen: builds the clock and the chance, and puts the wall, the desk or a page of management into the document.
import { mount } from 'svelte';
import { isManage } from '../server/contract/managed.ts';
import App from './App.svelte';
import { isDesk, isPreview, readAddress } from './address.ts';
import './lib/fonts.css';
import './lib/theme.css';
import { browserClock } from './live/clock.ts';

const place = document.getElementById('screen');
const given = { clock: browserClock, random: Math.random };
if (place) void show(place);

async function show(target: HTMLElement): Promise<void> {
  if (isPreview(location.pathname)) {
    const { default: PreviewApp } = await import('./PreviewApp.svelte');
    mount(PreviewApp, { target, props: given });
    return;
  }
  if (!isDesk(location.pathname)) {
    mount(App, { target, props: given });
    return;
  }
  const { language } = readAddress(location.pathname, location.search);
  // A television never loads the desk, and neither of these two the other.
  const { default: Page } = isManage(location.pathname)
    ? await import('./manage/ManageApp.svelte')
    : await import('./desk/DeskApp.svelte');
  mount(Page, { target, props: { ...given, asked: language } });
}
