// The microphone and the loudspeaker, each with an AudioContext of its own rate.

export const inputRate = 16000;
export const outputRate = 24000;

/// Lets a context run whenever the browser allows it: browsers may want a gesture first, and take the sound away for a
/// while, as for a telephone call. `onChange()` is called when the sound goes off or on; returns how to end this.
function keepRunning(context, onChange = () => {}) {
  const listening = new AbortController();
  const resume = () => {
    if (context.state !== "running" && context.state !== "closed") context.resume().catch(() => {});
  };
  const changed = () => {
    resume();
    onChange();
  };
  for (const name of ["pointerup", "keydown", "visibilitychange"]) {
    document.addEventListener(name, resume, { signal: listening.signal });
  }
  context.addEventListener("statechange", changed, { signal: listening.signal });
  resume();
  return () => {
    listening.abort();
    if (context.state !== "closed") context.close();
  };
}

/// The microphone, as pieces of 20 ms.
export class Microphone {
  /// `onPiece(samples, level)` receives an ArrayBuffer of 16-bit samples; `onLost()` is called when the device is gone.
  constructor(onPiece, onLost) {
    this.onPiece = onPiece;
    this.onLost = onLost;
  }

  async open() {
    if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) throw new Error("insecure");
    this.stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    const [track] = this.stream.getAudioTracks();
    track.onended = () => this.onLost();
    const wantsNativeRate = new URLSearchParams(location.search).has("native-rate");
    try {
      await this.connect(wantsNativeRate ? {} : { sampleRate: inputRate });
    } catch (error) {
      // Firefox does not connect a microphone to a context of another rate: the worklet converts instead.
      if (error.name !== "NotSupportedError") throw error;
      await this.connect({});
    }
  }

  async connect(options) {
    this.stop?.();
    const context = new AudioContext({ latencyHint: "interactive", ...options });
    this.stop = keepRunning(context);
    const source = context.createMediaStreamSource(this.stream);
    await context.audioWorklet.addModule("capture.js");
    this.node = new AudioWorkletNode(context, "capture", {
      numberOfOutputs: 0,
      processorOptions: { rate: inputRate },
    });
    this.node.port.onmessage = ({ data }) => this.onPiece(data.samples, data.level);
    source.connect(this.node);
  }

  /// A muted microphone goes on with silence, so that the server's clock does too.
  set isMuted(isMuted) {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !isMuted;
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    // Pieces may still be on their way.
    if (this.node) this.node.port.onmessage = null;
    this.stop?.();
    this.stream = this.node = this.stop = undefined;
  }
}

/// The loudspeaker: plays pieces in order and tells what has really been heard.
export class Loudspeaker {
  /// `onReport({ generation, position, level, … })` comes every 50 ms; `position` counts samples that were heard.
  /// `onChange()` is called when the browser takes the sound away or gives it back.
  constructor(onReport, onChange) {
    this.onReport = onReport;
    this.onChange = onChange;
    this.reports = [];
    this.waiting = [];
  }

  /// To be called from a click or a key press, else browsers keep the sound off until there is one.
  async open() {
    const context = new AudioContext({ sampleRate: outputRate, latencyHint: "interactive" });
    this.context = context;
    this.stop = keepRunning(context, this.onChange);
    await context.audioWorklet.addModule("playback.js");
    if (this.context !== context) return;
    this.node = new AudioWorkletNode(context, "playback", { numberOfInputs: 0, outputChannelCount: [1] });
    this.node.port.onmessage = ({ data }) => this.take(data);
    this.node.connect(context.destination);
    for (const [message, transfer] of this.waiting.splice(0)) this.node.port.postMessage(message, transfer);
  }

  /// Whether the browser holds the sound back, until there is a gesture or another program is done with it.
  get isHeldBack() {
    return this.node !== undefined && this.context.state !== "running";
  }

  play(generation, samples) {
    this.post({ generation, samples }, [samples]);
  }

  /// Everything before this generation is over.
  flush(generation) {
    this.reports = [];
    this.post({ flush: generation });
  }

  /// A new connection follows, whose generations begin anew.
  reset() {
    this.reports = [];
    this.post({ reset: true });
  }

  /// No more of the reply comes: what is there is played without waiting for more.
  complete(generation) {
    this.post({ complete: generation });
  }

  post(message, transfer = []) {
    if (this.node) this.node.port.postMessage(message, transfer);
    else if (this.context) this.waiting.push([message, transfer]);
  }

  /// What left the worklet is heard after the latency of the device.
  take(report) {
    this.reports.push(report);
    const latency = (this.context.baseLatency || 0) + (this.context.outputLatency || 0);
    const heardTime = this.context.currentTime - latency;
    let heard;
    while (this.reports.length && this.reports[0].time <= heardTime) heard = this.reports.shift();
    if (this.reports.length > 100) this.reports.shift();
    this.onReport({ ...report, position: heard?.generation === report.generation ? heard.position : undefined });
  }

  close() {
    // Reports may still be on their way.
    if (this.node) this.node.port.onmessage = null;
    this.stop?.();
    this.context = this.node = this.stop = undefined;
  }
}
