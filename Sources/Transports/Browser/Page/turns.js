// How long each answer took and where the time went: a table whose rows are bars.

const labels = {
  endpointing: "waiting for the end of speech",
  transcription: "transcription",
  model: "model",
  aggregation: "first sentence",
  synthesis: "voice",
  transport: "transport",
  own: "own share",
};
const mostRows = 8;

export class Turns {
  constructor(section) {
    this.section = section;
    this.rows = section.querySelector("tbody");
    this.legend = section.querySelector(".legend");
    this.records = [];
  }

  add({ turn, gap_ms: gap, parts }) {
    this.records = [...this.records, { turn, gap, parts: parts.filter((part) => part.ms >= 0.5) }].slice(-mostRows);
    this.section.hidden = false;
    const longest = Math.max(...this.records.map((record) => record.gap), 1);
    this.rows.replaceChildren(...this.records.map((record) => row(record, longest)));
    const used = Object.keys(labels).filter((name) =>
      this.records.some((record) => record.parts.some((part) => part.name === name)));
    this.legend.replaceChildren(...used.map(legendEntry));
  }

  clear() {
    this.records = [];
    this.rows.replaceChildren();
    this.section.hidden = true;
  }
}

function row({ turn, gap, parts }, longest) {
  const row = document.createElement("tr");
  const bar = document.createElement("td");
  bar.className = "bar";
  for (const { name, ms } of parts) {
    const part = document.createElement("span");
    part.className = `part ${name}`;
    part.style.width = `${(100 * ms) / longest}%`;
    part.title = `${labels[name] ?? name}: ${Math.round(ms)} ms`;
    part.append(hidden(`${labels[name] ?? name} ${Math.round(ms)} ms, `));
    bar.append(part);
  }
  row.append(cell("th", turn === 0 ? "greeting" : `turn ${turn}`), bar, cell("td", `${Math.round(gap)} ms`));
  row.firstChild.scope = "row";
  return row;
}

function cell(kind, text) {
  const cell = document.createElement(kind);
  cell.textContent = text;
  return cell;
}

function legendEntry(name) {
  const entry = document.createElement("li");
  const swatch = document.createElement("span");
  swatch.className = `swatch ${name}`;
  entry.append(swatch, labels[name]);
  return entry;
}

function hidden(text) {
  const element = document.createElement("span");
  element.className = "visually-hidden";
  element.textContent = text;
  return element;
}
