// Boxes of cards in which records are chosen while one types: the "combobox with listbox popup" pattern of the WAI-ARIA Authoring
// Practices, as in combobox.js; here a choice fills the form. Whoever listens to "choice" on the form learns of every change.
const WAIT = 150;

function box(root) {
  const input = root.querySelector("input[type=text]");
  const chosen = root.querySelector(".chosen");
  const template = root.querySelector("template");
  const multiple = "multiple" in root.dataset;
  let list = document.createElement("ul");
  let timer, asking;
  const status = document.createElement("span");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  root.append(list, status);
  place(list);
  const set = (name, value) => input.setAttribute(name, value);
  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", list.id);
  set("aria-expanded", "false");
  tidy();

  function place(next) {
    next.id = `${input.id}-list`;
    next.hidden = true;
    next.setAttribute("role", "listbox");
    next.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
    next.addEventListener("pointerdown", (event) => event.preventDefault());
    next.addEventListener("click", (event) => choose(event.target.closest("[role=option]")));
    list.replaceWith(next);
    list = next;
  }

  const options = () => [...list.children];
  const active = () => options().findIndex((option) => option.ariaSelected === "true");

  // One choice stands in the place of the box.
  function tidy() {
    input.hidden = !multiple && chosen.children.length > 0;
    set("aria-expanded", "false");
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    mark(-1);
    list.hidden = true;
    status.textContent = "";
    set("aria-expanded", "false");
  }

  function open() {
    if (!list.children.length) return;
    list.hidden = false;
    set("aria-expanded", "true");
  }

  function mark(number) {
    options().forEach((option, each) => (option.ariaSelected = String(each === number)));
    const option = list.children[number];
    if (!option) return input.removeAttribute("aria-activedescendant");
    set("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    if (!option) return;
    close();
    const { value, text } = option.dataset;
    input.value = "";
    if (![...chosen.querySelectorAll("input")].some((each) => each.value === value)) {
      const item = template.content.firstElementChild.cloneNode(true);
      item.querySelector("input").value = value;
      item.querySelector("span").textContent = text;
      const button = item.querySelector("button");
      button.setAttribute("aria-label", `${button.getAttribute("aria-label")}: ${text}`);
      chosen.append(item);
    }
    tidy();
    if (!multiple) chosen.querySelector("button").focus();
    changed();
  }

  function changed() {
    root.dispatchEvent(new Event("input", { bubbles: true }));
    root.dispatchEvent(new CustomEvent("choice", { bubbles: true, detail: { field: input.dataset.field } }));
  }

  chosen.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    button.closest("li").remove();
    tidy();
    input.focus();
    changed();
  });

  async function ask() {
    asking?.abort();
    const query = input.value.trim();
    if (query.length < 1) return close();
    asking = new AbortController();
    try {
      const address = new URL(root.dataset.suggestions, location);
      address.searchParams.set("q", query);
      const response = await fetch(address, { signal: asking.signal });
      const page = new DOMParser().parseFromString(response.ok ? await response.text() : "", "text/html");
      if (document.activeElement !== input) return;
      close();
      place(page.querySelector("[role=listbox]") ?? document.createElement("ul"));
      options().forEach((option, number) => (option.id = `${list.id}-${number}`));
      open();
      if (options().length) mark(0);
      status.textContent = list.dataset.status ?? "";
    } catch (problem) {
      if (problem.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    asking?.abort();
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return; // Vietnamese is typed by composing
    const count = list.children.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) {
      event.preventDefault();
      if (count) open();
      else ask();
    } else if (step) {
      event.preventDefault();
      mark((active() + step + count) % count);
    } else if (event.key === "Enter") {
      event.preventDefault(); // it never sends the card: that is Ctrl+Enter
      if (!list.hidden && active() >= 0) choose(list.children[active()]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && !input.value && chosen.children.length) {
      chosen.lastElementChild.querySelector("button").click();
    }
  });
}

export function start(root) {
  for (const each of root.querySelectorAll(".choice-box:not([data-ready])")) {
    each.dataset.ready = "";
    box(each);
  }
}

start(document);
addEventListener("htmx:afterSwap", ({ detail }) => start(detail.target));
