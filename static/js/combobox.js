// Suggestions in a search box: the "combobox with listbox popup" pattern of the WAI-ARIA Authoring Practices.
// Without this script the box is a plain form; with it, submitting stays as plain as it was.
const WAIT = 150;

function combobox(input) {
  let list = document.createElement("ul");
  let timer, asking;
  const status = document.createElement("span");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.parentElement.append(list, status);
  place(list);
  const set = (name, value) => input.setAttribute(name, value);
  set("role", "combobox");
  set("autocomplete", "off");
  set("aria-autocomplete", "list");
  set("aria-controls", list.id);
  set("aria-expanded", "false");

  function place(next) {
    next.id = `${input.id}-suggestions`;
    next.hidden = true;
    next.setAttribute("role", "listbox");
    // Keeps the focus, and with it the keyboard of a phone, in the box.
    next.addEventListener("pointerdown", (event) => event.preventDefault());
    next.addEventListener("click", (event) => go(event.target.closest("[role=option]")));
    list.replaceWith(next);
    list = next;
  }

  const options = () => [...list.children];
  const active = () => options().findIndex((option) => option.ariaSelected === "true");

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

  function go(option) {
    if (!option) return;
    close();
    location.assign(option.dataset.href);
  }

  async function ask() {
    asking?.abort();
    const query = input.value.trim();
    if (query.length < 2) return close();
    asking = new AbortController();
    try {
      const address = new URL(input.dataset.suggest, location);
      address.searchParams.set("q", query);
      const response = await fetch(address, { signal: asking.signal });
      const page = new DOMParser().parseFromString(response.ok ? await response.text() : "", "text/html");
      if (document.activeElement !== input) return;
      close();
      place(page.querySelector("[role=listbox]") ?? document.createElement("ul"));
      options().forEach((option, number) => (option.id = `${list.id}-${number}`));
      open();
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
  input.form.addEventListener("submit", close);
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
      const next = active() + step;
      mark(next < 0 ? (active() < 0 ? count - 1 : -1) : next < count ? next : -1);
    } else if (event.key === "Enter" && !list.hidden && active() >= 0) {
      event.preventDefault();
      go(list.children[active()]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
}

document.querySelectorAll("input[data-suggest]").forEach(combobox);
