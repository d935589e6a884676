// The little script of the house: more of the wall without a new page and its place kept, "make again" with its verdict,
// before and after enlarging, pinyin, meanings, voice, duels and the curators' desk without a new page and by keys.
// Everything it does has a plain link or form behind it, or says so in words when it fails.
'use strict';

async function showMore(link) {
  const wall = link.closest('.wall');
  const item = link.closest('.more');
  const label = link.textContent;
  if (link.dataset.busy) return;
  link.dataset.busy = '1';
  link.textContent = wall.dataset.loading;
  try {
    const answer = await fetch(link.dataset.more);
    if (!answer.ok) throw new Error(String(answer.status));
    const holder = document.createElement('template');
    holder.innerHTML = await answer.text();
    const first = holder.content.querySelector('a');
    const asked = document.activeElement === link;
    fetched.push(link.dataset.more);
    item.replaceWith(holder.content);
    if (first && asked) first.focus({preventScroll: true});
    awaitMore();
  } catch (error) {
    link.textContent = label;
    link.dataset.busy = '';
    let sorry = item.querySelector('[role=alert]');
    if (!sorry) {
      sorry = document.createElement('p');
      sorry.setAttribute('role', 'alert');
      item.append(sorry);
    }
    sorry.textContent = wall.dataset.failed;
  }
}

// The wall goes on by itself for some pages, then waits to be asked, so that what stands below it can be reached.
const fetched = [];
const UNASKED = 5;
const nearing = window.IntersectionObserver && new IntersectionObserver((seen) => {
  for (const one of seen) if (one.isIntersecting && fetched.length % (UNASKED + 1) < UNASKED) showMore(one.target);
}, {rootMargin: '800px'});

function awaitMore() {
  nearing?.disconnect();
  const link = document.querySelector('.wall a[data-more]');
  if (link) nearing?.observe(link);
}

// The address follows the page of the wall that is in view, so that a reload or a shared link begins there.
function followWall() {
  const passed = [...document.querySelectorAll('.wall [data-page]')].filter((one) => one.getBoundingClientRect().top < innerHeight / 2);
  const here = passed.length ? passed[passed.length - 1].dataset.page : null;
  if (here && here !== location.pathname + location.search) history.replaceState(history.state, '', here);
}

// Leaving the wall, it is noted what was fetched and which work stood where; coming back, all is put there again.
function leaveWall() {
  const wall = document.querySelector('.wall[data-start]');
  const card = wall && [...wall.querySelectorAll('.card a')].find((one) => one.getBoundingClientRect().bottom > 0);
  if (!card) return;
  const left = {address: location.href, pages: [wall.dataset.start, ...fetched], work: card.pathname, top: card.getBoundingClientRect().top};
  sessionStorage.setItem('wall', JSON.stringify(left));
}

async function returnToWall() {
  const wall = document.querySelector('.wall[data-start]');
  const left = JSON.parse(sessionStorage.getItem('wall') || 'null');
  if (!wall || !left || left.address !== location.href || performance.getEntriesByType('navigation')[0]?.type !== 'back_forward') return;
  history.scrollRestoration = 'manual';
  if (left.pages.length > 1) {
    const answers = await Promise.all(left.pages.map((page) => fetch(page)));
    if (!answers.every((answer) => answer.ok)) return;
    const parts = await Promise.all(answers.map((answer) => answer.text()));
    wall.innerHTML = parts.join('');
    for (const more of [...wall.querySelectorAll('.more')].slice(0, -1)) more.remove();
    wall.dataset.start = left.pages[0];
    fetched.push(...left.pages.slice(1));
    awaitMore();
  }
  const card = wall.querySelector(`.card a[href="${CSS.escape(left.work)}"]`);
  if (card) scrollBy(0, card.getBoundingClientRect().top - left.top);
}

// j and k go from work to work, / to the search; Enter then does what it does on any link.
function walk(step) {
  const cards = [...document.querySelectorAll('.wall .card a')];
  const now = cards.indexOf(document.activeElement);
  const seen = cards.findIndex((one) => one.getBoundingClientRect().bottom > 60);
  const next = cards[now < 0 ? seen : now + step];
  if (!next) return;
  next.focus({preventScroll: true});
  next.scrollIntoView({block: 'nearest'});
}

// x chooses the work one has come to, to be compared; no more are chosen than can be.
function pick(card) {
  card?.querySelector('.pick input')?.click();
}

function countPicked(last) {
  const form = document.getElementById('compare');
  const picked = document.querySelectorAll('.card .pick input:checked');
  if (last && picked.length > Number(form.dataset.most)) last.checked = false;
  else if (form) form.querySelector('[data-count]').textContent = picked.length;
}

document.addEventListener('change', (event) => { if (event.target.matches('.card .pick input')) countPicked(event.target); });
addEventListener('pageshow', () => countPicked()); // a browser may bring a page back with its boxes ticked

// On the page of a work, 1 to 5 give as many stars.
function starKeys(event) {
  const star = /^[1-5]$/.test(event.key) && !event.target.closest('input') && document.querySelector(`.stars button[value="${event.key}"]`);
  if (!star || event.repeat) return;
  event.preventDefault();
  star.click();
}

function wallKeys(event) {
  const search = document.querySelector('.seek input[type=search]');
  if (!search) return;
  if (event.key === '/') { search.focus(); search.select(); }
  else if (event.key === 'j') walk(1);
  else if (event.key === 'k') walk(-1);
  else if (event.key === 'x') pick(document.activeElement.closest('.card'));
  else return;
  event.preventDefault();
}

async function makeAgain(button) {
  const verdict = document.querySelector('.verdict');
  button.disabled = true;
  verdict.className = 'verdict working';
  verdict.textContent = verdict.dataset.working;
  try {
    const answer = await fetch(button.dataset.again, {method: 'POST', headers: {accept: 'application/json'}});
    const said = await answer.json();
    verdict.className = 'verdict ' + said.verdict;
    verdict.textContent = said.text;
  } catch (error) {
    verdict.className = 'verdict failed';
    verdict.textContent = verdict.dataset.failed;
  }
  button.disabled = false;
}

// Before and after: the picture as it was before it was enlarged lies over it, as far as the slider says.
async function compare(button) {
  const over = document.querySelector('.compare');
  const slide = document.querySelector('.slide');
  const picture = over.querySelector('img');
  const label = button.dataset.label ??= button.textContent;
  if (!picture.src) {
    button.disabled = true;
    try {
      const answer = await fetch(button.dataset.before);
      if (!answer.ok) throw new Error(await answer.text());
      picture.src = URL.createObjectURL(await answer.blob());
    } catch (error) {
      const verdict = document.querySelector('.verdict');
      verdict.className = 'verdict failed';
      verdict.textContent = error instanceof TypeError ? button.dataset.failed : error.message;
      return;
    } finally {
      button.disabled = false;
    }
    const range = slide.querySelector('input');
    const show = () => { over.style.clipPath = `inset(0 ${100 - range.value}% 0 0)`; };
    range.addEventListener('input', show);
    show();
  }
  over.hidden = slide.hidden = !over.hidden;
  button.textContent = over.hidden ? label : button.dataset.close;
  button.setAttribute('aria-expanded', String(!over.hidden));
  if (!over.hidden) slide.querySelector('input').focus();
}

// A part of the page (pinyin, meanings): fetched when it is first asked for, then shown and hidden.
async function togglePart(button) {
  const place = document.getElementById(button.getAttribute('aria-controls'));
  if (!place.firstElementChild) {
    try {
      const answer = await fetch(button.dataset.part);
      if (!answer.ok) throw new Error(await answer.text());
      place.innerHTML = await answer.text();
    } catch (error) {
      place.textContent = String(error.message || error);
    }
  }
  place.hidden = !place.hidden;
  button.setAttribute('aria-expanded', String(!place.hidden));
}

// The voice: the browser's own, a line at a time with a rest between; the button shows where there is a Chinese voice.
const chineseVoice = () => window.speechSynthesis?.getVoices().find((voice) => /^(zh|cmn)/i.test(voice.lang));

function showVoice() {
  const button = document.querySelector('[data-voice]');
  if (button && chineseVoice()) button.hidden = false;
}

function readAloud(button) {
  const label = button.dataset.label ??= button.textContent;
  const lines = document.getElementById('sounds').dataset.verse.split('|');
  const stop = () => { speechSynthesis.cancel(); button.textContent = label; button.dataset.reading = ''; };
  if (button.dataset.reading) return stop();
  button.dataset.reading = '1';
  button.textContent = button.dataset.stop;
  const next = (n) => {
    if (!button.dataset.reading) return;
    if (n === lines.length) return stop();
    const said = new SpeechSynthesisUtterance(lines[n]);
    said.voice = chineseVoice();
    said.lang = said.voice.lang;
    said.rate = 0.75;
    said.onend = () => setTimeout(next, n % 2 ? 900 : 500, n + 1);
    said.onerror = stop;
    speechSynthesis.speak(said);
  };
  next(0);
}

// A choice, a skip or an undo: the answer is the next pair, or work of the desk, which takes the place of this one.
async function judge(form, button) {
  const arena = form.closest('#arena');
  if (arena.dataset.busy) return;
  arena.dataset.busy = '1';
  button.classList.add('taken');
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.set(button.name, button.value);
  const asks = form.method === 'get';
  const address = asks ? `${form.action}?${body}` : form.action;
  try {
    const answer = await fetch(address, {method: form.method, headers: {'x-fragment': '1'}, ...(asks ? {} : {body})});
    const focused = arena.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    arena.innerHTML = await answer.text();
    if (focused) (arena.querySelector(`[data-key="${focused}"]`) || arena.querySelector('.contestant'))?.focus({preventScroll: true});
  } catch (error) {
    button.classList.remove('taken');
    const told = arena.querySelector('.told');
    told.classList.add('bad');
    told.textContent = arena.dataset.failed;
  }
  arena.dataset.busy = '';
}

// A family: arrows go from work to work, and the ties of the one they have come to stand out.
function openFamily(frame) {
  frame.hidden = false;
  document.querySelector('.outline').open = false;
  const own = frame.querySelector('[aria-current]');
  const scroll = frame.querySelector('.kin-scroll');
  scroll.scrollTo(own.offsetLeft + own.offsetWidth / 2 - scroll.clientWidth / 2, own.offsetTop + own.offsetHeight / 2 - scroll.clientHeight / 2);
  frame.addEventListener('focusin', (event) => light(frame, event.target.closest('.node')));
  frame.addEventListener('mouseover', (event) => { if (event.target.closest('.node')) light(frame, event.target.closest('.node')); });
  frame.addEventListener('keydown', (event) => {
    const next = event.target.closest('.node') && stepInFamily(frame, event.target.closest('.node'), event.key);
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus({preventScroll: true});
    next.scrollIntoView({block: 'nearest', inline: 'nearest'});
  });
}

function stepInFamily(frame, node, key) {
  const nodes = [...frame.querySelectorAll('.node')];
  const nearest = (some) => some.sort((a, b) => Math.abs(a.offsetLeft - node.offsetLeft) - Math.abs(b.offsetLeft - node.offsetLeft) || a.offsetTop - b.offsetTop)[0];
  const parents = (one) => one.dataset.parents.split(' ');
  if (key === 'ArrowUp') return nearest(nodes.filter((one) => parents(node).includes(one.dataset.work)));
  if (key === 'ArrowDown') return nearest(nodes.filter((one) => parents(one).includes(node.dataset.work)));
  if (key === 'Home') return frame.querySelector('[aria-current]');
  const row = nodes.filter((one) => one.dataset.generation === node.dataset.generation);
  const step = {ArrowLeft: -1, ArrowRight: 1}[key];
  return step && row[row.indexOf(node) + step];
}

function light(frame, node) {
  for (const path of frame.querySelectorAll('path')) path.classList.toggle('lit', [path.dataset.parent, path.dataset.child].includes(node.dataset.work));
}

document.querySelectorAll('[data-kin]').forEach(openFamily);

// On the desk a double click acts once: its second click would fall on what has come in place of the first thing. Steps
// up and down are meant as often as they are clicked. And what is on its way is not sent again for impatience.
document.addEventListener('click', (event) => {
  const button = event.detail > 1 && event.target.closest('.desk-page form button, .desk-page button[form]');
  if (button && !/^(up|down|top|end)$/.test(button.value)) event.preventDefault();
}, true);

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || !form.closest('.desk-page') || form.closest('#arena')) return;
  if (/^(up|down|top|end)$/.test(event.submitter?.value ?? '')) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = '1';
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => { delete form.dataset.sent; }));

document.addEventListener('submit', (event) => {
  if (!event.target.closest('#arena') || !event.submitter) return;
  event.preventDefault();
  judge(event.target, event.submitter);
});

// The walk through an exhibition: the arrow keys are its links.
document.addEventListener('keydown', (event) => {
  const way = {ArrowLeft: 'prev', ArrowRight: 'next'}[event.key];
  if (!way || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  document.querySelector(`.walk .steps a[rel=${way}], .show .acts a[rel=${way}]`)?.click();
});

// On the desk, Alt with an arrow moves the work whose button has the focus, as its own buttons do.
document.addEventListener('keydown', (event) => {
  const way = event.altKey && {ArrowUp: 'up', ArrowDown: 'down'}[event.key];
  const button = way && event.target.closest('.moves')?.querySelector(`[data-step="${way}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// Escape leaves a field of the desk, so that its keys work again.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && event.target.closest('#arena input[data-key]')) event.target.blur();
});

// Shift takes all between the last tick and this one along.
let ticked = null;
document.addEventListener('click', (event) => {
  const box = event.target.closest?.('.picks input');
  if (!box) return;
  const boxes = [...document.querySelectorAll('.picks input')];
  if (event.shiftKey && ticked) {
    const [from, to] = [boxes.indexOf(ticked), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
  }
  ticked = box;
  countTicked();
});

function countTicked() {
  const place = document.querySelector('[data-ticked]');
  const count = document.querySelectorAll('.picks input:checked').length;
  if (place) place.textContent = count ? place.dataset.ticked.replace('%', count) : '';
}
addEventListener('pageshow', countTicked);

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.target.closest('input:not([type=radio]), textarea, select')) return;
  if (event.target.type === 'radio' && event.key.startsWith('Arrow')) return; // they go from choice to choice
  wallKeys(event);
  starKeys(event);
  const arena = document.getElementById('arena');
  if (!arena || event.repeat) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = [...arena.querySelectorAll('[data-key]')].find((one) => one.dataset.key.split(' ').includes(key));
  if (!button) return;
  event.preventDefault();
  if (button.type === 'radio') button.checked = true;
  else if (button.type === 'text') button.focus();
  else judge(button.form, button);
});

if (document.querySelector('.wall[data-start]')) {
  let waiting = false;
  addEventListener('scroll', () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; followWall(); }, 150);
  }, {passive: true});
  addEventListener('pagehide', leaveWall);
  returnToWall().finally(awaitMore);
}

// What is asked for may stand far above or below what comes of it; then the drafts are brought into view.
function bringDrafts() {
  const grid = document.querySelector('#grid');
  const {top} = grid?.getBoundingClientRect() ?? {top: 0};
  if (top >= 0 && top < innerHeight * 0.7) return;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  grid.scrollIntoView({behavior: still ? 'auto' : 'smooth', block: 'start'});
}

// Gradio writes the browser's language over the page's own, by which fonts, punctuation and readers aloud go.
function keepLanguage() {
  const page = document.documentElement;
  if (page.dataset.lang && page.lang !== page.dataset.lang) page.lang = page.dataset.lang;
}

keepLanguage();
new MutationObserver(keepLanguage).observe(document.documentElement, {attributeFilter: ['lang']});
showVoice();
window.speechSynthesis?.addEventListener?.('voiceschanged', showVoice);

document.addEventListener('click', (event) => {
  const back = event.target.closest('a[data-back]');
  const from = document.referrer && new URL(document.referrer);
  if (back && from && from.origin === location.origin && /^\/(zh|en)\/$/.test(from.pathname)) {
    event.preventDefault();
    history.back(); // to the place on the wall from which it was opened
  }
  const more = event.target.closest('a[data-more]');
  if (more && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    showMore(more);
  }
  const again = event.target.closest('button[data-again]');
  if (again) makeAgain(again);
  const before = event.target.closest('button[data-before]');
  if (before) compare(before);
  const part = event.target.closest('button[data-part]');
  if (part) togglePart(part);
  const voice = event.target.closest('button[data-voice]');
  if (voice) readAloud(voice);
  if (event.target.closest('#go, #act-breed, #act-moods, #act-bridge')) bringDrafts();
});

// Past the mast. Gradio's pages say that they lie elsewhere, from where the plain link would lead to the wall.
document.addEventListener('click', (event) => {
  const place = event.target.closest('a.skip') && document.getElementById('content');
  if (!place) return;
  event.preventDefault();
  place.tabIndex = -1;
  place.focus();
  place.scrollIntoView();
});

// Gradio draws a page after the browser has looked for the place in its address: that is gone to as soon as it is there.
if (location.hash.length > 1 && !document.getElementById(location.hash.slice(1))) {
  const drawing = new MutationObserver(() => {
    const place = document.getElementById(location.hash.slice(1));
    if (!place) return;
    drawing.disconnect();
    place.scrollIntoView();
  });
  drawing.observe(document.documentElement, {childList: true, subtree: true});
}
