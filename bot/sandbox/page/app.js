// The page: people on the left, phones in the middle, inspection on the right, clock and faults on top.

import { CustomerPhone } from './customer.js';
import { $, el, initial } from './dom.js';
import { showForecast } from './forecast.js';
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
  { key: 'twice', name: '群发任务做两遍', hint: '下一条群发任务在企业微信里生成两条', on: { twice: 1 }, off: { twice: 0 }, is: (f) => f.twice > 0 },
  { key: 'late-task', name: '群发任务迟到', hint: '下一条群发任务没有应答，4 分钟后才生成', on: { late_tasks: 1 }, off: { late_tasks: 0 }, is: (f) => f.late_tasks > 0 },
  { key: 'quota', name: '客户已收过群发', hint: '客户今天的群发名额已用完', on: { quota_used: true }, off: { quota_used: false }, is: (f) => f.quota_used },
  { key: 'bell', name: '客服回调丢失', hint: '客户下一条客服留言没有回调，15 分钟内由定时读取补上', on: { lost_bells: 1 }, off: { lost_bells: 0 }, is: (f) => f.lost_bells > 0 },
  { key: 'down', name: '企业微信宕机', hint: '所有连接都断开', on: { down: true }, off: { down: false }, is: (f) => f.down },
];

const page = { personas: [], customers: [], phones: new Map(), open: [], unread: new Map(), offset: 0, forecastTimer: 0, zone: 'Asia/Shanghai', panels: null };

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
  page.customers = state.customers;
  const stopped = page.run && page.run !== state.run ? page.phones : new Map();  // the sandbox was started anew
  page.run = state.run;
  page.phones = new Map();
  for (const persona of state.personas) {
    const phone = new Phone(persona, {
      chips: state.chips[persona.id] || [], menu: state.menu, zone: page.zone,
      onClose: () => toggle(persona.id), onFocus: () => read(persona.id), before: stopped.get(persona.id),
    });
    page.phones.set(persona.id, phone);
    for (const message of state.history[persona.id] || []) phone.show(message);
  }
  for (const customer of state.customers) {
    page.phones.set(customer.id, new CustomerPhone(customer, {
      adviserName: nameOf(customer.adviser), kf: state.kf, zone: page.zone, onClose: () => toggle(customer.id),
      before: stopped.get(customer.id),
    }));
  }
  for (const [id, until] of Object.entries(state.paced)) wait(id, until);
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
  else if (event.type === 'customer_message') customerSaw(event);
  else if (event.type === 'paced') wait(event.userid, event.until);
  else if (event.type === 'friendship') page.phones.get(event.customer)?.setFriend(event.friend);
  else if (event.type === 'wire') page.panels.wire(event.entry);
  else if (event.type === 'understood') page.panels.understood(event.understood);
  else if (event.type === 'clock') setClock(event.clock);
  else if (event.type === 'fault') setFaults(event.faults);
  else if (event.type === 'menu') for (const phone of page.phones.values()) phone.setMenu?.(event.button); // customers have none
}

function customerSaw(event) {
  page.phones.get(event.customer)?.show(event.message, true);
  if (page.phones.has(event.customer) && !page.open.includes(event.customer)) {
    page.unread.set(event.customer, (page.unread.get(event.customer) || 0) + 1);
    people();
  }
}

// What was just done may have changed what will fire: look again once it is quiet.
function forecastAgain() {
  clearTimeout(page.forecastTimer);
  page.forecastTimer = setTimeout(() => { if (!$('panel-forecast').hidden) showForecast(); }, 800);
}

function phoneOf(userid) {
  return [...page.phones.entries()].find(([id]) => id.toLowerCase() === userid.toLowerCase());
}

function wait(userid, until) {
  phoneOf(userid)?.[1].wait(until, productNow());
}

function arrived(event) {
  forecastAgain();
  const phone = phoneOf(event.userid);
  if (!phone) return;
  const [id, view] = phone;
  if (event.type === 'message' && view.bubbles.has(event.message.id)) return;
  view.show(event.message, true);
  if (event.type === 'message' && event.message.by !== 'member' && !page.open.includes(id)) {
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
  const order = [...page.personas, ...page.customers].map((p) => p.id).filter((id) => page.open.includes(id));
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
    el('span', { class: `avatar line-${p.line || p.role}`, 'aria-hidden': 'true' }, initial(p.name)),
    el('span', { class: 'person-name' }, p.name),
    count ? el('span', { class: 'count' }, String(count)) : null);
  }), ...page.customers.map((c) => {
    const count = page.unread.get(c.id) || 0;
    return el('button', {
      type: 'button', class: 'person', 'aria-pressed': String(page.open.includes(c.id)), title: `客户 ${c.name} 的微信`,
      'aria-label': `客户${c.name}的微信${count ? `，${count} 条未读` : ''}`,
      data: { testid: `persona-${c.id}` }, onclick: () => toggle(c.id),
    },
    el('span', { class: 'avatar customer', 'aria-hidden': 'true' }, initial(c.name)),
    el('span', { class: 'person-name' }, c.name),
    count ? el('span', { class: 'count' }, String(count)) : null);
  }));
}

// ---------------------------------------------------------------- clock

function setClock(clock) {
  if (!$('panel-forecast').hidden) showForecast();
  page.offset = new Date(clock.now).getTime() - Date.now();
  $('clock-lunar').textContent = `${clock.day.lunar} · ${clock.day.kind}`;
  tick();
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone: page.zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
  }).format(new Date(clock.now));
  if (document.activeElement !== $('clock-to')) $('clock-to').value = local.replace(' ', 'T');
}

function productNow() {
  return new Date(Date.now() + page.offset);
}

function tick() {
  const now = productNow();
  for (const phone of page.phones.values()) phone.tick(now);
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
