// What will fire in the next 30 days, by day, with the rule and its date; on request also what is passed over and why.

import { $, el } from './dom.js';

const WEEKDAYS = '日一二三四五六';

export async function showForecast() {
  $('forecast-passed').onchange = showForecast;
  const response = await fetch('/sandbox/api/forecast');
  if (!response.ok) return;
  const { days } = await response.json();
  const passed = $('forecast-passed').checked;
  const kept = days.map((day) => ({ ...day, items: day.items.filter((item) => item.fires || passed) }))
    .filter((day) => day.items.length);
  const count = days.reduce((sum, day) => sum + day.items.filter((item) => item.fires).length, 0);
  $('forecast-sum').textContent = `未来 30 天将提醒 ${count} 次`;
  document.querySelector('.forecast-list').replaceChildren(...kept.map(dayOf));
}

function dayOf({ day, items }) {
  const [year, month, date] = day.split('-').map(Number);
  const weekday = WEEKDAYS[new Date(year, month - 1, date).getDay()];
  return el('li', { class: 'forecast-day', data: { testid: 'forecast-day' } },
    el('h3', {}, `${month} 月 ${date} 日 周${weekday}`, el('small', {}, `${items.filter((item) => item.fires).length} 次`)),
    el('ul', {}, items.map(itemOf)));
}

function itemOf(item) {
  return el('li', { class: item.fires ? 'fires' : 'passed', data: { testid: item.fires ? 'fires' : 'passed' } },
    el('div', {}, el('strong', {}, `${item.client} ${item.what}`), el('span', {}, `→ ${item.who}`)),
    el('p', {}, `${item.rule}：${item.why}`),
    item.fires ? null : el('p', { class: 'stopped' }, item.stopped));
}
