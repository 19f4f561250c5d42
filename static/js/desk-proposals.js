// Proposals beside the article: from one to the next by P, Enter accepts, Space opens the card to be changed, X dismisses, Z takes
// that back. The list comes from the server; the cards are those of desk-cards.js, which is asked by the event `make` of #reading.
import { rangeOf, units } from "./desk-words.js";

const reading = document.getElementById("reading");
const list = document.getElementById("proposals");
const count = document.getElementById("proposals-count");
const drawn = new Highlight();
drawn.priority = 5;
CSS.highlights.set("desk-proposal", drawn);

let place = -1; // of the proposal in focus, and where to go on once the list is there anew
let goesOn = false;

const items = () => [...list.querySelectorAll(".proposal-item")];

function go(number) {
  const all = items();
  if (!all.length) return;
  place = (number + all.length) % all.length;
  all[place].focus();
}

const stepFrom = (step) => {
  const at = items().indexOf(document.activeElement?.closest(".proposal-item"));
  go((at >= 0 ? at : place) + step);
};

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

// What is dismissed, taken back or saved at once goes on with the next; a card that is to be completed has the focus.
list.addEventListener("htmx:beforeRequest", ({ detail }) => (goesOn = detail.requestConfig.verb === "post"));
list.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful || (goesOn = false));
// Whoever has gone to the text meanwhile stays there.
for (const type of ["pointerdown", "keydown"])
  document.getElementById("text").addEventListener(type, () => (goesOn = false));

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

// The list anew: after a card was saved, and what was accepted or dismissed goes on with the next.
function arrived() {
  const title = list.querySelector("#proposals-title");
  if (count && title) count.textContent = title.textContent;
  if (goesOn && items().length) go(Math.min(Math.max(place, 0), items().length - 1));
  else if (goesOn) list.querySelector("h2")?.focus();
  goesOn = false;
}
list.addEventListener("htmx:afterSwap", arrived);

addEventListener("marks-changed", (event) => {
  if (event.detail?.from === "proposals") return;
  const made = list.querySelector("#proposals-list [data-hx-get]") ? "" : "?made=1";
  htmx.ajax("GET", list.dataset.hxGet + made, { target: list, swap: "innerHTML" });
});
addEventListener("proposals-changed", () => {
  dispatchEvent(new CustomEvent("marks-changed", { detail: { from: "proposals" } }));
});
