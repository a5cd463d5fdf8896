// The day's chart: the one room of the client that knows chart.js, loaded when a page first needs it.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js';
import type { ChartDataset } from 'chart.js';
import { FONT_FAMILY } from '../lib/measure.svelte.ts';
import { levelOf } from './day-slots.ts';
import type { Slot } from './day-slots.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
);

export interface DayPicture {
  readonly slots: readonly Slot[];
  readonly labels: readonly string[];
  /** Font size of the axes, in pixels. */
  readonly px: number;
  readonly count: (n: number) => string;
  readonly percent: (fraction: number) => string;
}

export interface DayChart {
  draw(picture: DayPicture): void;
  close(): void;
}

const INK = {
  answered: '#59636f',
  missed: '#2f363e',
  edge: '#7d8794',
  weekAgo: '#7d8794',
  level: '#d8dce1',
  grid: '#2b3037',
  text: '#a4abb5',
} as const;

/** Puts a chart on `canvas`; it moves nothing and follows its box. */
export function dayChart(canvas: HTMLCanvasElement, first: DayPicture): DayChart {
  let picture = first;
  const font = () => ({ family: FONT_FAMILY, size: picture.px, weight: 500 }) as const;
  const chart = new Chart<'bar' | 'line', (number | null)[], string>(canvas, {
    type: 'bar',
    data: { labels: [...first.labels], datasets: datasets(first) },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: first.px * 0.3 } },
      scales: {
        x: {
          stacked: true,
          grid: { display: false },
          border: { color: INK.edge },
          ticks: { color: INK.text, font, maxRotation: 0, autoSkipPadding: first.px },
        },
        y: {
          stacked: true,
          beginAtZero: true,
          grace: '8%',
          border: { display: false },
          grid: { color: INK.grid },
          ticks: {
            color: INK.text,
            font,
            precision: 0,
            maxTicksLimit: 4,
            callback: (value) => picture.count(Number(value)),
          },
        },
        level: {
          position: 'right',
          min: 0,
          max: 1,
          border: { display: false },
          grid: { display: false },
          ticks: {
            color: INK.text,
            font,
            stepSize: 0.5,
            callback: (value) => picture.percent(Number(value)),
          },
        },
      },
    },
  });
  return {
    draw(next) {
      picture = next;
      chart.data.labels = [...next.labels];
      datasets(next).forEach((dataset, index) => {
        const drawn = chart.data.datasets[index];
        if (drawn) drawn.data = dataset.data;
      });
      chart.update('none');
    },
    close: () => chart.destroy(),
  };
}

function datasets({ slots, px }: DayPicture): ChartDataset<'bar' | 'line', (number | null)[]>[] {
  const thick = Math.max(2, px / 9);
  // A half hour without neighbours has no line to stand on: it is a point.
  const pointRadius = slots.length === 1 ? thick : 0;
  const line = { type: 'line', pointRadius, tension: 0, spanGaps: false } as const;
  const bar = { type: 'bar', stack: 'today', barPercentage: 0.86, categoryPercentage: 1 } as const;
  return [
    {
      ...line,
      yAxisID: 'level',
      data: slots.map(({ today }) => levelOf(today)),
      borderColor: INK.level,
      borderWidth: thick,
    },
    {
      ...line,
      yAxisID: 'level',
      data: slots.map(({ weekAgo }) => levelOf(weekAgo)),
      borderColor: INK.weekAgo,
      borderWidth: thick * 0.6,
      borderDash: [thick, thick * 2],
    },
    {
      ...line,
      stepped: 'middle',
      stack: 'weekAgo',
      data: slots.map(({ weekAgo }) => weekAgo?.offered ?? null),
      borderColor: INK.weekAgo,
      borderWidth: thick * 0.6,
      borderDash: [thick * 3, thick * 2],
    },
    {
      ...bar,
      data: slots.map(({ today }) => today?.answered ?? null),
      backgroundColor: INK.answered,
    },
    {
      ...bar,
      data: slots.map(({ today }) => (today ? today.offered - today.answered : null)),
      backgroundColor: INK.missed,
      borderColor: INK.edge,
      borderWidth: { top: thick * 0.5, left: thick * 0.5, right: thick * 0.5, bottom: 0 },
    },
  ];
}
