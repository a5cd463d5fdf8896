// The door of the screen: builds the clock and the chance, and puts the application into the page.
import { mount } from 'svelte';
import App from './App.svelte';
import './lib/fonts.css';
import './lib/theme.css';
import { browserClock } from './live/clock.ts';

const place = document.getElementById('screen');
if (place) mount(App, { target: place, props: { clock: browserClock, random: Math.random } });
