// Runs in an AudioWorklet: plays what the server sends, in order, and forgets it at once when a reply is cut.
//
// Every piece bears the number of its generation; a flush begins the next one, and pieces of older ones are dropped.

const capacity = 1 << 18;
const ramp = 0.005;
const fade = 0.008;
const firstBuffer = 0.08;
const laterBuffer = 0.06;
const longestWait = 0.15;
const reportInterval = 0.05;

class Playback extends AudioWorkletProcessor {
  constructor() {
    super();
    this.ring = new Float32Array(capacity);
    this.generation = 0;
    this.counters = { played: 0, dropped: 0, flushed: 0, underruns: 0 };
    this.tail = new Float32Array(0);
    this.sinceReport = 0;
    this.energy = 0;
    this.begin(0);
    this.port.onmessage = ({ data }) => this.receive(data);
  }

  /// Forgets everything and waits for the pieces of a generation.
  begin(generation) {
    this.generation = generation;
    this.read = 0;
    this.written = 0;
    this.isPlaying = false;
    this.isComplete = false;
    this.waited = 0;
    this.wanted = firstBuffer;
    this.gain = 0;
  }

  get buffered() {
    return this.written - this.read;
  }

  receive(message) {
    if (message.reset) this.begin(0);
    else if (message.flush !== undefined) this.flush(message.flush);
    else if (message.complete !== undefined) this.isComplete = message.complete === this.generation;
    else if (message.samples) this.append(message.generation, new Int16Array(message.samples));
  }

  append(generation, samples) {
    if (generation > this.generation) this.flush(generation);
    if (generation < this.generation || this.buffered + samples.length > capacity) {
      this.counters.dropped += samples.length;
      return;
    }
    this.isComplete = false;
    for (const sample of samples) this.ring[this.written++ % capacity] = sample / 32768;
  }

  flush(generation) {
    if (generation <= this.generation) return;
    const length = this.isPlaying ? Math.min(this.buffered, Math.round(fade * sampleRate)) : 0;
    this.tail = Float32Array.from({ length }, (_, index) =>
      this.gain * (1 - (index + 1) / length) * this.ring[(this.read + index) % capacity]);
    this.counters.flushed += this.buffered;
    this.begin(generation);
    this.report();
  }

  process(_, [[out]]) {
    out.fill(0);
    this.playTail(out);
    if (!this.isPlaying) this.wait(out.length);
    if (this.isPlaying) this.play(out);
    for (const sample of out) this.energy += sample * sample;
    this.sinceReport += out.length;
    if (this.sinceReport >= reportInterval * sampleRate) this.report(out.length);
    return true;
  }

  playTail(out) {
    const count = Math.min(out.length, this.tail.length);
    for (let index = 0; index < count; index++) out[index] = this.tail[index];
    this.tail = this.tail.subarray(count);
  }

  /// Begins once enough is there, or nothing more is to be waited for.
  wait(length) {
    if (this.buffered === 0) return;
    this.waited += length / sampleRate;
    const isEnough = this.buffered >= this.wanted * sampleRate;
    this.isPlaying = isEnough || this.isComplete || this.waited >= longestWait;
    if (this.isPlaying) this.waited = 0;
  }

  play(out) {
    const count = Math.min(out.length, this.buffered);
    const step = 1 / (ramp * sampleRate);
    const isLast = count < out.length || this.buffered === count;
    for (let index = 0; index < count; index++) {
      this.gain = Math.min(1, this.gain + step);
      const end = isLast && !this.isComplete ? (count - index) / count : 1;
      out[index] += this.gain * end * this.ring[this.read++ % capacity];
    }
    this.counters.played += count;
    if (this.buffered > 0) return;
    if (!this.isComplete) this.counters.underruns += 1;
    this.isPlaying = false;
    this.gain = 0;
    this.wanted = this.isComplete ? firstBuffer : laterBuffer;
  }

  report(length = 0) {
    this.port.postMessage({
      generation: this.generation,
      position: this.read,
      time: currentTime + length / sampleRate,
      level: Math.sqrt(this.energy / Math.max(1, this.sinceReport)),
      buffered: this.buffered,
      ...this.counters,
    });
    this.sinceReport = 0;
    this.energy = 0;
  }
}

registerProcessor("playback", Playback);
