// How fast the arithmetic of the reference descriptor runs in JavaScript: a plain double loop over the
// pixels of 64 blocks, the colour space, the DCT and the quantisers of trace.moe's color layout, one
// frame after the other.  Written from the description of the descriptor; measures, serves nothing else.
//
//   node color_layout.mjs FRAMES WIDTH HEIGHT [COUNT] [REPEATS]
//
// FRAMES is a file of raw frames (rows from the top, R G B, 8 bits, no padding), kept in memory and gone
// through in a circle.  After a warm-up, COUNT frames (3000) are described REPEATS times (5).  One line of
// JSON comes out: the median frames a second, by the clock (frames_per_s) and by processor time
// (frames_per_cpu_s, the one to compare on a machine that has other work), and the vectors of the file's
// first frames in base64, by which the caller can tell that both sides compute the same.

import { readFileSync } from "node:fs";

const COSINES = [
  [0.3535534, 0.3535534, 0.3535534, 0.3535534, 0.3535534, 0.3535534, 0.3535534, 0.3535534],
  [0.4903926, 0.4157348, 0.2777851, 0.09754516, -0.09754516, -0.2777851, -0.4157348, -0.4903926],
  [0.4619398, 0.1913417, -0.1913417, -0.4619398, -0.4619398, -0.1913417, 0.1913417, 0.4619398],
  [0.4157348, -0.09754516, -0.4903926, -0.2777851, 0.2777851, 0.4903926, 0.09754516, -0.4157348],
  [0.3535534, -0.3535534, -0.3535534, 0.3535534, 0.3535534, -0.3535534, -0.3535534, 0.3535534],
  [0.2777851, -0.4903926, 0.09754516, 0.4157348, -0.4157348, -0.09754516, 0.4903926, -0.2777851],
  [0.1913417, -0.4619398, 0.4619398, -0.1913417, -0.1913417, 0.4619398, -0.4619398, 0.1913417],
  [0.09754516, -0.2777851, 0.4157348, -0.4903926, 0.4903926, -0.4157348, 0.2777851, -0.09754516],
];
const ZIGZAG = [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40];

/** Sums of the three channels and numbers of pixels of the 8 x 8 blocks. */
function blockSums(pixels, start, width, height) {
  const sums = new Float32Array(64 * 3);
  const counts = new Int32Array(64);
  for (let by = 0; by < 8; by++) {
    const top = Math.ceil((by * height) / 8);
    const bottom = Math.ceil(((by + 1) * height) / 8);
    for (let bx = 0; bx < 8; bx++) {
      const left = Math.ceil((bx * width) / 8);
      const right = Math.ceil(((bx + 1) * width) / 8);
      const block = by * 8 + bx;
      for (let y = top; y < bottom; y++) {
        let red = sums[block * 3];
        let green = sums[block * 3 + 1];
        let blue = sums[block * 3 + 2];
        let at = start + (y * width + left) * 3;
        for (let x = left; x < right; x++, at += 3) {
          red += pixels[at];
          green += pixels[at + 1];
          blue += pixels[at + 2];
        }
        sums[block * 3] = red;
        sums[block * 3 + 1] = green;
        sums[block * 3 + 2] = blue;
      }
      counts[block] = (bottom - top) * (right - left);
    }
  }
  return [sums, counts];
}

function planes(sums, counts) {
  const tables = [new Int16Array(64), new Int16Array(64), new Int16Array(64)];
  for (let block = 0; block < 64; block++) {
    if (counts[block] === 0) continue;
    const scale = 1 / (counts[block] * 256);
    const red = sums[block * 3] * scale;
    const green = sums[block * 3 + 1] * scale;
    const blue = sums[block * 3 + 2] * scale;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    tables[0][block] = Math.floor(219 * luma + 16.5);
    tables[1][block] = Math.floor(126.336 * (blue - luma) + 128.5);
    tables[2][block] = Math.floor(159.712 * (red - luma) + 128.5);
  }
  return tables;
}

function dct(table) {
  const middle = new Float32Array(64);
  for (let i = 0; i < 8; i++) {
    for (let j = 0; j < 8; j++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) sum += COSINES[j][k] * table[i * 8 + k];
      middle[i * 8 + j] = sum;
    }
  }
  for (let i = 0; i < 8; i++) {
    for (let j = 0; j < 8; j++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) sum += COSINES[i][k] * middle[k * 8 + j];
      table[i * 8 + j] = Math.floor(sum + 0.499999);
    }
  }
}

function lumaMean(v) {
  if (v > 192) return 112 + ((v - 192) >> 2);
  if (v > 160) return 96 + ((v - 160) >> 1);
  if (v > 96) return 32 + (v - 96);
  if (v > 64) return 16 + ((v - 64) >> 1);
  return v >> 2;
}

function chromaMean(v) {
  if (v > 191) return 63;
  if (v > 160) return 56 + ((v - 160) >> 2);
  if (v > 144) return 48 + ((v - 144) >> 1);
  if (v > 112) return 16 + (v - 112);
  if (v > 96) return 8 + ((v - 96) >> 1);
  if (v > 64) return (v - 64) >> 2;
  return 0;
}

function detail(v) {
  const clipped = Math.max(-256, Math.min(255, v));
  const size = Math.abs(clipped);
  const step = size > 127 ? 64 + (size >> 2) : size > 63 ? 32 + (size >> 1) : size;
  return clipped < 0 ? 128 - step : 128 + step;
}

function describe(pixels, start, width, height) {
  const [sums, counts] = blockSums(pixels, start, width, height);
  const [luma, blue, red] = planes(sums, counts);
  const vector = new Uint8Array(33);
  for (const table of [luma, blue, red]) dct(table);
  vector[0] = lumaMean(luma[0] >> 3) >> 1;
  for (let n = 1; n < 21; n++) vector[n] = detail(luma[ZIGZAG[n]] >> 1) >> 3;
  vector[21] = chromaMean(blue[0] >> 3);
  vector[27] = chromaMean(red[0] >> 3);
  for (let n = 1; n < 6; n++) {
    vector[21 + n] = detail(blue[ZIGZAG[n]]) >> 3;
    vector[27 + n] = detail(red[ZIGZAG[n]]) >> 3;
  }
  return vector;
}

const [file, ...numbers] = process.argv.slice(2);
const [width, height, count = 3000, repeats = 5] = numbers.map(Number);
const pixels = readFileSync(file);
const bytes = width * height * 3;
const frames = Math.floor(pixels.length / bytes);
if (!(frames >= 1)) throw new Error(`${file} does not hold one frame of ${width} x ${height}`);

for (let i = 0; i < 300; i++) describe(pixels, (i % frames) * bytes, width, height);
const rates = [];
const processorRates = [];
for (let repeat = 0; repeat < repeats; repeat++) {
  const used = process.cpuUsage();
  const began = process.hrtime.bigint();
  for (let i = 0; i < count; i++) describe(pixels, (i % frames) * bytes, width, height);
  rates.push((count * 1e9) / Number(process.hrtime.bigint() - began));
  const { user, system } = process.cpuUsage(used);
  processorRates.push((count * 1e6) / (user + system));
}
const vectors = [];
for (let i = 0; i < Math.min(frames, 8); i++) {
  vectors.push(Buffer.from(describe(pixels, i * bytes, width, height)).toString("base64"));
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const answer = { frames_per_s: median(rates), frames_per_cpu_s: median(processorRates), vectors };
process.stdout.write(JSON.stringify(answer) + "\n");
