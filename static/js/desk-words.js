// Words and places in a paragraph. The server counts code points, JavaScript UTF-16 units; a paragraph holds its text and nothing else.

export const codePoints = (text, unit) => [...text.slice(0, unit)].length;

export function units(text, point) {
  let unit = 0;
  for (; point > 0 && unit < text.length; point--) unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  return unit;
}

const segmenters = {};

// All segments of a text as [start, end, isWord], in UTF-16 units.
export function segments(language, text) {
  const segmenter = (segmenters[language] ??= new Intl.Segmenter(language, { granularity: "word" }));
  return Array.from(segmenter.segment(text), (each) => [each.index, each.index + each.segment.length, each.isWordLike]);
}

const OPENING = "“„\"«‹「『‘ \t\u00a0\u200b";
const CLOSING = "”\"»›」』 \t\u00a0\u200b";

// The span widened to whole words, without the blanks and quotation marks at its ends.
export function snapped(language, text, start, end) {
  const trim = () => {
    while (start < end && OPENING.includes(text[start])) start++;
    while (end > start && CLOSING.includes(text[end - 1])) end--;
  };
  trim();
  if (text[end - 1] === "’" && text[start - 1] === "‘") end--;
  const all = segments(language, text);
  const first = all.find(([from, to]) => from <= start && start < to);
  const last = all.findLast(([from, to]) => from < end && end <= to);
  if (first?.[2]) start = first[0];
  if (last?.[2]) end = last[1];
  trim();
  return [start, end];
}

function place(paragraph, unit) {
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let node, last;
  while ((node = walker.nextNode())) {
    if (unit <= node.length) return [node, unit];
    unit -= node.length;
    last = node;
  }
  return last ? [last, last.length] : [paragraph, 0];
}

// The range of a span of a paragraph, in UTF-16 units.
export function rangeOf(paragraph, start, end) {
  const range = new Range();
  range.setStart(...place(paragraph, start));
  range.setEnd(...place(paragraph, end));
  return range;
}

// How many UTF-16 units of a paragraph stand before a place in the document.
export function unitsBefore(paragraph, node, offset) {
  const range = new Range();
  range.setStart(paragraph, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

// The first 16 hexadecimal digits of the SHA-256: what stands for words in an address.
export async function digestOf(words) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(words));
  return Array.from(new Uint8Array(bytes).slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
