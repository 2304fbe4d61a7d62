// The operator's side of the page: says whom to call and why, sees what was understood, calls, and follows the call.

import { inputRate, Microphone } from "./audio.js";
import { Conversation } from "./conversation.js";
import { understand } from "./intent.js";
import { Listening } from "./listening.js";

const element = (id) => document.getElementById(id);
const longestRecording = 25;
const pollInterval = 2000;
const phases = {
  initiated: "The call is being placed.",
  queued: "The call is being placed.",
  ringing: "The telephone rings.",
  "in-progress": "The call was answered.",
  busy: "The line is busy.",
  "no-answer": "Nobody answered.",
  failed: "The call failed. Is the number right?",
  canceled: "The call was cancelled.",
  completed: "The call is over.",
};

/// Asks the server, with the operator's key if there is one.
async function ask(method, path, { body, headers } = {}) {
  const key = element("key").value.trim();
  const answer = await fetch(path, {
    method, body, headers: { ...headers, ...(key && { authorization: `Bearer ${key}` }) },
  });
  const text = await answer.text();
  const result = text.startsWith("{") ? JSON.parse(text) : {};
  if (answer.status === 401) element("key-row").hidden = false;
  if (!answer.ok) throw new Error(result.error ?? result.message ?? (text || `the server answered ${answer.status}`));
  return result;
}

export class Desk {
  constructor() {
    this.conversation = new Conversation(element("call-lines"), element("call-announcer"));
    element("wish-form").addEventListener("submit", (event) => this.review(event));
    element("record").addEventListener("click", () => this.record());
    element("review-form").addEventListener("submit", (event) => this.call(event));
    element("number").addEventListener("input", () => this.askMode(400));
    element("key").addEventListener("change", () => this.askMode(0));
    element("end-call").addEventListener("click", () => this.hangUp());
    element("play-all").addEventListener("click", () => this.conversation.play());
    element("stop-playing").addEventListener("click", () => this.conversation.stop());
  }

  // What is wanted.

  review(event) {
    event.preventDefault();
    const { name, number, task } = understand(element("wish").value);
    element("name").value = name;
    element("number").value = number;
    element("task").value = task;
    element("review-form").hidden = false;
    this.askMode(0);
    element(number ? "task" : "number").focus();
  }

  /// Records the operator until the button is pressed again, and has the words recognised.
  async record() {
    if (this.recorder) return this.stopRecording();
    this.show("");
    const pieces = [];
    const microphone = new Microphone((samples) => {
      pieces.push(samples);
      if (pieces.length >= longestRecording * 50) this.stopRecording();
    }, () => this.stopRecording());
    this.recorder = { microphone, pieces };
    element("record").textContent = "Stop";
    try {
      await microphone.open();
    } catch {
      this.recorder = undefined;
      microphone.close();
      element("record").textContent = "Speak";
      this.show("The microphone cannot be opened. Type instead.");
    }
  }

  async stopRecording() {
    const { microphone, pieces } = this.recorder ?? {};
    this.recorder = undefined;
    microphone?.close();
    element("record").textContent = "Speak";
    if (!pieces?.length) return;
    try {
      const { text } = await ask("POST", "/call/words", { body: new Blob(pieces) });
      if (text) element("wish").value = text;
      else this.show("Nothing was understood. Speak again, or type.");
    } catch (error) {
      this.show(`The words were not recognised: ${error.message}`);
    }
    element("wish").focus();
  }

  /// Asks whether a call would be real, once nothing more is typed.
  askMode(delay) {
    clearTimeout(this.modeTimer);
    this.modeTimer = setTimeout(async () => {
      const number = element("number").value.trim();
      try {
        const mode = await ask("GET", `/call/mode?phone_number=${encodeURIComponent(number)}`);
        this.showMode(mode);
      } catch (error) {
        element("mode").textContent = error.message;
      }
    }, delay);
  }

  showMode({ mode, reason }) {
    const isReal = mode === "real";
    element("place").textContent = isReal ? "Call" : "Call (simulated)";
    element("mode").textContent = isReal ? `A real call: ${reason}.` : `A simulated call: ${reason}.`;
    element("mode").dataset.mode = mode;
  }

  // The call.

  async call(event) {
    event.preventDefault();
    if (this.sid) return;
    this.show("");
    const [name, to, task] = ["name", "number", "task"].map((id) => element(id).value.trim());
    element("place").disabled = true;
    try {
      const placed = await ask("POST", "/call/initiate", {
        body: JSON.stringify({ to, task, attributes: name ? { name } : {} }),
        headers: { "content-type": "application/json", "idempotency-key": randomKey() },
      });
      if (placed.mode) this.showMode(placed);
      this.follow(placed.call_sid, name || to);
    } catch (error) {
      this.show(`Nobody was called: ${error.message}`);
      element("place").disabled = false;
    }
  }

  follow(sid, name) {
    this.sid = sid;
    this.conversation.clear();
    this.conversation.names.user = name;
    element("live").hidden = false;
    element("end-call").hidden = false;
    this.state(phases.initiated);
    this.listening = new Listening(sid, element("key").value.trim(), {
      message: (message) => this.receive(message),
      sound: (side, time, bytes) => this.conversation.sound(side, time, bytes),
      state: (name) => this.connection(name),
    });
    this.poll(sid);
    element("end-call").focus();
  }

  /// How far the call is, until its conversation begins or it turns out that there will be none.
  async poll(sid) {
    while (this.sid === sid && !this.hasBegun) {
      try {
        const { status, over } = await ask("GET", `/call/status/${encodeURIComponent(sid)}`);
        if (this.sid !== sid || this.hasBegun) return;
        this.state(phases[status] ?? `The call is ${status}.`);
        if (over) return this.finish(phases[status] ?? phases.completed);
      } catch {
        // The socket says when the server is gone.
      }
      await new Promise((resolve) => setTimeout(resolve, pollInterval));
    }
  }

  receive(message) {
    const { conversation } = this;
    switch (message.type) {
      case "call":
        this.hasBegun = true;
        conversation.begin(message);
        this.state(phases["in-progress"]);
        break;
      case "speaking":
        conversation.speaking(message);
        if (message.speaking) {
          this.state(`${conversation.names[message.role]} ${message.role === "agent" ? "is speaking." : "speaks."}`);
        }
        break;
      case "interruption": conversation.interrupted(message); break;
      case "transcript": conversation.said(message); break;
      case "end": this.finish(phases.completed); break;
    }
    element("play-all").hidden = element("stop-playing").hidden = !conversation.tracks?.some(Boolean);
  }

  connection(name) {
    if (name === "waiting" && this.sid) this.state("The connection was lost. Trying again.");
    if (name === "failed") this.finish("The server cannot be reached; the call may go on.");
  }

  async hangUp() {
    try {
      await ask("POST", `/calls/${encodeURIComponent(this.sid)}/hangup`);
    } catch (error) {
      this.show(`The call was not ended: ${error.message}`);
    }
  }

  finish(text) {
    if (!this.sid) return;
    this.listening.close();
    this.sid = this.listening = undefined;
    this.hasBegun = false;
    element("end-call").hidden = true;
    element("place").disabled = false;
    this.state(text);
  }

  state(text) {
    if (element("call-state").textContent !== text) element("call-state").textContent = text;
  }

  show(problem) {
    element("call-problem").textContent = problem;
    element("call-problem").hidden = !problem;
  }
}

/// Repetitions of a request with the same key place no other call.
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/// Two tabs, as a keyboard and a screen reader expect them: the arrows change between them.
export function showTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const select = (tab) => {
    for (const each of tabs) {
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
      element(each.getAttribute("aria-controls")).hidden = each !== tab;
    }
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", ({ key }) => {
      if (key !== "ArrowLeft" && key !== "ArrowRight") return;
      const next = tabs[(index + (key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
      select(next);
      next.focus();
    });
  }
  element("tabs").hidden = false;
}
