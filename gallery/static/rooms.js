// A live room: one WebSocket, through which the server sends what it has drawn and takes what is done here.
// What is drawn is the same for everybody; which forms are whose is decided here for show, and on the server for good.
// Nothing is lost when the line breaks: what was not yet acknowledged is sent again under its id, and happens once.
'use strict';

const room = document.getElementById('room');
const part = (name) => document.getElementById(name);
const NAME = 'shihua_name';
let socket, seen = Number(room?.dataset.seq || 0), tries = 0, until = null, hand = 0;
let me = {member: 0, seated: false, owner: false, known: true};
const waiting = new Map();  // acts on their way, by id
const made = () => [...crypto.getRandomValues(new Uint8Array(10))].map((n) => n.toString(16).padStart(2, '0')).join('');

function tell(text, bad = false, heard = false) {  // heard: what the stage shows already is only for a screen reader
  part('told').textContent = text;
  part('told').classList.toggle('heard', heard);
  part('told').classList.toggle('bad', bad);
}

function act(what, form = null) {
  const id = made();
  waiting.set(id, {text: JSON.stringify({v: 1, room: room.dataset.code, id, ...what}), form});
  if (socket.readyState === WebSocket.OPEN) socket.send(waiting.get(id).text);
  return id;
}

function connect() {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  socket = new WebSocket(`${scheme}://${location.host}/live/${room.dataset.code}?language=${room.dataset.language}&seen=${seen}`);
  socket.addEventListener('open', () => {
    tell(tries ? room.dataset.back : '');
    tries = 0;
    for (const one of waiting.values()) socket.send(one.text);
  });
  socket.addEventListener('message', (event) => {
    const said = JSON.parse(event.data);
    hear[said.say]?.(said);
  });
  socket.addEventListener('close', (event) => {
    if (event.code === 4404 || event.code === 4429) return;  // the reason has been told
    tell(room.dataset.lost, true);
    setTimeout(connect, Math.min(8000, 300 * 2 ** tries++) * (0.5 + Math.random()));
  });
}

const hear = {
  you(said) {
    me = said;
    dress();
  },
  scene(said) {
    for (const entry of said.entries) enter(entry);
    seen = said.seq;
    if (said.stage !== undefined) {
      exchange(part('stage'), said.stage);
      exchange(part('people'), said.people);
    }
    hear.clock(said);
    dress();
  },
  clock(said) {
    until = said.left === null ? null : performance.now() + 1000 * said.left;
    count();
  },
  present(said) {
    here = new Set(said.members);
    part('watching').textContent = said.watching ? room.dataset.watching.replace('#', said.watching) : '';
    dress();
  },
  done(said) {
    const sent = waiting.get(said.id);
    waiting.delete(said.id);
    if (sent?.form) settle(sent.form);
    tell('');
  },
  refused(said) {
    waiting.delete(said.id);
    tell(said.text, true);
  },
  film(said) {
    reel = said;
    screen();
  },
  note(said) {
    tell(said.text, true);
  },
  checked(said) {
    if (said.id !== checking) return;
    waiting.delete(said.id);
    part('checked').innerHTML = said.html;
  },
};
let here = new Set(), checking = '', hanging = false, reel = {rolling: false, ready: false, done: 0, total: 0};

// A new drawing takes the place of the old; the focus stays on what it was on.
function exchange(place, html) {
  const key = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const open = [...place.querySelectorAll('details[open]')].map((one) => one.dataset.key);
  place.innerHTML = html;
  for (const one of open) place.querySelector(`[data-key="${one}"]`)?.setAttribute('open', '');
  if (key) place.querySelector(`[data-key="${key}"]`)?.focus({preventScroll: true});
}

function enter(html) {
  const log = part('log'), holder = document.createElement('template');
  holder.innerHTML = html;
  const entry = holder.content.firstElementChild;
  if (log.querySelector(`[data-seq="${entry.dataset.seq}"]`)) return;
  const below = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(entry);
  if (below) log.scrollTop = log.scrollHeight;
}

function settle(form) {
  if (form.id === 'join') return;
  form.reset();
  if (form.id === 'write') part('checked').replaceChildren();
}

// What is shown to whom.
function dress() {
  const scene = part('stage').firstElementChild.dataset;
  const show = (one, yes) => { if (one) one.hidden = !yes; };
  const mine = me.seated && scene.turn === String(me.member) && scene.ended === 'no';
  for (const one of document.querySelectorAll('.people [data-member]')) one.classList.toggle('here', here.has(Number(one.dataset.member)));
  for (const one of document.querySelectorAll('.people li')) one.classList.toggle('you', one.dataset.member === String(me.member));
  for (const one of document.querySelectorAll('.owners')) show(one, me.owner && scene.ended === 'no' && one.dataset.member !== String(me.member));
  show(part('join'), !me.seated && scene.ended === 'no');
  show(part('say'), me.member && scene.ended === 'no');
  show(part('write'), mine && scene.tool === 'write');
  if (part('keep').hidden && part('keep').signature) part('keep').signature.value = scene.signature;
  for (const one of document.querySelectorAll('.free')) show(one, me.seated && scene.begun === 'no' && scene.ended === 'no');
  screen();
  show(part('keep'), me.member && (hanging || (scene.whole === 'yes' && !scene.hung)));
  for (const one of document.querySelectorAll('.members')) show(one, me.member);
  for (const one of document.querySelectorAll('.breeding .child')) one.setAttribute('aria-pressed', String(Boolean(one.parentElement.querySelector(`.dot[data-member="${me.member}"]`))));
  show(document.querySelector('[data-do=breed]'), me.owner && scene.votes !== '0' && scene.ended === 'no');
  show(document.querySelector('[data-do=start]'), me.seated && scene.begun === 'no' && scene.ended === 'no');
  show(document.querySelector('[data-do=leave]'), me.seated && scene.ended === 'no');
  show(document.querySelector('[data-do=end]'), me.owner && scene.ended === 'no');
  if (scene.begun === 'yes' && (room.dataset.kind !== 'brood' || scene.votes !== '0' || scene.line !== '0')) show(document.querySelector('.again'), true);
  if (mine) document.querySelector('.whose').textContent = scene.yours;
  if (mine && hand !== scene.line) {
    tell(scene.yours, false, true);
    if (scene.tool === 'write' && !document.activeElement?.matches('input')) part('write').text.focus({preventScroll: true});
  }
  hand = mine ? scene.line : '';
  count();
}

function count() {
  const clock = document.querySelector('.clock');
  if (!clock) return;
  const left = until === null ? 0 : Math.ceil((until - performance.now()) / 1000);
  clock.textContent = left > 0 ? room.dataset.left.replace('#', left) : '';
  clock.classList.toggle('short', left > 0 && left <= 10);
}

const acts = {
  join: (form) => ({do: 'join', name: form.name.value}),
  say: (form) => ({do: 'say', text: form.text.value}),
  write: (form) => ({do: 'write', turn: turn(), text: form.text.value, as_written: form.as_written.checked}),
};
const turn = () => Number(part('stage').firstElementChild.dataset.line);

function press(button) {
  switch (button.dataset.do) {
    case 'start': return act({do: 'start'});
    case 'leave': return act({do: 'leave'});
    case 'end': return confirm(room.dataset.sure) && act({do: 'end'});
    case 'call': return act({do: 'call', turn: turn()});
    case 'vote': return act({do: 'vote', generation: Number(button.dataset.generation), child: Number(button.dataset.child)});
    case 'breed': return act({do: 'breed', generation: turn()});
    case 'sit': return act({do: 'sit', seat: button.dataset.seat});
    case 'deal': return act({do: 'deal', turn: turn()});
    case 'pick': return act({do: 'pick', turn: turn(), child: Number(button.dataset.child)});
    case 'choose': return act({do: 'choose', turn: turn(), value: button.dataset.value});
    case 'film': return act({do: 'film'});
    case 'hang': return hang({generation: button.dataset.generation, child: button.dataset.child, film: ''});
    case 'hang-film': return hang({generation: '', child: '', film: '1'});
    case 'mute': return act({do: 'mute', member: Number(button.dataset.member), on: button.dataset.on === 'true'});
  }
}

// The film of a breeding room that has ended: made when a member asks, then shown and hung.
function screen() {
  const film = part('film'), scene = part('stage').firstElementChild.dataset;
  if (!film) return;
  film.hidden = scene.ended !== 'yes' || Number(scene.leaders) < 2;
  const [button, hang, link] = ['[data-do=film]', '[data-do=hang-film]', '#filmed'].map((one) => film.querySelector(one));
  button.hidden = !me.member || reel.ready || reel.rolling;
  hang.hidden = !me.member || !reel.ready || scene.filmed !== '';
  link.hidden = scene.filmed === '';
  link.href = `/work/${scene.filmed}`;
  link.textContent = link.dataset.number.replace('#', scene.filmed);
  film.querySelector('.rolling').hidden = reel.ready || !reel.rolling;
  film.querySelector('.screen').hidden = !reel.ready;
  const picture = film.querySelector('.screen img'), address = `/live/${room.dataset.code}/film`;
  if (reel.ready && picture.getAttribute('src') !== address) picture.src = address;
  Object.assign(film.querySelector('progress'), {max: reel.total || 1, value: reel.done});
  const told = !reel.total ? film.dataset.begun : reel.done < reel.total ? film.dataset.painted : film.dataset.cutting;
  part('film-far').textContent = told.replace('#', reel.done).replace('%', reel.total);
}

// The form by which a picture is hung; the piece itself is the server's to find.
function hang(piece) {
  const form = part('keep');
  hanging = true;
  for (const name of ['generation', 'child', 'film']) form[name].value = piece[name];
  dress();
  form.scrollIntoView({block: 'nearest'});
  form.querySelector('[name=title]').focus();
}

for (const box of document.querySelectorAll('[data-name]')) {
  box.value ||= localStorage.getItem(NAME) || '';
  box.addEventListener('change', () => localStorage.setItem(NAME, box.value));
}

if (room) {
  tell(part('told').dataset.connecting);
  connect();
  setInterval(count, 500);
  part('log').scrollTop = part('log').scrollHeight;
  let later;
  part('write')?.text.addEventListener('input', (event) => {
    clearTimeout(later);
    later = setTimeout(() => { checking = act({do: 'check', text: event.target.value}); }, 220);
  });
  // A picture that could not be painted at once is asked for again a little later.
  document.addEventListener('error', (event) => {
    const picture = event.target;
    if (picture.tagName === 'IMG' && picture.closest('.breeding, .together')) setTimeout(() => { picture.src = picture.getAttribute('src'); }, 3000);
  }, true);
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!acts[form.id]) return;
    event.preventDefault();
    act(acts[form.id](form), form);
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (button) press(button);
    const copy = event.target.closest('[data-copy]');
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => { copy.textContent = room.dataset.copied; });
  });
}
