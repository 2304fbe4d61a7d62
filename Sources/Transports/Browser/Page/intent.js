// Reads from an operator's words who is to be called, and what about. What it makes of them is shown for review.

const digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const number = /\+?\(?\d[\d\s().\/-]{5,}\d/;
const name = /\b(?:call|ring|phone|dial)\s+(?:up\s+)?(.+?)(?=\s+(?:at|on|under|and|to|about|that|because|for|whether|if)\b|[,;:]|(?<!\b(?:Dr|Mr|Ms|Mrs|Prof))\.\s|\.?$)/i;
const opening = /^(?:please\s+)?(?:can you\s+|could you\s+)?(?:call|ring|phone|dial)\s+(?:up\s+)?/i;

/// `{ name, number, task }` of a text such as "Call Ada at +1 555 0101 and ask for a table".
export function understand(text) {
  const written = withDigits(text.trim().replace(/\s+/g, " "));
  const found = written.match(number)?.[0] ?? "";
  const rest = written.replace(found, "\u0000");
  const who = rest.match(name)?.[1].replace("\u0000", "").trim() ?? "";
  let task = rest.replace("\u0000", "").trim();
  if (opening.test(task)) task = task.replace(opening, "").replace(who, "").trim();
  task = task.replace(/^(?:(?:at|on|under)\b[\s,]*)?(?:[,.;:]\s*)?(?:(?:and|to)\s+)?/i, "").replace(/\s+/g, " ").trim();
  return { name: isName(who) ? who : "", number: found.replace(/[^\d+]/g, ""), task };
}

function isName(text) {
  return text !== "" && text.split(" ").length <= 4 && !/\d/.test(text);
}

/// Digits in the place of seven or more digits that are spelt out one by one.
function withDigits(text) {
  const word = `(?:${digits.join("|")}|oh)`;
  return text.replace(new RegExp(`\\b(?:plus\\s+)?${word}(?:[\\s-]+${word}){6,}\\b`, "gi"), (spoken) =>
    spoken.toLowerCase().split(/[\s-]+/).map((part) =>
      part === "plus" ? "+" : part === "oh" ? "0" : digits.indexOf(part)).join(""));
}
