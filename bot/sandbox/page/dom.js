// Small helpers: make elements without ever parsing strings as HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name === 'data') Object.assign(node.dataset, value);
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

export const $ = (id) => document.getElementById(id);

export function safeUrl(url) {
  return /^https?:\/\//i.test(url || '') ? url : '';
}

export function link(url, ...children) {
  const good = safeUrl(url);
  if (!good) return el('span', { class: 'dead-link', title: '这个链接不能打开' }, ...children);
  return el('a', { href: good, target: '_blank', rel: 'noopener noreferrer' }, ...children);
}

// The letter on an avatar: the last of the name, without what stands in brackets behind it.
export const initial = (name) => name.replace(/（.*）$/, '').slice(-1);

export function bytes(text) {
  return new TextEncoder().encode(text || '').length;
}

// What stood in a log before the sandbox was started anew: to be read, and no longer to be tapped.
export function carriedOver(log) {
  if (!log.querySelector('[data-testid="bubble"]')) return [];
  return [
    el('div', { class: 'before', inert: true, data: { testid: 'before' } }, ...log.childNodes),
    el('div', { class: 'note', role: 'status', data: { testid: 'restarted' } },
      '沙盒重新启动过。上面是之前的聊天，按钮不能再点；没有得到回复的那句可能没有送到，请再发一次。'),
  ];
}

let toastTimer = 0;

export function toast(text) {
  const box = $('toast');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 5000);
}
