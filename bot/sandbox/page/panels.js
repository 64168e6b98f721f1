// The inspection pane: what was understood, and what went over the wire.

import { $, el, toast } from './dom.js';
import { showForecast } from './forecast.js';

const MOST = 200;
const TABS = ['understood', 'wire', 'forecast'];
const SPAN_NAMES = {
  name: '姓名', client: '客户', time: '时间', money: '金额', percent: '比例', phone: '手机', phone_tail: '尾号',
  id_number: '证件', licence_code: '执照', card_no: '卡号', policy_no: '合同号', ticket_no: '工单', email: '邮箱',
  product: '产品', number: '数字', quote: '引用',
};
const FAMILY = {
  client: 'name', time: 'date', percent: 'money', number: 'money', phone_tail: 'phone', id_number: 'phone',
  licence_code: 'phone', card_no: 'phone', policy_no: 'phone', ticket_no: 'phone', email: 'phone', quote: 'field',
};

export class Panels {
  constructor(nameOf, zone) {
    this.nameOf = nameOf;
    this.zone = zone;
    this.wireIds = new Set();
    this.#tabs();
  }

  #tabs() {
    for (const name of TABS) {
      $(`tab-${name}`).onclick = () => this.open(name);
      $(`tab-${name}`).onkeydown = (event) => {
        if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
        const step = event.key === 'ArrowRight' ? 1 : TABS.length - 1;
        const other = TABS[(TABS.indexOf(name) + step) % TABS.length];
        this.open(other);
        $(`tab-${other}`).focus();
      };
    }
  }

  open(wanted) {
    for (const name of TABS) {
      $(`tab-${name}`).setAttribute('aria-selected', String(name === wanted));
      $(`tab-${name}`).tabIndex = name === wanted ? 0 : -1;
      $(`panel-${name}`).hidden = name !== wanted;
    }
    if (wanted === 'forecast') showForecast();
  }

  reset(state) {
    this.wireIds.clear();
    document.querySelector('.wire-list').replaceChildren();
    document.querySelector('.understood-list').replaceChildren();
    for (const entry of state.wire) this.wire(entry);
    for (const item of state.understood) this.understood(item);
  }

  #time(iso) {
    return new Intl.DateTimeFormat('zh-CN', {
      timeZone: this.zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
    }).format(new Date(iso));
  }

  // ------------------------------------------------------------ understanding

  understood(item) {
    const facts = [];
    const add = (name, value) => { if (value) facts.push([name, value]); };
    for (const [name, value] of item.facts || []) add(name, value);
    (item.parts || []).forEach((part, index) => {
      add(`第 ${index + 1} 件`, [part.what, ...part.facts.map(([name, value]) => `${name} ${value}`)].join('；'));
    });
    add('要先问', item.asks);
    for (const time of item.times || []) {
      add(`“${time.text}”`, [time.said, time.why].filter(Boolean).join('：'));
      for (const other of time.others || []) add('也可能是', `${other.start}：${other.why}`);
    }
    add('也可能想', (item.readings || []).join('；'));
    if (item.confidence) add('把握', `${Math.round(item.confidence * 100)}%`);
    const list = document.querySelector('.understood-list');
    list.prepend(el('li', { class: 'understood', data: { testid: 'understood-item' } },
      el('div', { class: 'understood-head' }, el('span', {}, this.nameOf(item.user)),
        el('time', {}, item.at ? this.#time(item.at) : '')),
      el('p', { class: 'understood-text' }, ...coloured(item.text || '', item.spans || [])),
      el('p', { class: 'understood-what', title: `${item.intent || ''} · ${item.rule || ''}` }, item.what || ''),
      el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]))));
    while (list.children.length > 50) list.lastChild.remove();
    document.querySelector('#panel-understood .empty').hidden = true;
  }

  // ------------------------------------------------------------ wire

  wire(entry) {
    if (this.wireIds.has(entry.id)) return;
    this.wireIds.add(entry.id);
    const list = document.querySelector('.wire-list');
    list.prepend(el('li', {}, el('button', {
      type: 'button', class: `wire-row ${entry.dir}`, data: { testid: 'wire-row', dir: entry.dir, id: entry.id },
      onclick: (event) => this.#select(event.currentTarget, entry),
    },
    el('span', { class: 'wire-arrow', 'aria-label': entry.dir === 'callback' ? '进来' : '出去' },
      entry.dir === 'callback' ? '↓' : '↑'),
    el('span', { class: 'wire-what' }, what(entry)),
    el('span', { class: `wire-code ${good(entry) ? 'good' : 'bad'}` }, code(entry)),
    el('span', { class: 'wire-ms' }, `${Math.round(entry.ms)} ms`),
    el('time', {}, this.#time(entry.at)))));
    while (list.children.length > MOST) list.lastChild.remove();
    document.querySelector('#panel-wire .empty').hidden = true;
  }

  #select(row, entry) {
    for (const other of document.querySelectorAll('.wire-row[aria-current]')) other.removeAttribute('aria-current');
    row.setAttribute('aria-current', 'true');
    const views = entry.dir === 'callback'
      ? [['解密', pretty(entry.plain)], ['加密', pretty(entry.encrypted)], ['应答', callbackAnswer(entry)]]
      : [['JSON', json(entry.request)], ['应答', entry.answer ? json(entry.answer) : '（连接断开，没有应答）'],
        ['参数', json(entry.query)]];
    const text = el('pre', { tabindex: '0', data: { testid: 'wire-text' } });
    const tabs = views.map(([name, words]) => el('button', {
      type: 'button', data: { testid: 'wire-view', view: name },
      onclick: (event) => {
        for (const tab of tabs) tab.removeAttribute('aria-pressed');
        event.currentTarget.setAttribute('aria-pressed', 'true');
        text.textContent = words;
      },
    }, name));
    tabs[0].setAttribute('aria-pressed', 'true');
    text.textContent = views[0][1];
    const detail = $('wire-detail');
    detail.hidden = false;
    detail.replaceChildren(
      el('div', { class: 'wire-views' }, ...tabs,
        el('button', { type: 'button', class: 'copy', data: { testid: 'wire-curl' }, onclick: () => copy(curl(entry)) }, '复制 curl'),
        el('button', { type: 'button', class: 'close', 'aria-label': '关闭详情', onclick: () => { detail.hidden = true; } }, '×')),
      el('p', { class: 'wire-line' }, summary(entry)), text);
  }
}

function coloured(text, spans) {
  const letters = [...text];
  const nodes = [];
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (!(span.start >= at) || !(span.end > span.start)) continue;
    nodes.push(letters.slice(at, span.start).join(''));
    const name = SPAN_NAMES[span.kind] || span.kind || '';
    nodes.push(el('mark', {
      class: `span-${FAMILY[span.kind] || span.kind}`, title: `${name}：${span.text}`,
    }, letters.slice(span.start, span.end).join(''), el('small', {}, name)));
    at = span.end;
  }
  nodes.push(letters.slice(at).join(''));
  return nodes;
}

function what(entry) {
  if (entry.dir === 'api') return entry.path.replace('/cgi-bin/', '');
  const event = entry.plain.match(/<Event><!\[CDATA\[(.*?)\]\]>/)?.[1];
  const kind = entry.plain.match(/<MsgType><!\[CDATA\[(.*?)\]\]>/)?.[1];
  const again = entry.attempt > 1 ? `（第 ${entry.attempt} 次）` : '';
  return `${event || kind || 'callback'} · ${entry.userid}${again}`;
}

function good(entry) {
  return entry.dir === 'api' ? entry.errcode === 0 : entry.outcome === 'accepted';
}

function code(entry) {
  if (entry.dir === 'callback') return entry.outcome === 'late' ? '超时' : entry.status || '无应答';
  if (entry.errcode === null) return '断开';
  if (entry.note) return { duplicate: '重复', dropped: '丢弃' }[entry.note] || entry.note;
  return entry.errcode;
}

function summary(entry) {
  if (entry.dir === 'callback') return `POST 回调 · HTTP ${entry.status || '—'} · ${entry.ms} ms · 第 ${entry.attempt} 次`;
  return `${entry.method} ${entry.path} · errcode ${entry.errcode ?? '—'} · ${entry.ms} ms`;
}

function callbackAnswer(entry) {
  if (!entry.status) return '（没有应答）';
  return `HTTP ${entry.status}\n\n${entry.answer || '（空，表示已收到）'}`;
}

function json(value) {
  return value ? JSON.stringify(value, null, 2) : '（无）';
}

function pretty(xml) {
  let depth = 0;
  return xml.replace(/(?<!\]\])>\s*<(?!!)/g, '>\n<').split('\n').map((line) => {
    if (/^<\//.test(line)) depth -= 1;
    const shown = '  '.repeat(Math.max(depth, 0)) + line;
    if (/^<[^/!][^>]*>$/.test(line)) depth += 1;
    return shown;
  }).join('\n');
}

function quoted(text) {
  return `'${String(text).replace(/'/g, "'\\''")}'`;
}

function curl(entry) {
  if (entry.dir === 'callback') {
    return `curl -X POST ${quoted(entry.path)} -H 'Content-Type: text/xml' --data-binary ${quoted(entry.encrypted)}`;
  }
  const query = Object.entries(entry.query).map(([k, v]) => `${k}=${v === '…' ? `$${k.toUpperCase()}` : encodeURIComponent(v)}`);
  const url = `"${location.origin}${entry.path}?${query.join('&')}"`;
  return entry.request
    ? `curl -X ${entry.method} ${url} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(entry.request))}`
    : `curl ${url}`;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('已复制。');
  } catch {
    toast('浏览器不允许复制，请手动选取。');
  }
}
