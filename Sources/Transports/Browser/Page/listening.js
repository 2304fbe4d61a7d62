// A call that others have: what is said in it, as it is said, and the sound of both sides to be played again.

const protocol = "call.v1";
const firstPause = 500;
const longestPause = 4000;
const patience = 180_000;
const longestSound = 1800;

/// The WebSocket of a call that is followed, opened again when the network breaks.
export class Listening {
  /// `handlers` has `message(object)`, `sound(side, milliseconds, bytes)` and `state(name)`: `connecting`, `following`,
  /// `waiting`, `over` or `failed`.
  constructor(call, key, handlers) {
    this.url = new URL(`/ws/calls/${encodeURIComponent(call)}?sound=1`, location.href);
    this.url.protocol = this.url.protocol.replace("http", "ws");
    this.protocols = key ? [protocol, `key.${base64url(key)}`] : [protocol];
    this.handlers = handlers;
    this.pause = firstPause;
    this.lostAt = performance.now();
    this.open();
  }

  open() {
    this.handlers.state("connecting");
    this.socket = new WebSocket(this.url, this.protocols);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = ({ data }) => this.receive(data);
    this.socket.onclose = () => this.closed();
    this.socket.onopen = () => {
      this.isOpen = true;
      this.pause = firstPause;
      this.handlers.state("following");
    };
  }

  receive(data) {
    if (data instanceof ArrayBuffer) {
      const header = new DataView(data);
      this.handlers.sound(header.getUint32(0, true), header.getUint32(4, true), new Uint8Array(data, 8));
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "end") this.isOver = true;
    this.handlers.message(message);
  }

  closed() {
    if (this.isOver) return this.handlers.state("over");
    if (this.isOpen) this.lostAt = performance.now();
    this.isOpen = false;
    if (performance.now() - this.lostAt > patience) return this.handlers.state("failed");
    this.handlers.state("waiting");
    this.timer = setTimeout(() => this.open(), this.pause);
    this.pause = Math.min(2 * this.pause, longestPause);
  }

  close() {
    this.isOver = true;
    clearTimeout(this.timer);
    this.socket.onmessage = null;
    this.socket.onclose = null;
    this.socket.close();
  }
}

/// The sound of one side, each piece at its place in the call.
export class Track {
  constructor({ encoding, rate }) {
    this.rate = rate;
    this.decode = { linear16, mulaw }[encoding];
    this.samples = new Int16Array(rate * 30);
    this.end = 0;
  }

  add(milliseconds, bytes) {
    if (!this.decode) return;
    const piece = this.decode(bytes);
    const start = Math.round((milliseconds * this.rate) / 1000);
    const end = start + piece.length;
    if (end > longestSound * this.rate) return;
    if (end > this.samples.length) {
      const longer = new Int16Array(Math.max(end, 2 * this.samples.length));
      longer.set(this.samples);
      this.samples = longer;
    }
    this.samples.set(piece, start);
    this.end = Math.max(this.end, end);
  }

  /// What was taken back before it was heard.
  cut(milliseconds) {
    const start = Math.round((milliseconds * this.rate) / 1000);
    this.samples.fill(0, Math.min(start, this.end), this.end);
  }

  /// A source that plays a stretch; `undefined` where nothing was heard.
  source(context, from, to) {
    const [start, end] = [from, to].map((time) => Math.min(this.end, Math.max(0, Math.round((time * this.rate) / 1000))));
    if (end <= start) return undefined;
    const buffer = context.createBuffer(1, end - start, this.rate);
    buffer.copyToChannel(Float32Array.from(this.samples.subarray(start, end), (sample) => sample / 32768), 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    return source;
  }
}

function linear16(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int16Array.from({ length: bytes.length >> 1 }, (_, index) => view.getInt16(2 * index, true));
}

/// ITU-T G.711.
function mulaw(bytes) {
  return Int16Array.from(bytes, (code) => {
    const value = ~code & 0xff;
    const magnitude = ((((value & 0x0f) << 3) + 0x84) << ((value & 0x70) >> 4)) - 0x84;
    return value & 0x80 ? -magnitude : magnitude;
  });
}

function base64url(text) {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
