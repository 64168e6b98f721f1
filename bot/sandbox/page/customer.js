// A customer's phone, and the item of 群发助手 on the adviser's that has to be confirmed before anything arrives here.

import { carriedOver, el, initial } from './dom.js';
import { post } from './net.js';
import { textNodes } from './words.js';

const TASK_STATES = { waiting: '待发送', sent: '已发送', cancelled: '已取消' };
const RESULTS = { 1: '已送达', 2: '对方不是好友', 3: '对方当天已收到过群发' };

export function groupTask(message, confirm) {
  const { customers, text, state, results, nudges } = message.body;
  const outcome = results.map((code) => RESULTS[code] || '').filter(Boolean).join('、');
  return el('article', { class: 'card group-task', data: { testid: 'group-task', state } },
    el('header', { class: 'card-title' }, el('h4', {}, `发给 ${customers.join('、')}`),
      el('p', {}, [TASK_STATES[state], outcome, nudges ? `已提醒 ${nudges} 次` : ''].filter(Boolean).join(' · '))),
    el('p', { class: 'card-sub' }, ...textNodes(text)),
    state === 'waiting' ? el('button', {
      type: 'button', class: 'group-send', data: { testid: 'group-send' }, onclick: confirm,
    }, '发送') : null);
}

export class CustomerPhone {
  // `before`: the same phone, as it was when the sandbox stopped.
  constructor(customer, { adviserName, kf, zone, onClose, before }) {
    this.customer = customer;
    this.kf = kf;
    this.zone = zone;
    this.adviserName = adviserName;
    this.seen = new Set();
    this.log = el('div', {
      class: 'log', role: 'log', 'aria-label': `客户${customer.name}的微信`, tabindex: '0', data: { testid: `log-${customer.id}` },
    });
    if (before) this.log.append(...carriedOver(before.log));
    this.whose = el('p', {});
    this.button = el('button', { type: 'button', data: { testid: `friend-${customer.id}` }, onclick: () => this.#act() });
    this.root = el('section', {
      class: 'phone customer', 'aria-label': `客户 ${customer.name}`, data: { testid: `phone-${customer.id}` },
    }, el('header', { class: 'phone-head' },
      el('span', { class: 'avatar customer', 'aria-hidden': 'true' }, initial(customer.name)),
      el('div', {}, el('h2', {}, customer.name), this.whose),
      el('button', { type: 'button', class: 'close', 'aria-label': `收起${customer.name}的手机`, onclick: onClose }, '×')),
    this.log, this.#chips(customer.chips || []), el('footer', { class: 'foot kf' }, this.#composer()), el('footer', { class: 'foot' }, this.button));
    this.setFriend(customer.friend);
    for (const message of customer.history) this.show(message);
  }

  #chips(chips) {
    if (!this.kf || !chips.length) return null;
    return el('div', { class: 'chips', role: 'group', 'aria-label': '试试这样问' }, ...chips.map((text) => el('button', {
      type: 'button', data: { testid: 'chip', text }, title: text, onclick: () => post('kf', { customer: this.customer.id, text }),
    }, text)));
  }

  // Whoever opens the talk is welcomed, once.
  #enter() {
    if (this.entered) return;
    this.entered = true;
    post('kf', { customer: this.customer.id, enter: true });
  }

  // Customers write to the firm's 微信客服; what they write to their adviser's own chat no program sees.
  #composer() {
    if (!this.kf) return null;
    const input = el('textarea', {
      rows: 1, placeholder: `给「${this.kf.name}」留言`, 'aria-label': `${this.customer.name}给微信客服留言`,
      data: { testid: `kf-${this.customer.id}` },
      onfocus: () => this.#enter(),
      onkeydown: (event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        send();
      },
    });
    const send = async () => {
      const text = input.value.trim();
      if (!text) return;
      input.value = '';
      if (!await post('kf', { customer: this.customer.id, text }) && !input.value) input.value = text;
    };
    const photo = () => post('kf', { customer: this.customer.id, photo: true });
    return [input,
      el('button', { type: 'button', class: 'send', data: { testid: `photo-${this.customer.id}` }, onclick: photo }, '照片'),
      el('button', { type: 'button', class: 'send', onclick: send }, '发送')];
  }

  #act() {
    post('customer', { customer: this.customer.id, act: this.friend ? 'unfriend' : 'befriend' });
  }

  setFriend(friend) {
    this.friend = friend;
    this.whose.textContent = friend ? `客户的微信 · 顾问${this.adviserName}` : '微信 · 没有加顾问';
    this.button.textContent = friend ? `删除顾问${this.adviserName}` : `添加顾问${this.adviserName}`;
  }

  show(message, fresh = false) {
    if (this.seen.has(message.id)) return;
    this.seen.add(message.id);
    const time = new Intl.DateTimeFormat('zh-CN', {
      timeZone: this.zone, month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit',
    }).format(new Date(message.at));
    const data = { testid: 'bubble', by: message.by };
    if (message.by === 'wecom') this.log.append(el('div', { class: 'note', data }, `${time} ${message.text}`));
    else {
      const own = message.by === 'customer';
      const sender = own ? '' : { kf: this.kf?.name, sms: '短信' }[message.by] ?? this.adviserName;
      this.log.append(el('div', { class: `row ${own ? 'member' : 'app'}${fresh && !own ? ' new' : ''}`, data },
        el('div', { class: 'said' }, sender ? el('span', { class: 'sender' }, sender) : null,
          el('div', { class: 'bubble' }, ...textNodes(message.text)), el('span', { class: 'meta' }, time))));
    }
    this.log.scrollTop = this.log.scrollHeight;
  }

  // Customers wait for nobody's queue.
  tick() {}

  scrollDown() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  focus() {
    this.log.focus({ preventScroll: true });
  }
}
