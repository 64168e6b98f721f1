// One phone: head, log, chips, menu, input.

import { bytes, carriedOver, el, initial, link } from './dom.js';
import { card } from './cards.js';
import { groupTask } from './customer.js';
import { post } from './net.js';
import { markdownNodes, textNodes } from './words.js';

const KIND_NAMES = { image: '图片', voice: '语音', video: '视频', file: '文件' };
const EVENTS = [['image', '图片'], ['voice', '语音'], ['location', '位置'], ['enter_agent', '进入应用']];

export class Phone {
  // `before`: the same phone, as it was when the sandbox stopped.
  constructor(persona, { chips, menu, zone, onClose, onFocus, before }) {
    this.persona = persona;
    this.zone = zone;
    this.bubbles = new Map();
    this.said = [];
    this.recalling = 0;
    this.lastDay = '';
    this.waiting = null;
    this.log = el('div', {
      class: 'log', role: 'log', 'aria-label': `${persona.name}的聊天`, tabindex: '0', data: { testid: `log-${persona.id}` },
    });
    if (before) this.log.append(...carriedOver(before.log));
    this.input = this.#makeInput();
    if (before) this.input.value = before.input.value;
    this.menuBar = el('div', { class: 'menu-bar', role: 'group', 'aria-label': '应用菜单' });
    this.root = el('section', {
      class: 'phone', 'aria-label': `${persona.name} ${persona.title}`, data: { testid: `phone-${persona.id}` },
      onpointerdown: onFocus,
    }, this.#head(onClose), this.log, this.#chips(chips), this.#foot(), this.menuBar);
    this.setMenu(menu);
  }

  #head(onClose) {
    const p = this.persona;
    return el('header', { class: 'phone-head' },
      el('span', { class: `avatar line-${p.line || p.role}`, 'aria-hidden': 'true' }, initial(p.name)),
      el('div', {}, el('h2', {}, p.name), el('p', {}, p.title)),
      el('button', { type: 'button', class: 'close', 'aria-label': `收起${p.name}的手机`, onclick: onClose }, '×'));
  }

  #chips(chips) {
    if (!chips.length) return null;
    return el('div', { class: 'chips', role: 'group', 'aria-label': '试试这样说' }, ...chips.map((text) => el('button', {
      type: 'button', data: { testid: 'chip', text }, title: text, onclick: () => this.say(text),
    }, text)));
  }

  #makeInput() {
    return el('textarea', {
      rows: 1, placeholder: '发消息', 'aria-label': `以${this.persona.name}的身份发消息`, autocomplete: 'off',
      data: { testid: `input-${this.persona.id}` },
      onkeydown: (event) => this.#key(event),
      oninput: () => this.#grow(),
    });
  }

  #foot() {
    const more = el('div', { class: 'popover more', role: 'menu', hidden: true }, ...EVENTS.map(([kind, name]) =>
      el('button', {
        type: 'button', role: 'menuitem', data: { testid: `event-${kind}` },
        onclick: () => { more.hidden = true; post('event', { user: this.persona.id, kind }); },
      }, name)));
    return el('form', { class: 'foot', onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      el('button', {
        type: 'button', class: 'plus', 'aria-label': '发图片、语音、位置', 'aria-haspopup': 'menu',
        data: { testid: `more-${this.persona.id}` }, onclick: () => { more.hidden = !more.hidden; },
      }, '+'), this.input,
      el('button', { type: 'submit', class: 'send', data: { testid: `send-${this.persona.id}` } }, '发送'), more);
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'ArrowUp' && (this.input.value === '' || this.recalling > 0)) {
      event.preventDefault();
      this.#recall(1);
    } else if (event.key === 'ArrowDown' && this.recalling > 0) {
      event.preventDefault();
      this.#recall(-1);
    } else if (event.key === 'Escape') {
      this.input.value = '';
      this.recalling = 0;
      this.#grow();
    }
  }

  #recall(step) {
    this.recalling = Math.max(0, Math.min(this.said.length, this.recalling + step));
    this.input.value = this.recalling ? this.said[this.said.length - this.recalling] : '';
    this.#grow();
  }

  #grow() {
    this.input.rows = Math.min(5, this.input.value.split('\n').length);
  }

  // What could not be sent is in the input again.
  async #send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = '';
    this.#grow();
    if (await this.say(text) || this.input.value) return;
    this.input.value = text;
    this.#grow();
  }

  say(text) {
    this.said.push(text);
    this.recalling = 0;
    return post('say', { user: this.persona.id, text });
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  setMenu(menu) {
    this.menuBar.hidden = !menu?.length;
    this.menuBar.replaceChildren(...(menu || []).map((top) => this.#menuButton(top)));
  }

  #menuButton(top) {
    const below = top.sub_button || [];
    if (!below.length) return this.#menuEntry(top, 'menu-button');
    const list = el('div', { class: 'popover sub-menu', role: 'menu', hidden: true },
      ...below.map((entry) => this.#menuEntry(entry, 'menu-item', () => { list.hidden = true; })));
    const opener = el('button', {
      type: 'button', class: 'menu-opener', 'aria-haspopup': 'menu', data: { testid: 'menu-button' },
      onclick: () => {
        const hide = !list.hidden;
        for (const other of this.menuBar.querySelectorAll('.sub-menu')) other.hidden = true;
        list.hidden = hide;
      },
    }, top.name);
    return el('div', { class: 'menu-cell' }, opener, list);
  }

  #menuEntry(entry, testid, done = () => {}) {
    if (entry.type === 'view') return el('div', { class: 'menu-cell' }, link(entry.url, entry.name));
    const button = el('button', {
      type: 'button', data: { testid, key: entry.key },
      onclick: () => { done(); post('menu', { user: this.persona.id, key: entry.key }); },
    }, entry.name);
    return testid === 'menu-button' ? el('div', { class: 'menu-cell' }, button) : button;
  }

  // Draw a bubble, or draw it again where it stands.
  show(message, fresh = false) {
    const bubble = this.#bubble(message);
    if (fresh) bubble.classList.add('new');
    const old = this.bubbles.get(message.id);
    this.bubbles.set(message.id, bubble);
    if (old) {
      bubble.classList.replace('new', 'changed');
      old.replaceWith(bubble);
      return;
    }
    const day = this.#format(message.at, { month: 'long', day: 'numeric', weekday: 'short' });
    if (day !== this.lastDay) {
      this.lastDay = day;
      this.log.append(el('div', { class: 'day' }, day));
    }
    if (message.by === 'member' && message.kind === 'text') this.#remember(message.body.content);
    this.log.append(bubble);
    if (message.by === 'app') this.#resume();
    else if (this.waiting) this.log.append(this.waiting);
    this.scrollDown();
  }

  // The bot waits with what it has to say until this instant of the product's clock: say why nothing comes.
  wait(until, now) {
    this.until = new Date(until);
    this.waiting ||= el('div', { class: 'note', role: 'status', data: { testid: 'paced' } });
    this.tick(now);
    if (this.waiting) this.log.append(this.waiting);
    this.scrollDown();
  }

  tick(now) {
    if (!this.waiting) return;
    const seconds = Math.ceil((this.until - now) / 1000);
    if (seconds <= 0) this.#resume();
    else this.waiting.textContent = `企业微信一分钟最多给一位成员发 30 条，多了会丢。机器人先排着队，${seconds} 秒后接着回答。`;
  }

  #resume() {
    this.waiting?.remove();
    this.waiting = null;
  }

  #remember(text) {
    if (this.said[this.said.length - 1] !== text) this.said.push(text);
  }

  scrollDown() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  #format(iso, options) {
    return new Intl.DateTimeFormat('zh-CN', { timeZone: this.zone, ...options }).format(new Date(iso));
  }

  #bubble(message) {
    const data = { testid: 'bubble', by: message.by, messageId: message.id, kind: message.kind };
    if (message.recalled) return el('div', { class: 'note', data }, '消息已撤回');
    if (message.kind === 'event') return el('div', { class: 'note', data }, message.body.label);
    const time = this.#format(message.at, { hour: '2-digit', minute: '2-digit' });
    const meta = [time];
    if (message.bytes) meta.push(`${message.bytes} 字节`);
    if (message.kind === 'markdown') meta.push('微信插件中不显示');
    if (message.changes) meta.push(`已更新 ${message.changes} 次`);
    const row = el('div', { class: `row ${message.by}`, data },
      message.by === 'app' ? el('span', { class: 'avatar app', 'aria-hidden': 'true' }) : null,
      el('div', { class: 'said' },
        message.by === 'app' ? el('span', { class: 'sender' }, '顾问助手') : null,
        message.by === 'wecom' ? el('span', { class: 'sender' }, '群发助手') : null,
        this.#content(message), el('span', { class: 'meta' }, meta.join(' · '))));
    return row;
  }

  #content(message) {
    const { kind, body } = message;
    if (kind === 'template_card') {
      return card(message, (key, selections) => post('tap', { user: this.persona.id, id: message.id, key, selections }));
    }
    if (kind === 'text') return el('div', { class: 'bubble' }, ...textNodes(body.content || ''));
    if (kind === 'group_task') return groupTask(message, () => post('group_send', { user: this.persona.id, id: message.id }));
    if (kind === 'markdown') return el('div', { class: 'bubble markdown' }, ...markdownNodes(body.content || ''));
    if (kind === 'textcard') {
      return el('article', { class: 'card' }, el('header', { class: 'card-title' }, el('h4', {}, body.title || '')),
        el('p', { class: 'card-sub' }, (body.description || '').replace(/<[^>]*>/g, '')), link(body.url, body.btntxt || '详情'));
    }
    if (kind === 'image' && message.by === 'app') {
      const source = `/sandbox/api/media/${encodeURIComponent(body.media_id)}`;
      return el('img', { class: 'picture', src: source, alt: '图片', onload: () => this.scrollDown(), data: { testid: 'picture' } });
    }
    const name = body.label || body.title || `[${KIND_NAMES[kind] || kind}]`;
    return el('div', { class: 'bubble', title: `${bytes(JSON.stringify(body))} 字节` }, name);
  }
}
