// Text and WeCom's markdown subset, drawn as nodes: headings, bold, quote, links, inline code, font colours.

import { el, link } from './dom.js';

const ANCHOR = /<a\s+[^>]*href=["']?([^"'\s>]+)["']?[^>]*>(.*?)<\/a>/gis;

export function textNodes(content) {
  return split(content, ANCHOR, (match) => link(match[1], match[2]));
}

const INLINE = new RegExp([
  /<font\s+color=["']?(info|comment|warning)["']?>(.*?)<\/font>/.source,
  /\*\*(.+?)\*\*/.source,
  /`([^`]+)`/.source,
  /\[([^\]]+)\]\(([^)\s]+)\)/.source,
  /<@([^>]+)>/.source,
].join('|'), 'gs');

function inline(text) {
  return split(text, INLINE, (m) => {
    if (m[1]) return el('span', { class: `font-${m[1]}` }, ...inline(m[2]));
    if (m[3]) return el('strong', {}, ...inline(m[3]));
    if (m[4]) return el('code', {}, m[4]);
    if (m[5]) return link(m[6], m[5]);
    return el('span', { class: 'mention' }, `@${m[7]}`);
  });
}

function split(text, pattern, make) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) nodes.push(text.slice(at, match.index));
    nodes.push(make(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

export function markdownNodes(content) {
  const nodes = [];
  let quote = null;
  for (const line of content.split('\n')) {
    const quoted = line.match(/^\s*>\s?(.*)$/);
    if (quoted) {
      if (!quote) {
        quote = el('blockquote');
        nodes.push(quote);
      }
      quote.append(el('div', {}, ...inline(quoted[1])));
      continue;
    }
    quote = null;
    const heading = line.match(/^\s*(#{1,6})\s+(.*)$/);
    if (heading) nodes.push(el(`h${Math.min(heading[1].length + 2, 6)}`, {}, ...inline(heading[2])));
    else nodes.push(el('div', { class: line.trim() ? 'line' : 'gap' }, ...inline(line)));
  }
  return nodes;
}
