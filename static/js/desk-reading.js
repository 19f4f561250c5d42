// The reading view: words are selected by mouse, touch or keyboard, and a letter says what to make of them. The cards themselves are
// in desk-cards.js; the two talk by events of the element #reading.
import { codePoints, digestOf, rangeOf, segments, snapped, units, unitsBefore } from "./desk-words.js";

const reading = document.getElementById("reading");
const text = document.getElementById("text");
const toolbar = document.getElementById("toolbar");
const made = document.getElementById("made");
const selectedStatus = document.getElementById("selected");
const WAIT = 250; // milliseconds without a change until a selection counts as made

const drawn = new Highlight();
drawn.priority = 10;
CSS.highlights.set("desk-selection", drawn);

let selection = null; // { paragraph, start, end }, in UTF-16 units of the paragraph
let current = null; // the paragraph in focus

const paragraphOf = (node) => (node?.nodeType === 1 ? node : node?.parentElement)?.closest("#text > p");
const paragraphs = () => [...text.querySelectorAll(":scope > p")];

// Selecting -----------------------------------------------------------------------------------------------------------------

function select(paragraph, start, end) {
  drawn.clear();
  selection = null;
  if (!paragraph || end <= start) return hideToolbar();
  selection = { paragraph, start, end };
  drawn.add(rangeOf(paragraph, start, end));
  selectedStatus.textContent = paragraph.textContent.slice(start, end);
  show(paragraph);
  showToolbar();
}

function letGo() {
  select(null, 0, 0);
  getSelection().removeAllRanges();
}

// What the server needs to know: places in code points of the whole text, and the words that were seen.
export function selectedWords() {
  if (!selection) return null;
  const { paragraph, start, end } = selection;
  const whole = paragraph.textContent;
  const begin = Number(paragraph.dataset.start);
  return {
    start: begin + codePoints(whole, start),
    end: begin + codePoints(whole, end),
    quote: whole.slice(start, end),
  };
}

function takeSelection() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) return;
  const range = chosen.getRangeAt(0);
  const paragraph = paragraphOf(range.startContainer);
  if (!paragraph) return;
  const whole = paragraph.textContent;
  const start = unitsBefore(paragraph, range.startContainer, range.startOffset);
  const inside = paragraph.contains(range.endContainer);
  const end = inside ? unitsBefore(paragraph, range.endContainer, range.endOffset) : whole.length;
  const [from, to] = snapped(paragraph.lang, whole, start, end);
  if (selection?.paragraph === paragraph && selection.start === from && selection.end === to) return;
  if (to > from) {
    select(paragraph, from, to);
    if (!paragraph.contains(document.activeElement)) paragraph.focus({ preventScroll: true });
  }
}

// By keyboard: Left and Right go from word to word, Shift widens and narrows.
function step(paragraph, forward, widen) {
  const whole = paragraph.textContent;
  const words = segments(paragraph.lang, whole).filter(([, , isWord]) => isWord);
  if (!words.length) return;
  if (selection?.paragraph !== paragraph) return select(paragraph, ...words[forward ? 0 : words.length - 1]);
  const first = words.findIndex(([, end]) => end > selection.start);
  const last = words.findLastIndex(([start]) => start < selection.end);
  if (widen) {
    const to = Math.max(first, Math.min(words.length - 1, last + (forward ? 1 : -1)));
    return select(paragraph, selection.start, words[to][1]);
  }
  const next = Math.max(0, Math.min(words.length - 1, forward ? last + 1 : first - 1));
  select(paragraph, ...words[next]);
}

// Paragraphs ------------------------------------------------------------------------------------------------------------------

function show(paragraph) {
  if (current === paragraph) return;
  reachMarks(current, false);
  if (current) current.tabIndex = -1;
  current?.classList.remove("current");
  current = paragraph;
  paragraph.classList.add("current");
  paragraph.tabIndex = 0;
  reachMarks(paragraph, !byPointer);
  askForMade();
}

// Tab reaches the marks of the paragraph in focus. Not while a pointer is at work: where a mark may take the focus, Chromium selects
// nothing if the pointer goes down on its first letter.
let byPointer = false;
function reachMarks(paragraph, reach) {
  for (const mark of paragraph?.querySelectorAll("mark[role]") ?? []) {
    if (reach) mark.tabIndex = 0;
    else mark.removeAttribute("tabindex");
  }
}

text.addEventListener("pointerdown", (event) => {
  byPointer = true;
  reachMarks(paragraphOf(event.target), false);
});
addEventListener(
  "keydown",
  () => {
    if (byPointer) reachMarks(current, true);
    byPointer = false;
  },
  true,
);

let waiting;
function askForMade(wait = 150) {
  clearTimeout(waiting);
  if (!current) return;
  const number = current.dataset.number;
  waiting = setTimeout(() => {
    const address = reading.dataset.paragraph.replace(/\/0\/$/, `/${number}/`);
    htmx.ajax("GET", address, { source: made, target: made, swap: "innerHTML" });
  }, wait);
}

function go(paragraph, event) {
  event.preventDefault();
  paragraph?.focus();
  paragraph?.scrollIntoView({ block: "nearest" });
}

text.addEventListener("focusin", (event) => {
  const paragraph = paragraphOf(event.target);
  if (paragraph) show(paragraph);
});

text.addEventListener("pointerup", () => setTimeout(takeSelection));
let settling;
document.addEventListener("selectionchange", () => {
  clearTimeout(settling);
  settling = setTimeout(takeSelection, WAIT);
});

text.addEventListener("click", (event) => {
  if (!getSelection().isCollapsed) return;
  const paragraph = paragraphOf(event.target);
  if (selection && !event.target.closest("mark[role]")) letGo();
  if (paragraph && event.target.closest("mark[role]")) return open(event.target.closest("mark[role]"));
  paragraph?.focus({ preventScroll: true });
});

text.addEventListener("keydown", (event) => {
  const paragraph = paragraphOf(event.target);
  if (!paragraph || event.isComposing) return;
  const mark = event.target.closest("mark[role]");
  if (mark && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    return open(mark);
  }
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step(paragraph, event.key === "ArrowRight", event.shiftKey);
  } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    go(paragraphBeside(paragraph, event.key === "ArrowDown"), event);
  } else if (event.key === "Escape") {
    if (selection) {
      event.preventDefault();
      event.stopPropagation();
      letGo();
    }
  } else if (event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey && !event.altKey) {
    // The buttons at the right are those of the paragraph in focus, once they are there.
    const shown = made.querySelector(`[data-number="${CSS.escape(paragraph.dataset.number)}"]`);
    const buttons = shown?.querySelectorAll(".made-read button");
    if (!buttons?.length) return;
    event.preventDefault();
    buttons[event.shiftKey ? 1 : 0].click();
  } else press(event);
});

// The toolbar may stand between two paragraphs.
function paragraphBeside(paragraph, forward) {
  const beside = (element) => (forward ? element?.nextElementSibling : element?.previousElementSibling);
  const next = beside(paragraph);
  return next === toolbar ? beside(toolbar) : next;
}

// What to make of the words ---------------------------------------------------------------------------------------------------

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !selection) return;
  const button = toolbar.querySelector(`[data-letter="${CSS.escape(event.key.toUpperCase())}"]`);
  if (!button) return;
  event.preventDefault();
  make(button.dataset.kind);
}

function make(kind) {
  const words = selectedWords();
  if (!words) return;
  hideToolbar();
  reading.dispatchEvent(new CustomEvent("make", { detail: { kind, words: [words] } }));
}

// A mark that is on record leads to its row; one that is proposed selects its words, all its parts, and opens the card.
function open(mark) {
  if (!mark.dataset.card) return mark.dataset.href && window.open(mark.dataset.href, "_blank", "noopener");
  const parts = mark.dataset.spans.split(" ").map((span) => stretch(...span.split("-").map(Number)));
  const own = parts.find(({ paragraph }) => paragraph === paragraphOf(mark)) ?? parts[0];
  select(own.paragraph, own.from, own.to);
  if (!toolbar.querySelector(`[data-kind="${mark.dataset.card}"]`)) return;
  hideToolbar();
  const detail = { kind: mark.dataset.card, words: parts.map(({ words }) => words), isProposal: true };
  reading.dispatchEvent(new CustomEvent("make", { detail }));
}

// A stretch of the whole text in code points, as a place in its paragraph and as the words that a card is opened for.
function stretch(start, end) {
  const paragraph = paragraphs().findLast((each) => Number(each.dataset.start) <= start);
  const whole = paragraph.textContent;
  const begin = Number(paragraph.dataset.start);
  const [from, to] = [units(whole, start - begin), units(whole, end - begin)];
  return { paragraph, from, to, words: { start, end, quote: whole.slice(from, to) } };
}

export async function addressOf(kind, words) {
  const address = new URL(reading.dataset.cards.replace("KIND", kind), location);
  for (const part of words) {
    address.searchParams.append("start", part.start);
    address.searchParams.append("end", part.end);
    address.searchParams.append("digest", await digestOf(part.quote));
  }
  return address.pathname + address.search;
}

// The toolbar -----------------------------------------------------------------------------------------------------------------

function showToolbar() {
  const { paragraph, start, end } = selection;
  if (toolbar.previousElementSibling !== paragraph) paragraph.after(toolbar);
  toolbar.hidden = false;
  const words = rangeOf(paragraph, start, end).getClientRects()[0] ?? paragraph.getBoundingClientRect();
  const frame = text.getBoundingClientRect();
  const room = frame.width - toolbar.offsetWidth;
  toolbar.style.setProperty("inset-block-start", `${words.top - frame.top - toolbar.offsetHeight - 6}px`);
  toolbar.style.setProperty("inset-inline-start", `${Math.max(0, Math.min(words.left - frame.left, room))}px`);
}

function hideToolbar() {
  toolbar.hidden = true;
}

toolbar.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
toolbar.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) make(button.dataset.kind);
});
toolbar.addEventListener("keydown", (event) => {
  const buttons = [...toolbar.querySelectorAll("button")];
  const direction = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (direction) {
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement) + direction;
    buttons[(at + buttons.length) % buttons.length].focus();
  } else if (event.key === "Escape") {
    const { paragraph } = selection ?? {};
    letGo();
    paragraph?.focus();
  } else press(event);
});
addEventListener("resize", () => selection && !toolbar.hidden && showToolbar());

// The text anew ---------------------------------------------------------------------------------------------------------------

const takeClasses = (old, fresh) =>
  ["used", "read"].forEach((name) => old.classList.toggle(name, fresh.classList.contains(name)));

// Takes the paragraphs that changed, and leaves all others, the focus and the selection where they are. Of several answers the one that
// was asked for last counts.
let renewals = 0;
async function renew() {
  const number = ++renewals;
  text.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(reading.dataset.text, { headers: { "HX-Request": "true" } });
    const page = response.ok && !response.redirected && (await response.text());
    if (page && number === renewals) take(new DOMParser().parseFromString(page, "text/html"));
  } finally {
    if (number === renewals) text.removeAttribute("aria-busy");
  }
}

function take(page) {
  for (const fresh of page.querySelectorAll("p.paragraph")) {
    const old = document.getElementById(fresh.id);
    if (!old || old.innerHTML === fresh.innerHTML) {
      if (old) takeClasses(old, fresh);
      continue;
    }
    const focused = old.contains(document.activeElement);
    old.innerHTML = fresh.innerHTML;
    takeClasses(old, fresh);
    if (old === current) reachMarks(old, !byPointer);
    if (focused && document.activeElement === document.body) old.focus({ preventScroll: true });
  }
  const counts = page.getElementById("new-counts");
  if (counts) document.getElementById("counts").replaceChildren(...counts.content.childNodes);
  const { paragraph, start, end } = selection ?? {};
  if (selection && toolbar.hidden) drawn.clear(), drawn.add(rangeOf(paragraph, start, end));
  else if (selection) select(paragraph, start, end);
  reading.dispatchEvent(new CustomEvent("renewed"));
}

addEventListener("marks-changed", () => {
  renew();
  askForMade(0);
});
addEventListener("paragraphs-read", renew);
if ("incomplete" in reading.dataset) renew();

// Back to the text, where the card was opened.
reading.addEventListener("back", () => {
  letGo();
  current?.focus();
});

// The parts of the open card stay drawn while other words are selected.
reading.addEventListener("parts", ({ detail: { form, parts } }) => {
  const values = (name) => [...(form?.querySelectorAll(`input[name=${name}]`) ?? [])].map((field) => Number(field.value));
  const ends = values("end");
  values("start").forEach((start, number) => {
    const { paragraph, from, to } = stretch(start, ends[number]);
    parts.add(rangeOf(paragraph, from, to));
  });
});

document.getElementById("keys-button").addEventListener("click", (event) => {
  const keys = document.getElementById("keys");
  keys.hidden = !keys.hidden;
  event.currentTarget.setAttribute("aria-expanded", String(!keys.hidden));
});
