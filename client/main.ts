// The door of the screen: finds its place in the page and puts the application there.
import { mount } from 'svelte';
import App from './App.svelte';
import './lib/fonts.css';
import './lib/theme.css';

const place = document.getElementById('screen');
if (place) mount(App, { target: place });
