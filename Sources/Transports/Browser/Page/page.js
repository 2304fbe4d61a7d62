// The page: one button, the conversation, and what each answer cost.

import { inputRate, Loudspeaker, Microphone, outputRate } from "./audio.js";
import { Connection } from "./connection.js";
import { Desk, showTabs } from "./desk.js";
import { Transcript } from "./transcript.js";
import { Turns } from "./turns.js";

const element = (id) => document.getElementById(id);
const transcript = new Transcript(element("lines"), element("announcer"));
const turns = new Turns(element("turns"));
const format = (rate) => ({ encoding: "pcm_s16le", rate, channels: 1 });
const ends = {
  agent_ended: "The agent ended the conversation.",
  hung_up: "You ended the conversation.",
  idle: "The conversation ended, because nobody said anything for a while.",
  too_long: "The conversation reached its longest duration.",
  shutdown: "The server is shutting down.",
  failed: "The conversation ended, because something failed on the server.",
};
const microphoneProblems = {
  NotAllowedError: "The microphone is blocked. Allow it for this page in the browser's settings, or type instead.",
  NotFoundError: "No microphone was found. Connect one, or type instead.",
  NotReadableError: "The microphone is used by another program. Close that, or type instead.",
  insecure: "Browsers give the microphone to https:// pages and to localhost only. You can type instead.",
};

/// Everything that belongs to one conversation; `undefined` between conversations.
let call;
/// Figures for tests and for the curious.
window.figures = { played: 0, flushed: 0, flushes: 0, loudest: 0 };

async function begin({ withMicrophone }) {
  const current = { user: false, agent: false, reported: "", isMuted: false };
  call = current;
  showProblem("");
  show();
  transcript.begin();
  turns.clear();
  current.loudspeaker = new Loudspeaker((report) => playbackReport(current, report), show);
  try {
    await current.loudspeaker.open();
  } catch {
    if (call === current) showProblem("This browser cannot play the agent's voice; its words are shown.");
  }
  if (withMicrophone && call === current) await openMicrophone(current);
  if (call !== current) return;
  current.connection = new Connection(
    { input: format(inputRate), output: format(outputRate), metadata: {} },
    {
      state: (name, detail) => connectionState(current, name, detail),
      message: (message) => receive(current, message),
      audio: (generation, samples) => current.loudspeaker.play(generation, samples),
    });
}

async function openMicrophone(current) {
  const microphone = new Microphone(
    (samples, level) => {
      setLevel("user", current.isMuted ? 0 : level);
      current.connection?.sendAudio(samples);
    },
    () => {
      microphone.close();
      current.microphone = undefined;
      openMicrophone(current);
    });
  try {
    await microphone.open();
    if (call !== current) return microphone.close();
    current.microphone = microphone;
    microphone.isMuted = current.isMuted;
  } catch (error) {
    microphone.close();
    if (call !== current) return;
    const kind = error.message === "insecure" ? "insecure" : error.name;
    showProblem(microphoneProblems[kind] ?? `The microphone cannot be opened (${error.message}). You can type instead.`);
  }
  show();
}

function finish(current, text) {
  if (call !== current) return;
  call = undefined;
  current.microphone?.close();
  current.loudspeaker.close();
  transcript.cut();
  setLevel("user", 0);
  setLevel("agent", 0);
  if (text) transcript.note(text);
  show();
}

function hangUp() {
  call?.connection?.close();
  if (call) finish(call, ends.hung_up);
}

// What comes from the server.

function connectionState(current, name, detail) {
  current.state = name;
  current.detail = detail;
  if (name === "failed") {
    showProblem(`The server cannot be reached${detail ? ` (${detail})` : ""}. Is it still running?`);
    finish(current, "The connection was lost.");
  } else if (name === "waiting") {
    current.wasLost = true;
    Object.assign(current, { user: false, agent: false, session: undefined });
    current.loudspeaker.reset();
    transcript.cut();
  } else if (name === "closed") {
    finish(current);
  }
  if (call === current) show();
}

function receive(current, message) {
  // The last words of a conversation may come after its end, and not into the next one.
  if (call && call !== current) return;
  const handle = handlers[message.type];
  if (handle) handle(current, message);
  if (call === current) show();
}

const handlers = {
  ready(current, { session, title }) {
    current.session = session;
    if (title) {
      element("title").textContent = title;
      document.title = title;
    }
    if (current.wasLost) transcript.note("The connection was lost; the conversation starts again.");
    current.wasLost = false;
    transcript.begin();
    current.reported = "";
    for (const text of current.unsent?.splice(0) ?? []) current.connection.send({ type: "text", text });
  },
  audio_start(current, { generation, resumes }) {
    if (resumes) transcript.resumed(resumes.generation, resumes.position, generation);
  },
  audio_end(current, { generation }) {
    current.loudspeaker.complete(generation);
  },
  flush(current, { generation }) {
    window.figures.flushes += 1;
    current.loudspeaker.flush(generation);
  },
  words: (current, message) => transcript.words(message, outputRate),
  transcript(current, message) {
    if (message.role === "agent") transcript.agent(message);
    else transcript.user(message);
    current.isThinking = message.role === "user" && message.final;
  },
  speaking(current, { role, speaking }) {
    current[role] = speaking;
    if (speaking) current.isThinking = false;
  },
  turn: (current, message) => turns.add(message),
  error(current, { code, message, fatal }) {
    // The conversation goes on: what the agent makes up for is no business of the caller's.
    if (fatal || code !== "failed") showProblem(message);
    else console.info(message);
  },
  end: (current, { reason }) => finish(current, ends[reason] ?? "The conversation ended."),
};

/// Tells the server what was heard, and shows it.
function playbackReport(current, report) {
  const { figures } = window;
  figures.loudest = Math.max(figures.loudest, report.level);
  figures.log?.push(report);
  Object.assign(figures, report);
  setLevel("agent", report.level);
  if (report.position === undefined || !current.session || report.generation === 0) return;
  transcript.heard(report.generation, report.position);
  const mark = `${report.generation} ${report.position}`;
  if (mark === current.reported) return;
  current.reported = mark;
  current.connection?.send({ type: "played", generation: report.generation, position: report.position });
}

// What the page shows.

function show() {
  const talk = element("talk");
  talk.textContent = call ? "Hang up" : "Talk";
  talk.classList.toggle("on", Boolean(call));
  element("interrupt").hidden = !call?.agent;
  const mute = element("mute");
  mute.hidden = !call?.microphone;
  mute.setAttribute("aria-pressed", String(Boolean(call?.isMuted)));
  mute.textContent = call?.isMuted ? "Unmute" : "Mute";
  const state = stateText();
  if (element("state").textContent !== state) element("state").textContent = state;
  document.body.dataset.turn = !call?.session ? "none" : call.user ? "user" : call.agent ? "agent" : "open";
}

function stateText() {
  if (!call) return "Press Talk and speak, or type below.";
  if (call.state === "waiting") return `Connection lost. Trying again in ${call.detail / 1000} s.`;
  if (!call.session) return "Connecting.";
  if (call.loudspeaker.isHeldBack) return "The browser holds the sound back. Touch the page or press a key to hear it.";
  if (call.user && call.agent) return "You are talking over the agent.";
  if (call.user) return "You are speaking.";
  if (call.agent) return "The agent is speaking. You can interrupt.";
  if (call.isThinking) return "The agent is about to answer.";
  if (call.isMuted) return "You are muted.";
  return call.microphone ? "Your turn. The agent is listening." : "Your turn. Type below.";
}

function setLevel(role, level) {
  // From -60 dBFS to full scale.
  const height = level > 0 ? Math.max(0, 1 + Math.log10(level) / 3) : 0;
  element(`${role}-level`).style.setProperty("--level", height.toFixed(3));
}

function showProblem(text) {
  element("problem").textContent = text;
  element("problem").hidden = !text;
}

function interrupt() {
  call?.connection?.send({ type: "interrupt" });
}

element("talk").addEventListener("click", () => (call ? hangUp() : begin({ withMicrophone: true })));
element("interrupt").addEventListener("click", interrupt);
element("mute").addEventListener("click", () => {
  call.isMuted = !call.isMuted;
  if (call.microphone) call.microphone.isMuted = call.isMuted;
  show();
});
element("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = element("text");
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  if (!call) await begin({ withMicrophone: false });
  if (!call) return;
  if (call.session) call.connection.send({ type: "text", text });
  else (call.unsent ??= []).push(text);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") interrupt();
});
show();

/// Whoever may place calls from here gets a second tab for it.
async function offerCalls() {
  const answer = await fetch("/features").catch(() => undefined);
  const features = answer?.ok ? await answer.json() : {};
  if (!features.calls) return;
  new Desk();
  showTabs();
}
offerCalls();
