// The little script of the house: more of the wall without a new page, and "make again" with its verdict.
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

document.addEventListener('click', (event) => {
  const more = event.target.closest('a[data-more]');
  if (more && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    showMore(more);
  }
  const again = event.target.closest('button[data-again]');
  if (again) makeAgain(again);
});
