// Talking to the sandbox: JSON POSTs and the stream of events.

import { toast } from './dom.js';

export async function post(name, body) {
  let response;
  try {
    response = await fetch(`/sandbox/api/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    toast('沙盒没有应答，请看一下终端里它是否还在运行。');
    return null;
  }
  const answer = await response.json().catch(() => ({ error: `沙盒回答了 ${response.status}` }));
  if (!response.ok) {
    toast(answer.error || '没有成功，请再试一次。');
    return null;
  }
  return answer;
}

const KINDS = ['message', 'card_updated', 'customer_message', 'friendship', 'paced', 'wire', 'understood', 'clock', 'fault', 'menu'];

// After each (re)connection the whole state is read again, then events follow; `handle` must take an event twice.
export function listen({ onState, handle, onConnection }) {
  const stream = new EventSource('/sandbox/api/stream');
  let waiting = [];
  stream.onopen = async () => {
    waiting = waiting || [];
    const response = await fetch('/sandbox/api/state');
    onState(await response.json());
    onConnection(true);
    for (const event of waiting || []) handle(event);
    waiting = null;
  };
  stream.onerror = () => {
    waiting = [];
    onConnection(false);
  };
  for (const kind of KINDS) {
    stream.addEventListener(kind, (message) => {
      const event = JSON.parse(message.data);
      if (waiting) waiting.push(event);
      else handle(event);
    });
  }
}
