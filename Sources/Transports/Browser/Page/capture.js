// Runs in an AudioWorklet: cuts the microphone into 20 ms pieces of 16-bit samples at the rate that the server wants.

/// Converts between sample rates with a windowed-sinc filter, one filter phase for each position between input samples.
class Resampler {
  constructor(from, to) {
    const divisor = greatestCommonDivisor(from, to);
    this.up = to / divisor;
    this.down = from / divisor;
    const cutoff = 0.46 * Math.min(1, to / from);
    const half = Math.ceil(12 * Math.max(1, from / to));
    this.taps = 2 * half;
    this.phases = Array.from({ length: this.up }, (_, phase) =>
      lowPass(this.taps, cutoff, half - 1 + phase / this.up));
    this.history = new Float32Array(this.taps);
    this.phase = 0;
  }

  /// Calls `emit` with every output sample that the input completes.
  push(input, emit) {
    const samples = new Float32Array(this.history.length + input.length);
    samples.set(this.history);
    samples.set(input, this.history.length);
    let start = 0;
    while (start + this.taps <= samples.length) {
      const filter = this.phases[this.phase];
      let sum = 0;
      for (let tap = 0; tap < this.taps; tap++) sum += filter[tap] * samples[start + tap];
      emit(sum);
      this.phase += this.down;
      start += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    this.history = samples.slice(start);
  }
}

function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/// A sinc around `centre` under a Blackman window, with unit gain for a constant signal.
function lowPass(taps, cutoff, centre) {
  const filter = new Float32Array(taps);
  let sum = 0;
  for (let tap = 0; tap < taps; tap++) {
    const x = tap - centre;
    const angle = (2 * Math.PI * (x + taps / 2)) / taps;
    const window = Math.abs(x) > taps / 2 ? 0 : 0.42 - 0.5 * Math.cos(angle) + 0.08 * Math.cos(2 * angle);
    filter[tap] = window * (x === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * x) / (Math.PI * x));
    sum += filter[tap];
  }
  return filter.map((value) => value / sum);
}

class Capture extends AudioWorkletProcessor {
  constructor({ processorOptions: { rate } }) {
    super();
    this.resampler = sampleRate === rate ? null : new Resampler(sampleRate, rate);
    this.length = rate / 50;
    this.begin();
    this.append = (sample) => this.add(sample);
  }

  begin() {
    this.piece = new Int16Array(this.length);
    this.count = 0;
    this.energy = 0;
  }

  add(sample) {
    const value = Math.max(-1, Math.min(1, sample));
    this.piece[this.count++] = value < 0 ? value * 32768 : value * 32767;
    this.energy += value * value;
    if (this.count < this.length) return;
    const { buffer } = this.piece;
    this.port.postMessage({ samples: buffer, level: Math.sqrt(this.energy / this.length) }, [buffer]);
    this.begin();
  }

  process([[channel]]) {
    // Nothing is connected while the microphone changes.
    if (!channel) return true;
    if (this.resampler) this.resampler.push(channel, this.append);
    else channel.forEach(this.append);
    return true;
  }
}

registerProcessor("capture", Capture);
