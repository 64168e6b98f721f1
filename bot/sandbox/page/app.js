// The page: people on the left, phones in the middle, inspection on the right, clock and faults on top.

import { $, el } from './dom.js';
import { listen, post } from './net.js';
import { Panels } from './panels.js';
import { Phone } from './phone.js';

const NARROW = matchMedia('(max-width: 760px)');
const PHONE_WIDTH = 314; // 300 and the gap, see chat.css
const FAULTS = [
  { key: 'slow', name: '接口变慢', hint: '每次调用 6 秒后才应答', on: { slow_seconds: 6 }, off: { slow_seconds: 0 }, is: (f) => f.slow_seconds > 0 },
  { key: 'duplicate', name: '重复投递', hint: '每个回调发两遍', on: { duplicate_delivery: true }, off: { duplicate_delivery: false }, is: (f) => f.duplicate_delivery },
  { key: 'late', name: '回调超时', hint: '当作没有及时应答，共发四次', on: { late_callbacks: true }, off: { late_callbacks: false }, is: (f) => f.late_callbacks },
  { key: 'expired', name: '令牌过期', hint: '下一次调用回 42001', on: { expire_tokens: 1 }, off: { expire_tokens: 0 }, is: (f) => f.expire_tokens > 0 },
  { key: '45009', name: '45009 调用超限', hint: '所有调用都回 45009', on: { code: { errcode: 45009 } }, off: { code: null }, is: (f) => f.code?.errcode === 45009 },
  { key: '60020', name: '60020 IP 不可信', hint: '所有调用都回 60020', on: { code: { errcode: 60020 } }, off: { code: null }, is: (f) => f.code?.errcode === 60020 },
  { key: 'lost', name: '应答丢失', hint: '下一次调用做完就断线', on: { lost_answers: 1 }, off: { lost_answers: 0 }, is: (f) => f.lost_answers > 0 },
  { key: 'down', name: '企业微信宕机', hint: '所有连接都断开', on: { down: true }, off: { down: false }, is: (f) => f.down },
];

const page = { personas: [], phones: new Map(), open: [], unread: new Map(), offset: 0, zone: 'Asia/Shanghai', panels: null };

function nameOf(id) {
  return page.personas.find((p) => p.id === id)?.name || id || '';
}

// ---------------------------------------------------------------- state and events

function onState(state) {
  page.personas = state.personas;
  page.zone = state.clock.zone;
  setClock(state.clock);
  setFaults(state.faults);
  page.panels ||= new Panels(nameOf, page.zone);
  page.panels.reset(state);
  const before = page.open;
  page.phones.clear();
  for (const persona of state.personas) {
    const phone = new Phone(persona, {
      chips: state.chips[persona.id] || [], menu: state.menu, zone: page.zone,
      onClose: () => toggle(persona.id), onFocus: () => read(persona.id),
    });
    page.phones.set(persona.id, phone);
    for (const message of state.history[persona.id] || []) phone.show(message);
  }
  const known = before.filter((id) => page.phones.has(id));
  page.open = known.length ? known : remembered().filter((id) => page.phones.has(id));
  if (!page.open.length) {
    const advisersFirst = [...state.personas].sort((a, b) => (b.role === 'adviser') - (a.role === 'adviser'));
    page.open = advisersFirst.slice(0, room()).map((p) => p.id);
  }
  layout();
}

function handle(event) {
  if (event.type === 'message' || event.type === 'card_updated') arrived(event);
  else if (event.type === 'wire') page.panels.wire(event.entry);
  else if (event.type === 'understood') page.panels.understood(event.understood);
  else if (event.type === 'clock') setClock(event.clock);
  else if (event.type === 'fault') setFaults(event.faults);
  else if (event.type === 'menu') for (const phone of page.phones.values()) phone.setMenu(event.button);
}

function arrived(event) {
  const phone = [...page.phones.entries()].find(([id]) => id.toLowerCase() === event.userid.toLowerCase());
  if (!phone) return;
  const [id, view] = phone;
  if (event.type === 'message' && view.bubbles.has(event.message.id)) return;
  view.show(event.message, true);
  if (event.type === 'message' && event.message.by === 'app' && !page.open.includes(id)) {
    page.unread.set(id, (page.unread.get(id) || 0) + 1);
    people();
  }
}

// ---------------------------------------------------------------- phones

function room() {
  if (NARROW.matches) return 1;
  return Math.max(1, Math.floor(($('phones').clientWidth - 14) / PHONE_WIDTH));
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem('open') || '[]');
  } catch {
    return [];
  }
}

function toggle(id) {
  if (NARROW.matches) page.open = [id];
  else if (page.open.includes(id)) page.open = page.open.filter((other) => other !== id);
  else page.open = [...page.open, id].slice(-Math.max(room(), 1));
  read(id);
  layout();
  if (page.open.includes(id)) page.phones.get(id).focus();
}

function read(id) {
  if (page.unread.delete(id)) people();
}

function layout() {
  if (NARROW.matches && page.open.length > 1) page.open = page.open.slice(0, 1);
  const order = page.personas.map((p) => p.id).filter((id) => page.open.includes(id));
  for (const id of order) page.unread.delete(id);
  $('phones').replaceChildren(...order.map((id) => page.phones.get(id).root));
  if (!order.length) $('phones').append(el('p', { class: 'empty' }, '从左边选一位成员，打开他的手机。'));
  for (const id of order) page.phones.get(id).scrollDown();
  sessionStorage.setItem('open', JSON.stringify(page.open));
  people();
}

function people() {
  $('people').replaceChildren(...page.personas.map((p) => {
    const count = page.unread.get(p.id) || 0;
    const open = page.open.includes(p.id);
    return el('button', {
      type: 'button', class: 'person', 'aria-pressed': String(open), title: `${p.name} · ${p.title}`,
      'aria-label': `${p.name}，${p.title}${count ? `，${count} 条未读` : ''}`,
      data: { testid: `persona-${p.id}` }, onclick: () => toggle(p.id),
    },
    el('span', { class: `avatar line-${p.line || p.role}`, 'aria-hidden': 'true' }, p.name.slice(-1)),
    el('span', { class: 'person-name' }, p.name),
    count ? el('span', { class: 'count' }, String(count)) : null);
  }));
}

// ---------------------------------------------------------------- clock

function setClock(clock) {
  page.offset = new Date(clock.now).getTime() - Date.now();
  $('clock-lunar').textContent = `${clock.day.lunar} · ${clock.day.kind}`;
  tick();
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: page.zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  }).format(new Date(clock.now));
  if (document.activeElement !== $('clock-to')) $('clock-to').value = local.replace(' ', 'T');
}

function tick() {
  const now = new Date(Date.now() + page.offset);
  const format = (options) => new Intl.DateTimeFormat('zh-CN', { timeZone: page.zone, ...options }).format(now);
  $('clock-time').textContent = format({ hour: '2-digit', minute: '2-digit', hour12: false });
  $('clock-time').dateTime = now.toISOString();
  $('clock-date').textContent = `${format({ year: 'numeric', month: 'long', day: 'numeric' })} ${format({ weekday: 'long' })}`;
}

async function moveClock(body) {
  const bar = document.querySelector('.clock');
  bar.setAttribute('aria-busy', 'true');
  await post('clock', body);
  bar.removeAttribute('aria-busy');
}

// ---------------------------------------------------------------- faults

function setFaults(faults) {
  const count = FAULTS.filter((fault) => fault.is(faults)).length;
  $('faults-count').hidden = !count;
  $('faults-count').textContent = String(count);
  $('faults').replaceChildren(
    el('p', { class: 'faults-title' }, '网络和企业微信不总是顺利。打开一个，再说句话试试。'),
    ...FAULTS.map((fault) => el('label', { class: 'fault' },
      el('input', {
        type: 'checkbox', role: 'switch', checked: fault.is(faults), data: { testid: `fault-${fault.key}` },
        onchange: (event) => post('faults', event.target.checked ? fault.on : fault.off),
      }), el('span', {}, el('strong', {}, fault.name), el('small', {}, fault.hint)))),
    el('button', { type: 'button', data: { testid: 'faults-clear' }, onclick: () => post('faults', { clear: true }) }, '全部恢复'));
}

// ---------------------------------------------------------------- wiring

function shut(event) {
  for (const popover of document.querySelectorAll('.popover:not([hidden]), .card-menu:not([hidden])')) {
    const owner = popover.parentElement;
    const inside = popover.id === 'faults' ? popover.contains(event.target) || $('faults-button').contains(event.target)
      : owner.contains(event.target);
    if (!inside || event.key === 'Escape') popover.hidden = true;
  }
  $('faults-button').setAttribute('aria-expanded', String(!$('faults').hidden));
}

function wire() {
  for (const button of document.querySelectorAll('[data-preset]')) {
    button.onclick = () => moveClock({ preset: button.dataset.preset });
  }
  $('clock-form').onsubmit = (event) => {
    event.preventDefault();
    moveClock({ to: $('clock-to').value });
  };
  $('faults-button').onclick = () => { $('faults').hidden = !$('faults').hidden; };
  $('panel-button').onclick = () => {
    const shown = document.body.classList.toggle('panel-closed');
    $('panel-button').setAttribute('aria-expanded', String(!shown));
  };
  document.addEventListener('click', shut);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') shut(event); });
  NARROW.addEventListener('change', () => {
    document.body.classList.toggle('panel-closed', NARROW.matches);
    layout();
  });
  document.body.classList.toggle('panel-closed', NARROW.matches);
  setInterval(tick, 1000);
  listen({
    onState,
    handle,
    onConnection: (up) => { $('connection').textContent = up ? '' : '正在重新连接…'; },
  });
}

wire();
