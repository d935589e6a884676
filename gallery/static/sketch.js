// The sheet on the Paint page (templates/sketch.html): drawn on with a pointer, or given a picture from the visitor's
// own device, which is reduced here and goes nowhere. Gradio runs this as the body of a function with `element`.
const root = element.querySelector('.sketch');
const sheet = root.querySelector('canvas');
const paper = sheet.getContext('2d', {willReadFrequently: true});
const trouble = root.querySelector('.trouble');
const SILK = '#ded0ae';
const MOST_BYTES = 32 * 2 ** 20;
const LEAST_SIDE = 16;
const MOST_UNDONE = 24;
let before = [];
let from = null;

const remember = () => {
  before.push(paper.getImageData(0, 0, sheet.width, sheet.height));
  before = before.slice(-MOST_UNDONE);
};

const clear = () => {
  paper.fillStyle = SILK;
  paper.fillRect(0, 0, sheet.width, sheet.height);
};

const place = (event) => {
  const box = sheet.getBoundingClientRect();
  return [(event.clientX - box.left) * sheet.width / box.width, (event.clientY - box.top) * sheet.height / box.height];
};

const stroke = (event) => {
  if (!from) return;
  const to = place(event);
  const pressed = event.pointerType === 'pen' && event.pressure ? 0.4 + event.pressure : 1;
  paper.strokeStyle = root.querySelector('input[name=own-ink]:checked').value;
  paper.lineWidth = root.querySelector('#own-brush').value * pressed;
  paper.lineCap = paper.lineJoin = 'round';
  paper.beginPath();
  paper.moveTo(...from);
  paper.lineTo(...to);
  paper.stroke();
  from = to;
};

// Only the middle square counts, as the sheet is square.
const put = (picture) => {
  const edge = Math.min(picture.width, picture.height);
  remember();
  paper.imageSmoothingQuality = 'high';
  paper.drawImage(picture, (picture.width - edge) / 2, (picture.height - edge) / 2, edge, edge,
    0, 0, sheet.width, sheet.height);
};

const choose = async (file) => {
  trouble.textContent = '';
  if (file.size > MOST_BYTES) {
    trouble.textContent = root.dataset.huge;
    return;
  }
  try {
    const picture = await createImageBitmap(file);
    if (Math.min(picture.width, picture.height) < LEAST_SIDE) {
      trouble.textContent = root.dataset.tiny.replace('%w', picture.width).replace('%h', picture.height);
    } else {
      put(picture);
    }
    picture.close();
  } catch {
    trouble.textContent = root.dataset.notAPicture;
  }
};

clear();
sheet.addEventListener('pointerdown', (event) => {
  if (event.button) return;
  event.preventDefault();
  trouble.textContent = '';
  sheet.setPointerCapture(event.pointerId);
  remember();
  from = place(event);
  stroke(event);
});
sheet.addEventListener('pointermove', stroke);
for (const name of ['pointerup', 'pointercancel']) sheet.addEventListener(name, () => { from = null; });
root.querySelector('#own-file').addEventListener('change', (event) => {
  const [file] = event.target.files;
  if (file) choose(file);
  event.target.value = '';
});
root.querySelector('[data-act=clear]').addEventListener('click', () => {
  remember();
  clear();
});
root.querySelector('[data-act=undo]').addEventListener('click', () => {
  if (before.length) paper.putImageData(before.pop(), 0, 0);
});
