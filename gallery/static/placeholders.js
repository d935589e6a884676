// Placeholders: a blur of each picture of the wall, drawn from some twenty-five bytes while the picture is on its way.
// The way from bytes to colours is that of ThumbHash, https://evanw.github.io/thumbhash/ (public domain).

const SIDE = 32;

function* terms(nx, ny) {
  for (let y = 0; y < ny; y++) for (let x = y ? 0 : 1; x * ny < nx * (ny - y); x++) yield [x, y];
}

function readBlur(bytes) {
  const head = bytes[0] | bytes[1] << 8 | bytes[2] << 16;
  const shape = bytes[3] | bytes[4] << 8;
  const wide = shape >> 15;
  const [nx, ny] = wide ? [7, shape & 7] : [shape & 7, 7];
  let at = 10; // in halves of a byte
  const channel = (middle, scale, x, y) => ({
    middle,
    waves: [...terms(x, y)].map(([kx, ky]) => {
      const four = bytes[at >> 1] >> (at++ & 1) * 4 & 15;
      return [kx, ky, 2 * (four / 7.5 - 1) * scale];
    }),
  });
  const light = channel((head & 63) / 63, (head >> 18 & 31) / 31, Math.max(3, nx), Math.max(3, ny));
  const yellow = channel((head >> 6 & 63) / 31.5 - 1, (shape >> 3 & 63) / 63 * 1.25, 3, 3);
  const red = channel((head >> 12 & 63) / 31.5 - 1, (shape >> 9 & 63) / 63 * 1.25, 3, 3);
  return {light, yellow, red, ratio: nx / ny};
}

function drawBlur(bytes) {
  const {light, yellow, red, ratio} = readBlur(bytes);
  const width = Math.max(1, Math.round(ratio > 1 ? SIDE : SIDE * ratio));
  const height = Math.max(1, Math.round(ratio > 1 ? SIDE / ratio : SIDE));
  const canvas = Object.assign(document.createElement('canvas'), {width, height});
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const wave = (size) => Array.from({length: 7}, (_, k) => Array.from({length: size}, (_, n) => Math.cos(Math.PI / size * (n + 0.5) * k)));
  const [across, down] = [wave(width), wave(height)];
  const at = (channel, x, y) => channel.waves.reduce((sum, [kx, ky, value]) => sum + value * across[kx][x] * down[ky][y], channel.middle);
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n += 4) {
      const l = at(light, x, y);
      const b = l - 2 / 3 * at(yellow, x, y);
      const r = (3 * l - b + at(red, x, y)) / 2;
      image.data.set([255 * r, 255 * (3 * l - b - r), 255 * b, 255], n);
    }
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

function holdPlaces(wall) {
  for (const picture of wall.querySelectorAll('img[data-blur]')) {
    const blur = picture.dataset.blur;
    delete picture.dataset.blur;
    if (picture.complete && picture.naturalWidth) continue;
    picture.style.background = `center / ${getComputedStyle(picture).objectFit} no-repeat url(${drawBlur(Uint8Array.from(atob(blur), (c) => c.charCodeAt(0)))})`;
    picture.addEventListener('load', () => { picture.style.background = ''; }, {once: true});
  }
}

const wall = document.querySelector('.wall[data-start]');
if (wall) {
  holdPlaces(wall);
  new MutationObserver(() => holdPlaces(wall)).observe(wall, {childList: true});
}
