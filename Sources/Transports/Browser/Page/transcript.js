// What both sides say: words not yet certain in grey, the agent's words as they are heard, unheard ones struck out.

const names = { user: "You", agent: "Agent" };

export class Transcript {
  /// `list` shows the lines, `announcer` is a live region for screen readers.
  constructor(list, announcer) {
    this.list = list;
    this.announcer = announcer;
    this.begin();
  }

  /// A new conversation: the lines stay, nothing is added to them.
  begin() {
    this.lines = new Map();
    this.pending = [];
  }

  /// What the caller said so far.
  user({ turn, text, final }) {
    const line = this.line("user", turn);
    line.text.textContent = text;
    line.row.classList.toggle("partial", !final);
    if (final) this.announce("user", text);
    this.showNewest();
  }

  /// Words that are about to be heard: `position` is where their audio begins.
  words({ turn, generation, position, text, words }, rate) {
    const line = this.line("agent", turn);
    const pieces = words.length ? words : [{ text, start_ms: 0, end_ms: 0 }];
    for (const piece of pieces) {
      const element = document.createElement("span");
      element.className = "unheard";
      element.textContent = piece.text;
      line.text.append(element, " ");
      const middle = position + ((piece.start_ms + piece.end_ms) / 2000) * rate;
      this.pending.push({ element, generation, position: middle });
    }
    this.showNewest();
  }

  /// The loudspeaker has come to a position.
  heard(generation, position) {
    this.pending = this.pending.filter((word) => {
      if (word.generation !== generation || word.position > position) return true;
      word.element.className = "heard";
      return false;
    });
  }

  /// Audio that was held goes on: what lay at `position` in the old generation begins the new one.
  resumed(old, position, generation) {
    for (const word of this.pending) {
      if (word.generation !== old) continue;
      word.generation = generation;
      word.position -= position;
    }
  }

  /// Nothing more is heard: what is left of a reply is struck out.
  cut() {
    for (const { element } of this.pending) element.className = "cut";
    this.pending = [];
  }

  /// What the agent said, as the server counts it; `planned` is what it would have said.
  agent({ turn, text, planned, interrupted }) {
    const line = this.line("agent", turn);
    const said = line.said ? `${line.said} ${text}` : text;
    line.said = said;
    const isCut = interrupted && planned && planned !== text;
    const rest = isCut && planned.startsWith(text) ? planned.slice(text.length).trim() : "";
    const heard = document.createElement("span");
    heard.textContent = said;
    line.text.replaceChildren(heard);
    if (rest) {
      const struck = document.createElement("s");
      struck.textContent = rest;
      struck.title = "Not heard: the reply was interrupted";
      line.text.append(" ", struck);
    }
    this.pending = this.pending.filter((word) => word.element.isConnected);
    if (!said && !rest) this.remove("agent", turn);
    this.announce("agent", said);
    this.showNewest();
  }

  /// A line about the conversation itself.
  note(text) {
    const row = document.createElement("li");
    row.className = "note";
    row.textContent = text;
    this.list.append(row);
    this.showNewest();
  }

  line(role, turn) {
    const key = `${role} ${turn}`;
    const known = this.lines.get(key);
    if (known) return known;
    const row = document.createElement("li");
    row.className = role;
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = names[role];
    const text = document.createElement("p");
    row.append(name, text);
    this.list.append(row);
    const line = { row, text, said: "" };
    this.lines.set(key, line);
    return line;
  }

  remove(role, turn) {
    this.lines.get(`${role} ${turn}`)?.row.remove();
    this.lines.delete(`${role} ${turn}`);
  }

  announce(role, text) {
    if (text) this.announcer.textContent = `${names[role]}: ${text}`;
  }

  showNewest() {
    const view = this.list.parentElement;
    if (view.scrollHeight - view.scrollTop - view.clientHeight < 160) view.scrollTop = view.scrollHeight;
  }
}
