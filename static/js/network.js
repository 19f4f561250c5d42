// Whoever points at a record in the picture, or goes to it by keyboard, sees its links and what they lead to before the others.
const drawn = document.querySelector(".drawn");

function light(picture, number) {
  const near = new Set([number]);
  for (const tie of picture.querySelectorAll(".tie")) {
    const ends = tie.dataset.ends.split(" ");
    const lit = ends.includes(number);
    tie.classList.toggle("lit", lit);
    if (lit) ends.forEach((end) => near.add(end));
  }
  for (const node of picture.querySelectorAll(".node")) node.classList.toggle("lit", near.has(node.dataset.node));
  picture.classList.toggle("lighting", number !== undefined);
}

// Listened to is what is around the picture: an svg that listens for focus would be a stop of its own for the keyboard.
for (const begin of ["pointerover", "focusin", "pointerleave", "focusout"]) {
  drawn?.addEventListener(begin, (event) => {
    const node = begin === "pointerover" || begin === "focusin" ? event.target.closest(".node[data-node]") : null;
    for (const picture of drawn.querySelectorAll("svg.picture")) {
      light(picture, picture.contains(node) ? node.dataset.node : undefined);
    }
  });
}
