// Gives the fields that Django's select2 draws the name of the field they stand for: without it they have none for whoever does
// not see the label beside them. Not a module: it has to run before Django starts select2.
"use strict";

function nameOf(select) {
  return select.getAttribute("aria-label") || select.labels?.[0]?.textContent.replace(/:\s*$/, "").trim() || "";
}

function nameFields(root) {
  for (const box of root.querySelectorAll(".select2-container")) {
    const select = box.previousElementSibling;
    const selection = box.querySelector(".select2-selection");
    if (!select?.matches("select") || !selection || selection.dataset.named) {
      continue;
    }
    selection.dataset.named = "yes";
    selection.setAttribute("aria-label", nameOf(select));
    if (select.multiple) {
      selection.querySelector(".select2-search__field")?.setAttribute("aria-label", nameOf(select));
    } else {
      // The name, then what is chosen, which select2 says to be a text field of its own.
      const chosen = selection.querySelector(".select2-selection__rendered");
      chosen.removeAttribute("role");
      chosen.removeAttribute("aria-readonly");
      selection.id = `${select.id}-selection`;
      selection.setAttribute("aria-labelledby", `${selection.id} ${selection.getAttribute("aria-labelledby")}`);
    }
  }
  // The box to type in belongs to the field that is open.
  const open = document.querySelector(".select2-container--open .select2-selection");
  for (const input of document.querySelectorAll(".select2-dropdown .select2-search__field")) {
    input.setAttribute("aria-label", open?.getAttribute("aria-label") || "");
  }
}

document.addEventListener("DOMContentLoaded", () => {
  // Every choice has a cross of its own; one for all of them would stand in their list without being an item of it.
  for (const select of document.querySelectorAll("select[multiple].admin-autocomplete")) {
    select.dataset.allowClear = "false";
  }
  new MutationObserver(() => nameFields(document)).observe(document.body, { childList: true, subtree: true });
});
