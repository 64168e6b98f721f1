// The five kinds of template card, with live buttons, selections and menus.

import { el, link, safeUrl } from './dom.js';

// `press(key, selections)` is called for every button that calls back.
export function card(message, press) {
  const body = message.body;
  const dead = message.greyed !== '' || message.recalled;
  const picks = new Map();
  const send = (key) => press(key, Object.fromEntries(picks));
  const parts = [
    source(body, send),
    image(body),
    title(body),
    emphasis(body.emphasis_content),
    quote(body.quote_area),
    body.sub_title_text ? el('p', { class: 'card-sub' }, body.sub_title_text) : null,
    imageText(body.image_text_area),
    verticals(body.vertical_content_list),
    rows(body.horizontal_content_list),
    question(body.button_selection, picks, message, dead),
    ...(body.select_list || []).map((select) => question(select, picks, message, dead)),
    vote(body.checkbox, picks, message, dead),
    buttons(body, message, dead, send),
    jumps(body),
  ];
  return el('article', { class: `card ${body.card_type}`, data: { testid: 'card', cardType: body.card_type } }, ...parts);
}

function source(body, send) {
  const entries = body.action_menu?.action_list || [];
  if (!body.source?.desc && !entries.length) return null;
  const menu = el('div', { class: 'card-menu', role: 'menu', hidden: true },
    body.action_menu?.desc ? el('p', {}, body.action_menu.desc) : null,
    ...entries.map((entry) => el('button', {
      type: 'button', role: 'menuitem', data: { testid: 'card-menu-item', key: entry.key },
      onclick: () => { menu.hidden = true; send(entry.key); },
    }, entry.text)));
  const dots = entries.length ? el('button', {
    type: 'button', class: 'dots', 'aria-label': '更多操作', 'aria-haspopup': 'menu', data: { testid: 'card-menu' },
    onclick: () => { menu.hidden = !menu.hidden; },
  }, '⋯') : null;
  return el('div', { class: 'card-source' },
    el('span', { class: 'card-source-mark', 'aria-hidden': 'true' }),
    el('span', { class: `card-source-name color-${body.source?.desc_color || 0}` }, body.source?.desc || ''),
    dots, menu);
}

function title(body) {
  const main = body.main_title || {};
  if (!main.title && !main.desc) return null;
  const heading = body.card_action?.type === 1
    ? link(body.card_action.url, main.title || '') : el('span', {}, main.title || '');
  return el('header', { class: 'card-title' }, el('h4', {}, heading), main.desc ? el('p', {}, main.desc) : null);
}

function emphasis(part) {
  if (!part?.title && !part?.desc) return null;
  return el('div', { class: 'card-emphasis' }, el('strong', {}, part.title || ''), el('span', {}, part.desc || ''));
}

function quote(part) {
  if (!part?.quote_text && !part?.title) return null;
  return el('div', { class: 'card-quote' },
    part.title ? el('strong', {}, part.title) : null, el('p', {}, part.quote_text || ''),
    part.type === 1 ? link(part.url, '查看原文') : null);
}

// The page loads nothing from outside: a picture of another host is shown as a place holder.
function image(body) {
  const url = body.card_image?.url;
  if (!url) return null;
  const inside = url.startsWith('data:image/') || url.startsWith(`${location.origin}/`);
  if (inside) return el('img', { class: 'card-image', src: url, alt: body.main_title?.title || '图片' });
  return el('div', { class: 'card-image none', title: url }, el('span', {}, '图片'));
}

function imageText(part) {
  if (!part) return null;
  return el('div', { class: 'card-image-text' }, el('span', { class: 'thumb', 'aria-hidden': 'true' }),
    el('div', {}, el('strong', {}, part.title || ''), el('p', {}, part.desc || '')));
}

function verticals(list) {
  if (!list?.length) return null;
  return el('dl', { class: 'card-verticals' },
    ...list.flatMap((row) => [el('dt', {}, row.title || ''), el('dd', {}, row.desc || '')]));
}

function rows(list) {
  if (!list?.length) return null;
  return el('dl', { class: 'card-rows' }, ...list.flatMap((row) => [
    el('dt', {}, row.keyname || ''),
    el('dd', {}, row.type === 1 && safeUrl(row.url) ? link(row.url, row.value || row.url) : row.value || ''),
  ]));
}

function question(part, picks, message, dead) {
  if (!part) return null;
  const options = part.option_list || [];
  const chosen = message.chosen?.[part.question_key]?.[0] || part.selected_id || options[0]?.id;
  picks.set(part.question_key, [chosen]);
  const select = el('select', {
    disabled: dead || part.disable, 'aria-label': part.title || '请选择', data: { testid: 'card-select', key: part.question_key },
    onchange: () => picks.set(part.question_key, [select.value]),
  }, ...options.map((o) => el('option', { value: o.id, selected: o.id === chosen }, o.text)));
  return el('label', { class: 'card-select' }, el('span', {}, part.title || ''), select);
}

function vote(part, picks, message, dead) {
  if (!part) return null;
  const many = part.mode === 1;
  const before = message.chosen?.[part.question_key];
  const ticked = new Set(before || (part.option_list || []).filter((o) => o.is_checked).map((o) => o.id));
  const keep = () => picks.set(part.question_key, [...ticked]);
  keep();
  const group = `${message.id}-${part.question_key}`;
  return el('fieldset', { class: 'card-vote', disabled: dead || part.disable },
    el('legend', { class: 'sr' }, many ? '可多选' : '单选'),
    ...(part.option_list || []).map((option) => el('label', { data: { testid: 'card-option', key: option.id } },
      el('input', {
        type: many ? 'checkbox' : 'radio', name: group, value: option.id, checked: ticked.has(option.id),
        onchange: (event) => {
          if (!many) ticked.clear();
          if (event.target.checked) ticked.add(option.id);
          else ticked.delete(option.id);
          keep();
        },
      }), el('span', {}, option.text))));
}

function buttons(body, message, dead, send) {
  const list = body.button_list?.length ? body.button_list : body.submit_button ? [body.submit_button] : [];
  if (message.greyed) {
    return el('div', { class: 'card-buttons of-1' },
      el('button', { type: 'button', disabled: true, data: { testid: 'card-button-dead' } }, message.greyed));
  }
  if (!list.length) return null;
  const long = list.some((b) => [...(b.text || '')].length > 5);
  const columns = list.length === 1 ? 1 : list.length === 3 && !long ? 3 : 2;
  return el('div', { class: `card-buttons of-${columns}` }, ...list.map((button) => {
    if (button.type === 1) return link(button.url, button.text);
    return el('button', {
      type: 'button', disabled: dead, class: `style-${button.style || 1}`,
      data: { testid: 'card-button', key: button.key }, onclick: () => send(button.key),
    }, button.text);
  }));
}

function jumps(body) {
  const list = (body.jump_list || []).map((jump) => el('li', {},
    jump.type === 1 ? link(jump.url, jump.title) : el('span', {}, jump.title)));
  return list.length ? el('ul', { class: 'card-jumps' }, ...list) : null;
}
