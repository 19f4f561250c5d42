// Whoever points at a record in the picture, or goes to it by keyboard, sees its links and what they lead to before the others.
for (const picture of document.querySelectorAll("svg.picture")) {
  const ties = [...picture.querySelectorAll(".tie")].map((tie) => [tie, tie.dataset.ends.split(" ")]);
  const nodes = new Map([...picture.querySelectorAll(".node")].map((node) => [node.dataset.node, node]));

  function light(number) {
    const near = new Set([number]);
    for (const [tie, ends] of ties) {
      const lit = ends.includes(number);
      tie.classList.toggle("lit", lit);
      if (lit) ends.forEach((end) => near.add(end));
    }
    for (const [key, node] of nodes) node.classList.toggle("lit", near.has(key));
    picture.classList.toggle("lighting", number !== undefined);
  }

  const numberOf = (event) => event.target.closest?.(".node")?.dataset.node;
  for (const begin of ["pointerover", "focusin"]) picture.addEventListener(begin, (event) => light(numberOf(event)));
  for (const end of ["pointerleave", "focusout"]) picture.addEventListener(end, () => light(undefined));
}
