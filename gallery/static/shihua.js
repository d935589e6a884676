// The little script of the house: more of the wall without a new page, "make again" with its verdict, before and after
// enlarging, pinyin, meanings, voice, duels without a new page and by keys.
// Everything it does has a plain link or form behind it, or says so in words when it fails.
'use strict';

async function showMore(link) {
  const wall = link.closest('.wall');
  const item = link.closest('.more');
  const label = link.textContent;
  link.textContent = wall.dataset.loading;
  try {
    const answer = await fetch(link.dataset.more);
    if (!answer.ok) throw new Error(String(answer.status));
    const holder = document.createElement('template');
    holder.innerHTML = await answer.text();
    const first = holder.content.querySelector('a');
    item.replaceWith(holder.content);
    if (first) first.focus({preventScroll: true});
  } catch (error) {
    link.textContent = label;
    let sorry = item.querySelector('[role=alert]');
    if (!sorry) {
      sorry = document.createElement('p');
      sorry.setAttribute('role', 'alert');
      item.append(sorry);
    }
    sorry.textContent = wall.dataset.failed;
  }
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

// A choice, a skip or an undo: the answer is the next pair, which takes the place of this one. One at a time.
async function judge(form, button) {
  const arena = form.closest('#arena');
  if (arena.dataset.busy) return;
  arena.dataset.busy = '1';
  button.classList.add('taken');
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.set(button.name, button.value);
  try {
    const answer = await fetch(form.action, {method: 'POST', headers: {'x-fragment': '1'}, body});
    const focused = arena.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    arena.innerHTML = await answer.text();
    if (focused) (arena.querySelector(`[data-key=${focused}]`) || arena.querySelector('.contestant'))?.focus({preventScroll: true});
  } catch (error) {
    button.classList.remove('taken');
    const told = arena.querySelector('.told');
    told.classList.add('bad');
    told.textContent = arena.dataset.failed;
  }
  arena.dataset.busy = '';
}

document.addEventListener('submit', (event) => {
  if (!event.target.closest('#arena') || !event.submitter) return;
  event.preventDefault();
  judge(event.target, event.submitter);
});

document.addEventListener('keydown', (event) => {
  const arena = document.getElementById('arena');
  if (!arena || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.target.closest('input, textarea, select')) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = [...arena.querySelectorAll('[data-key]')].find((one) => one.dataset.key === key);
  if (!button) return;
  event.preventDefault();
  judge(button.form, button);
});

showVoice();
window.speechSynthesis?.addEventListener?.('voiceschanged', showVoice);

document.addEventListener('click', (event) => {
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
});
