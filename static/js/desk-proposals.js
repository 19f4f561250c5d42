// Proposals beside the article: from one to the next by P, Enter accepts, Space opens the card to be changed, X dismisses, Z takes
// that back. The list comes from the server; the cards are those of desk-cards.js, which is asked by the event `make` of #reading.
import { rangeOf, units } from "./desk-words.js";

const reading = document.getElementById("reading");
const list = document.getElementById("proposals");
const count = document.getElementById("proposals-count");
const drawn = new Highlight();
drawn.priority = 5;
CSS.highlights.set("desk-proposal", drawn);

let place = -1; // of the proposal that was in focus last
let last = ""; // and its element, by id
let isFromList = false; // whether the open card is that of a proposal in the list
let goesOn = false; // whether the next proposal gets the focus once the list is there anew

const items = () => [...list.querySelectorAll(".proposal-item")];

function go(number) {
  const all = items();
  if (!all.length) return;
  place = (number + all.length) % all.length;
  all[place].focus();
}

// From the proposal in focus, else from the paragraph in focus, else from where one was last. What is settled is not in the list any
// more, and the next one stands in its place.
function stepFrom(step) {
  const all = items();
  const focused = all.indexOf(document.activeElement?.closest(".proposal-item"));
  if (focused >= 0) return go(focused + step);
  const paragraph = document.activeElement?.closest("#text > p")?.dataset.number;
  const next = paragraph ? all.findIndex((item) => Number(item.dataset.paragraph) >= Number(paragraph)) : -1;
  if (next >= 0) return go(step > 0 ? next : next - 1);
  const before = all.findIndex((item) => item.id === last);
  go(before >= 0 ? before + step : Math.max(place, 0) + (step > 0 ? 0 : step));
}

// Where the selections of a proposal stand: in UTF-16 units of their paragraph.
function rangesOf(item) {
  const address = new URL(item.dataset.open, location);
  const ends = address.searchParams.getAll("end").map(Number);
  return address.searchParams.getAll("start").map((value, number) => {
    const start = Number(value);
    const paragraph = [...document.querySelectorAll("#text > p")].findLast((each) => Number(each.dataset.start) <= start);
    const [begin, whole] = [Number(paragraph.dataset.start), paragraph.textContent];
    const [from, to] = [units(whole, start - begin), units(whole, ends[number] - begin)];
    return { paragraph, from, to };
  });
}

function open(item) {
  reading.dispatchEvent(new CustomEvent("make", { detail: { kind: item.dataset.kind, address: item.dataset.open } }));
}

list.addEventListener("focusin", (event) => {
  const item = event.target.closest(".proposal-item");
  if (!item) return;
  place = items().indexOf(item);
  last = item.id;
  drawn.clear();
  for (const { paragraph, from, to } of rangesOf(item)) {
    drawn.add(rangeOf(paragraph, from, to));
    paragraph.scrollIntoView({ block: "nearest" });
  }
});
list.addEventListener("focusout", () => drawn.clear());

list.addEventListener("click", (event) => {
  const step = event.target.closest("[data-proposal-step]");
  if (step) return stepFrom(Number(step.dataset.proposalStep));
  const item = event.target.closest(".proposal-item");
  if (item && event.target.closest("[data-proposal-open]")) open(item);
});

// What is dismissed, taken back or saved at once goes on with the next; a card that is to be completed has the focus, and goes on once
// it is saved. A card that was opened from the text leads back to the text.
list.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
  if (target !== list) goesOn = isFromList = detail.requestConfig.verb === "post";
});
list.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!detail.successful) goesOn = false;
  if (target === list) list.removeAttribute("aria-busy");
});
reading.addEventListener("make", ({ detail: { kind, address, isProposal } }) => {
  const isPart = !isProposal && (kind === "cite" || document.querySelector("form.card")?.dataset.kind === kind);
  if (address || !isPart) isFromList = Boolean(address);
});
reading.addEventListener("back", () => {
  if (isFromList && !goesOn) go(place);
  isFromList = false;
});
// Whoever has gone to the text meanwhile stays there.
for (const type of ["pointerdown", "keydown"])
  document.getElementById("text").addEventListener(type, () => (goesOn = isFromList = false));

const inField = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");
const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing);

document.addEventListener("keydown", (event) => {
  if (!isPlain(event) || inField(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "p" && items().length) {
    event.preventDefault();
    return stepFrom(event.shiftKey ? -1 : 1);
  }
  const undo = list.querySelector(".proposal-dismissed button");
  if (key === "z" && undo && list.contains(event.target)) {
    event.preventDefault();
    return undo.click();
  }
  const item = event.target;
  if (!item.matches?.(".proposal-item")) return;
  const button = {
    enter: "[data-proposal-accept]",
    x: "[value=dismiss]",
    " ": "[data-proposal-open]",
  }[key];
  const step = { arrowdown: 1, arrowup: -1 }[key];
  if (button) {
    event.preventDefault();
    item.querySelector(button).click();
  } else if (step) {
    event.preventDefault();
    stepFrom(step);
  }
});

// The list anew: after a card was saved, and what was accepted or dismissed goes on with the next. Whoever is in the list stays in it,
// though it is renewed under their hands.
let wasInside = false;
list.addEventListener("htmx:beforeSwap", () => (wasInside = list.contains(document.activeElement)));
function arrived() {
  const title = list.querySelector("#proposals-title");
  if (count && title) count.textContent = title.textContent;
  if (goesOn || (wasInside && !list.contains(document.activeElement))) {
    if (items().length) go(Math.min(Math.max(place, 0), items().length - 1));
    else title?.focus();
  }
  goesOn = false;
}
list.addEventListener("htmx:afterSwap", arrived);

addEventListener("marks-changed", (event) => {
  if (event.detail?.from === "proposals") return;
  if (isFromList) goesOn = true;
  list.setAttribute("aria-busy", "true");
  const made = list.querySelector("#proposals-list [data-hx-get]") ? "" : "?made=1";
  htmx.ajax("GET", list.dataset.hxGet + made, { source: list, target: list, swap: "innerHTML" });
});
addEventListener("proposals-changed", () => {
  dispatchEvent(new CustomEvent("marks-changed", { detail: { from: "proposals" } }));
});
