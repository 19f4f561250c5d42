// What a list needs beside htmx: say the new total, keep the focus, and never leave a reader before a dead end.
const list = () => document.getElementById("list");

addEventListener("htmx:configRequest", ({ detail }) => {
  // An address says what is shown and nothing else.
  for (const [name, value] of [...detail.formData.entries()]) if (value === "") detail.formData.delete(name);
});

// What the head says of the page, as config/languages.py has it: of the query, only the page number.
function tellPrograms() {
  const number = new URLSearchParams(location.search).get("page") ?? "1";
  const kept = /^\d+$/.test(number) && number !== "1" ? `?page=${number}` : "";
  for (const link of document.head.querySelectorAll("link[rel=canonical], link[hreflang]")) {
    link.href = link.href.split("?")[0] + kept;
  }
}

addEventListener("htmx:beforeRequest", () => list().setAttribute("aria-busy", "true"));

function arrive() {
  const title = document.getElementById("list-title");
  const { top } = title.getBoundingClientRect();
  const seen = top >= 0 && top < innerHeight;
  if (!seen || document.activeElement === document.body) title.focus({ preventScroll: true });
  if (!seen) list().scrollIntoView();
  list().removeAttribute("aria-busy");
  document.getElementById("list-status").textContent = document.getElementById("list-total").textContent;
  document.getElementById("as-json").href = document.getElementById("list-json").href;
  tellPrograms();
  for (const edition of document.querySelectorAll(".editions a")) edition.search = location.search;
}

addEventListener("htmx:afterSettle", arrive);
addEventListener("htmx:historyRestore", arrive);

// Whatever went wrong, the browser shows it better.
for (const problem of ["responseError", "sendError", "timeout", "swapError"]) {
  addEventListener(`htmx:${problem}`, ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
}
