// The lines of a call that is followed: both sides in the order in which they spoke, each with its sound.

import { Track } from "./listening.js";

/// Silence that is played around a line, so that its edges are heard.
const margin = 200;

export class Conversation {
  /// `list` shows the lines, `announcer` is a live region for screen readers.
  constructor(list, announcer) {
    this.list = list;
    this.announcer = announcer;
    this.names = { user: "They", agent: "Agent" };
    this.begin({});
  }

  /// A call begins, or its history comes once more after a break.
  begin({ caller, agent }) {
    this.stop();
    this.list.replaceChildren();
    this.lines = [];
    // The sound from before a break is still there.
    if (!this.tracks?.some(Boolean)) this.tracks = [caller && new Track(caller), agent && new Track(agent)];
    this.started = {};
    this.ended = {};
  }

  /// Another call: nothing of the last one stays.
  clear() {
    this.tracks = undefined;
    this.begin({});
  }

  sound(side, milliseconds, bytes) {
    this.tracks[side]?.add(milliseconds, bytes);
    window.figures.callSound ??= [0, 0];
    window.figures.callSound[side] += bytes.length;
  }

  speaking({ role, speaking, time_ms: time }) {
    if (speaking) this.started[role] ??= time;
    else this.ended[role] = time;
  }

  interrupted({ time_ms: time }) {
    this.tracks[1]?.cut(time);
  }

  /// Something that one side said, when it is certain.
  said({ role, text, final, time_ms: time }) {
    if (!final || !text) return;
    const from = this.started[role] ?? time;
    const to = Math.max(this.ended[role] ?? time, from);
    delete this.started[role];
    delete this.ended[role];
    this.insert({ role, text, from, to });
    this.announcer.textContent = `${this.names[role]}: ${text}`;
  }

  insert(line) {
    line.row = document.createElement("li");
    line.row.className = line.role;
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = this.names[line.role];
    const text = document.createElement("p");
    text.textContent = line.text;
    line.row.append(name, text);
    if (this.tracks.some(Boolean)) line.row.append(this.button(line));
    const later = this.lines.findIndex((other) => other.from > line.from);
    if (later < 0) this.lines.push(line);
    else this.lines.splice(later, 0, line);
    this.list.insertBefore(line.row, later < 0 ? null : this.lines[later + 1].row);
  }

  button(line) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain play";
    button.textContent = "Play";
    button.setAttribute("aria-label", `Play: ${this.names[line.role]}: ${line.text}`);
    button.addEventListener("click", () => this.play([line]));
    return button;
  }

  /// Plays lines one after the other, both sides as they sounded together.
  async play(lines = [...this.lines]) {
    this.stop();
    const context = new AudioContext();
    this.context = context;
    await context.resume();
    for (const line of lines) {
      if (this.context !== context) return;
      line.row.classList.add("playing");
      await this.playStretch(context, line.from - margin, line.to + margin);
      line.row.classList.remove("playing");
      window.figures.linesPlayed = (window.figures.linesPlayed ?? 0) + 1;
    }
    if (this.context === context) this.stop();
  }

  async playStretch(context, from, to) {
    const sources = this.tracks.map((track) => track?.source(context, from, to)).filter(Boolean);
    for (const { buffer } of sources) {
      const loudest = buffer.getChannelData(0).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      window.figures.loudestLine = Math.max(window.figures.loudestLine ?? 0, loudest);
    }
    await Promise.all(sources.map((source) => new Promise((resolve) => {
      source.onended = resolve;
      this.release = () => sources.forEach((each) => each.onended?.());
      source.start();
    })));
  }

  stop() {
    const { context } = this;
    this.context = undefined;
    this.release?.();
    this.release = undefined;
    context?.close();
    for (const { row } of this.lines ?? []) row.classList.remove("playing");
  }
}
