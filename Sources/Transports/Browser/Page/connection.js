// One WebSocket to the agent, opened again when the network breaks.

const protocol = "agent.v1";
const longestBacklog = 16000;
const firstPause = 500;
const longestPause = 4000;
const patience = 180_000;

export class Connection {
  /// `handlers` has a function for every state and message: `state(name, detail)`, `message(object)`,
  /// `audio(generation, samples)`.
  constructor(start, handlers) {
    this.start = start;
    this.handlers = handlers;
    this.pause = firstPause;
    this.lostAt = performance.now();
    this.dropped = 0;
    this.isOver = false;
    this.open();
  }

  open() {
    const url = new URL("ws/browser", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.search = "";
    this.isReady = false;
    this.socket = new WebSocket(url, [protocol]);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => this.send({ type: "start", version: 1, ...this.start });
    this.socket.onmessage = ({ data }) => this.receive(data);
    this.socket.onclose = (event) => this.closed(event);
    this.handlers.state("connecting");
  }

  receive(data) {
    if (data instanceof ArrayBuffer) {
      if (data.byteLength < 4) return;
      this.handlers.audio(new DataView(data).getUint32(0, true), data.slice(4));
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "ready") {
      this.isReady = true;
      this.pause = firstPause;
      this.handlers.state("ready");
    }
    if (message.type === "end" || message.fatal) this.isOver = true;
    this.handlers.message(message);
  }

  closed({ code, reason }) {
    if (this.isReady) this.lostAt = performance.now();
    this.isReady = false;
    if (this.isOver) {
      this.handlers.state("closed");
    } else if (code === 1008 || performance.now() - this.lostAt > patience) {
      this.handlers.state("failed", reason);
    } else {
      this.handlers.state("waiting", this.pause);
      this.timer = setTimeout(() => this.open(), this.pause);
      this.pause = Math.min(2 * this.pause, longestPause);
    }
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /// Microphone audio that the network does not take is dropped: what is late is of no use.
  sendAudio(samples) {
    if (!this.isReady || this.socket.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount > longestBacklog) this.dropped += 1;
    else this.socket.send(samples);
  }

  close() {
    this.isOver = true;
    clearTimeout(this.timer);
    this.send({ type: "stop" });
    this.socket.close(1000);
    this.handlers.state("closed");
  }
}
