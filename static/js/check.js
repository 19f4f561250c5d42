// Check it yourself: takes a text that is pasted, or a file that is opened, and compares it with the passages on record. The only
// requests are for these passages; the text stays in this browser.
import { groupBy } from "./check-compare.js";

const box = document.getElementById("check");
const words = box.dataset;
const status = document.getElementById("check-status");
const list = document.getElementById("check-result");
const MOST_LINES = 500; // paragraphs that are listed
const LARGEST = 30_000_000; // bytes of a file

const put = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name].toLocaleString(document.documentElement.lang));

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

// The source, and its passages: all on record, or those of one statement, which the page has already.
async function record() {
  const source = await json(words.source);
  const chosen = document.getElementById("check-passages");
  if (chosen) return { source, passages: JSON.parse(chosen.textContent) };
  const passages = [];
  for (let next = words.passages; next; ) {
    const page = await json(next);
    passages.push(...page.results);
    next = page.next && new URL(page.next).pathname + new URL(page.next).search;
  }
  return { source, passages };
}

let known;
const recorded = () => (known ??= record().catch((error) => ((known = undefined), Promise.reject(error))));

function compared(data) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(words.worker, { type: "module" });
    const end = (settle, value) => (worker.terminate(), settle(value));
    worker.addEventListener("error", (event) => end(reject, new Error(event.message)));
    worker.addEventListener("message", ({ data: { share, result, fault } }) => {
      if (result) end(resolve, result);
      else if (fault) end(reject, new Error(fault));
      else status.textContent = put(words.working, { percent: Math.round(share * 100) });
    });
    worker.postMessage(data);
  });
}

const perPage = Number(words.perPage);
const addressOf = (number) => `${words.page}${number > perPage ? `?page=${Math.ceil(number / perPage)}` : ""}#p${number}`;

function line(number, passages) {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  const link = document.createElement("a");
  Object.assign(link, { href: addressOf(number), textContent: `¶${number.toLocaleString(document.documentElement.lang)}` });
  head.scope = "row";
  head.append(link);
  const cell = document.createElement("td");
  const places = document.createElement("ul");
  const folded = document.createElement("details");
  const heading = document.createElement("summary");
  const differing = passages.filter(({ state }) => state === "differs").length;
  heading.textContent = put(differing ? words.someDiffer : words.allMatch, { all: passages.length, differs: differing });
  folded.open = differing > 0 || passages.length === 1 || Boolean(passages[0].label);
  for (const passage of passages) {
    const item = document.createElement("li");
    const place = `${passage.label ? `${passage.label}, ` : ""}${passage.start}–${passage.end}`;
    const state = passage.state === "match" && passage.moved ? put(words.moved, { count: passage.moved }) : words[passage.state];
    const mark = document.createElement("strong");
    mark.textContent = state;
    mark.className = `check-${passage.state}`;
    item.append(`${place}: `, mark);
    places.append(item);
  }
  folded.append(heading, places);
  cell.append(folded);
  row.append(head, cell);
  return row;
}

function show({ whole, passages, changes, cut }) {
  const count = (state) => passages.filter((passage) => passage.state === state).length;
  const sentences = [
    whole && words.whole,
    put(words.summary, { all: passages.length, match: count("match"), differs: count("differs"), missing: count("missing") }),
    ...changes.map((change) => words[`change-${change}`.replace(/-(\w)/g, (_all, letter) => letter.toUpperCase())]),
    cut && words.cut,
  ];
  status.textContent = sentences.filter(Boolean).join(" ");
  const groups = groupBy(
    passages.filter(({ state }) => state !== "missing"),
    ({ paragraph }) => paragraph,
  );
  const differs = ([, each]) => each.some(({ state }) => state === "differs");
  const lines = [...groups].sort((one, other) => differs(other) - differs(one) || one[0] - other[0]);
  list.tBodies[0].replaceChildren(...lines.slice(0, MOST_LINES).map(([number, each]) => line(number, each)));
  list.hidden = !lines.length;
}

async function check(text) {
  list.hidden = true;
  if (!text.trim()) {
    status.textContent = words.empty;
    return;
  }
  box.setAttribute("aria-busy", "true");
  status.textContent = put(words.working, { percent: 0 });
  try {
    show(await compared({ ...(await recorded()), text }));
  } catch (error) {
    status.textContent = put(words.fault, { reason: error.message });
  }
  box.removeAttribute("aria-busy");
}

document.getElementById("check-button").addEventListener("click", () => check(document.getElementById("check-text").value));

document.getElementById("check-file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  list.hidden = true;
  if (file.size > LARGEST) {
    status.textContent = words.large;
    return;
  }
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch {
    status.textContent = put(words.encoding, { file: file.name });
    return;
  }
  check(text);
});

if (!globalThis.crypto?.subtle) {
  box.hidden = true;
  document.getElementById("check-insecure").hidden = false;
}
