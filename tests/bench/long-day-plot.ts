// The plot of a long day: small pictures side by side, each from zero, drawn by chart.js in a browser and kept as one PNG.
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Figure } from './long-day-figures.ts';
import type { SeriesName } from './long-day-samples.ts';

/** One picture each. */
const PICTURES: readonly SeriesName[] = [
  'server.heap',
  'server.used',
  'server.rss',
  'server.lag',
  'server.files',
  'redis.clients',
  'turning.heap',
  'turning.nodes',
  'turning.listeners',
  'floor.heap',
  'floor.nodes',
  'floor.listeners',
];
const COLUMNS = 3;
const WIDTH = 1_000;
const HEIGHT = 800;

export async function drawPlot(
  browser: Browser,
  figures: readonly Figure[],
  options: {
    readonly path: string;
    readonly title: string;
    readonly warmUpMinutes: number;
    readonly minutes: number;
  },
): Promise<void> {
  const pictures = PICTURES.flatMap((wanted) => figures.filter(({ name }) => name === wanted));
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  await page.setContent(PAGE);
  await page.addScriptTag({ path: resolve('node_modules/chart.js/dist/chart.umd.min.js') });
  await page.evaluate(`(${DRAW})(${JSON.stringify({ ...options, pictures })})`);
  await page.screenshot({ path: options.path });
  await page.close();
}

const PAGE = `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 18px 22px; background: #fff; color: #1d2329; font: 12px/1.3 Arial, sans-serif; box-sizing: border-box; height: 100vh; display: flex; flex-direction: column; }
  h1 { font-size: 16px; margin: 0 0 2px; } p { margin: 0 0 12px; color: #4a545e; }
  main { flex: 1; display: grid; grid-template-columns: repeat(${COLUMNS}, 1fr); grid-auto-rows: 1fr; gap: 12px 18px; min-height: 0; }
  figure { margin: 0; min-width: 0; min-height: 0; display: flex; flex-direction: column; } figcaption { font-weight: 600; font-size: 11.5px; }
  div { position: relative; flex: 1; min-height: 0; }
</style><h1></h1><p></p><main></main>`;

/** Runs in the page, where chart.js stands by itself; text, since the tests know no DOM. */
const DRAW = `({ title, warmUpMinutes, minutes, pictures }) => {
  document.querySelector('h1').textContent = title;
  document.querySelector('p').textContent = 'Minutes since the doors opened; every axis begins at 0. Grey band: warm-up. Dots: the low water. Dashed: its line; in brackets, what it rises in an hour of the clock.';
  const ink = '#1f5fa8';
  for (const { title, unit, readings, lowWater, line } of pictures) {
    const figure = document.createElement('figure');
    const caption = document.createElement('figcaption');
    const lean = line === null ? '' : ' (' + (line.slope < 0 ? '\\u2212' : '+') + Math.abs(line.slope * 60).toFixed(2) + ' / h)';
    caption.textContent = title + (unit ? ', ' + unit : '') + lean;
    const box = document.createElement('div');
    const canvas = document.createElement('canvas');
    box.append(canvas); figure.append(caption, box); document.querySelector('main').append(figure);
    const datasets = [
      { data: readings, borderColor: '#9db9da', borderWidth: 1.2, pointRadius: 0, showLine: true },
      { data: lowWater, borderColor: ink, backgroundColor: ink, pointRadius: 1.6, showLine: false },
      { data: line === null ? [] : [warmUpMinutes, minutes].map((x) => ({ x, y: line.at + line.slope * x })), borderColor: '#1d2329', borderWidth: 1.4, borderDash: [6, 4], pointRadius: 0, showLine: true },
    ];
    const top = Math.max(...readings.map(({ y }) => y));
    new Chart(canvas, {
      type: 'scatter',
      data: { datasets },
      plugins: [{ id: 'band', beforeDraw({ ctx, chartArea, scales }) {
        ctx.fillStyle = '#eceff2';
        ctx.fillRect(chartArea.left, chartArea.top, scales.x.getPixelForValue(warmUpMinutes) - chartArea.left, chartArea.height);
      } }],
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, devicePixelRatio: 1,
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: {
          x: { min: 0, max: minutes, ticks: { maxTicksLimit: 7 }, grid: { color: '#f2f4f6' } },
          y: { min: 0, suggestedMax: top * 1.15, ticks: { maxTicksLimit: 5 }, grid: { color: '#e3e7eb' } },
        },
      },
    });
  }
}`;
