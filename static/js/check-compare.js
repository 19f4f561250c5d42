// Compares a reader's copy of a source with the passages on record, by their SHA-256. All counts are of code points.
//
// A passage is { start, end, paragraph, sha256 } with its place in the whole text. A copy may be the whole text, a paragraph or a
// few: it is compared line by line. A line belongs to the paragraph of its length if one of the paragraph's passages stands in it at
// its place. Otherwise every run of letters as long as a passage is looked at, the longest first, until one has its hash; there are
// never more than MOST_RUNS of them.

const BOM = "\uFEFF";
const UNSEEN = /[\u00AD\u200B\u2060\uFEFF]/g;
const MOST_RUNS = 300_000;
const TOGETHER = 500; // hashes that are asked for at once
const TELLING = 12; // letters: words as long as that hardly stand in another text, so the rest of the paragraph should be there

const encoder = new TextEncoder();

export function groupBy(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    if (groups.has(key)) groups.get(key).push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

const hexadecimal = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function sha256(bytes) {
  return hexadecimal(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

// A text as UTF-8, with the place of each code point in it, so that any run is cut without decoding it again.
class Letters {
  constructor(text) {
    this.bytes = encoder.encode(text);
    this.places = [];
    for (let place = 0; place < this.bytes.length; place++) {
      if ((this.bytes[place] & 0xc0) !== 0x80) this.places.push(place);
    }
    this.length = this.places.length;
    this.places.push(this.bytes.length);
  }

  hash(start, end) {
    return sha256(this.bytes.subarray(this.places[start], this.places[end]));
  }
}

// The forms in which a line is looked at, each with what was changed for it; the line as it is comes first.
function forms(line) {
  const all = [{ text: line, changes: [] }];
  const add = (change, make) => {
    const { text, changes } = all[all.length - 1];
    const made = make(text);
    if (made !== text) all.push({ text: made, changes: [...changes, change] });
  };
  add("blanks", (text) => text.replace(/^[\s\u00A0]+|[\s\u00A0]+$/gu, ""));
  add("unseen", (text) => text.replace(UNSEEN, "").replace(/\u00A0/g, " "));
  add("nfc", (text) => text.normalize("NFC"));
  const apart = line.normalize("NFD");
  if (apart !== line && !all.some(({ text }) => text === apart)) all.push({ text: apart, changes: ["nfd"] });
  return all;
}

export class Comparison {
  constructor({ source, passages }, tell = () => {}) {
    this.source = source;
    this.passages = passages.map((passage) => ({ ...passage, state: "missing", shift: 0, moved: 0 }));
    this.tell = tell;
    this.runs = 0;
    this.cut = false;
    this.changes = new Set();
    this.byParagraph = groupBy(this.passages, ({ paragraph }) => paragraph);
    this.longest = longestFirst(this.passages);
    this.byHash = groupBy(this.passages, ({ sha256 }) => sha256);
    this.byLength = groupBy(
      source.paragraphs.map(([start, length], index) => ({ start, length, number: index + 1 })),
      ({ length }) => length,
    );
  }

  // Compare a text, and return what became of each passage: "match", "differs", or "missing" where the copy does not have its paragraph.
  async compare(given) {
    let whole = (await new Letters(given).hash(0, new Letters(given).length)) === this.source.sha256;
    let text = given;
    if (!whole && text.startsWith(BOM)) {
      text = text.slice(1);
      this.changes.add("bom");
    }
    if (!whole && text.includes("\r")) {
      text = text.replace(/\r\n?/g, "\n");
      this.changes.add("line-ends");
    }
    if (!whole && text !== given) {
      const letters = new Letters(text);
      whole = (await letters.hash(0, letters.length)) === this.source.sha256;
    }
    if (whole) await this.compareWhole(new Letters(text));
    else await this.compareLines(text.split("\n").filter((line) => line.trim()));
    return { whole, passages: this.passages, changes: [...this.changes], cut: this.cut };
  }

  async compareWhole(letters) {
    for (const passage of this.passages) {
      passage.state = (await letters.hash(passage.start, passage.end)) === passage.sha256 ? "match" : "differs";
    }
  }

  async compareLines(lines) {
    const inOrder = lines.length === this.source.paragraphs.length;
    for (const [index, line] of lines.entries()) {
      this.tell(index / lines.length);
      const candidates = forms(line).map(({ text, changes }) => ({ letters: new Letters(text), changes }));
      if (await this.atItsPlace(candidates, inOrder ? index + 1 : 0)) continue;
      if (inOrder && !this.byParagraph.has(index + 1)) continue;
      if (await this.anywhere(candidates)) continue;
      if (inOrder) this.settle(index + 1, candidates[0].letters, this.source.paragraphs[index][0]);
    }
  }

  // Whether a line is a paragraph of its length, or the one of its number: a passage of it has to match at its place.
  async atItsPlace(candidates, number) {
    for (const { letters, changes } of candidates) {
      const ofLength = (this.byLength.get(letters.length) ?? []).map((paragraph) => paragraph.number);
      for (const paragraph of new Set([...(number ? [number] : []), ...ofLength])) {
        const known = paragraph === number ? "by-number" : "by-length";
        if (await this.matches(paragraph, letters, this.source.paragraphs[paragraph - 1][0], changes, known)) return true;
      }
    }
    return false;
  }

  // Whether a passage of a paragraph stands in a line whose first letter has this place in the whole text; then all are compared.
  // A line that is known to be the paragraph should hold the others, too; so should one that has more of it than a short name. But
  // words that stand in several paragraphs do not tell which of them it is.
  async matches(paragraph, letters, origin, changes, known = "") {
    const inside = (this.byParagraph.get(paragraph) ?? []).filter(
      ({ start, end }) => start >= origin && end - origin <= letters.length,
    );
    const equal = [];
    for (const passage of inside) {
      if ((await letters.hash(passage.start - origin, passage.end - origin)) === passage.sha256) equal.push(passage);
    }
    if (!equal.length) return false;
    for (const change of changes) this.changes.add(change);
    for (const passage of equal) Object.assign(passage, { state: "match", shift: -origin });
    const here = [...equal, ...(await this.lookForTheRest(paragraph, letters))];
    const there = (this.byParagraph.get(paragraph) ?? []).filter(({ state }) => state === "match");
    for (const passage of there) passage.moved = passage.shift - there[0].shift; // against the first of the paragraph
    const own = here.filter(({ sha256 }) => this.byHash.get(sha256).every((each) => each.paragraph === paragraph));
    const isTold = own.length > 1 || own.some(({ start, end }) => known || end - start >= TELLING);
    if (known === "by-number" || isTold) this.settle(paragraph, letters, origin);
    return true;
  }

  // Look for the passages of a paragraph that are not at their place elsewhere in the line (something was put in or left out before
  // them), and return those that are there.
  async lookForTheRest(paragraph, letters) {
    const rest = [];
    const left = (this.byParagraph.get(paragraph) ?? []).filter(({ state }) => state !== "match");
    for (const [length, passages] of longestFirst(left)) {
      await this.eachRun(letters, length, (start, hash) => {
        for (const passage of passages) {
          if (passage.sha256 === hash && passage.state !== "match") {
            Object.assign(passage, { state: "match", shift: start - passage.start });
            rest.push(passage);
          }
        }
        return passages.every(({ state }) => state === "match");
      });
    }
    return rest;
  }

  // Passages that the line has room for, and that were not found in it, differ.
  settle(paragraph, letters, origin) {
    for (const passage of this.byParagraph.get(paragraph) ?? []) {
      const inside = passage.start >= origin && passage.end - origin <= letters.length;
      if (passage.state === "missing" && (inside || letters.length >= this.source.paragraphs[paragraph - 1][1])) {
        passage.state = "differs";
      }
    }
  }

  // Whether any run of a line has the hash of a passage. The longest passages come first: their words stand in one place only.
  async anywhere(candidates) {
    for (const { letters, changes } of candidates) {
      for (const [length, passages] of this.cut ? [] : this.longest) {
        const found = await this.eachRun(letters, length, (_start, hash) =>
          passages.some((passage) => passage.sha256 === hash),
        );
        if (!found) continue;
        const { start, hash } = found;
        let known = false;
        for (const passage of passages.filter((each) => each.sha256 === hash)) {
          known = (await this.matches(passage.paragraph, letters, passage.start - start, changes)) || known;
        }
        if (known) return true;
      }
    }
    return false;
  }

  // Hand the place and the hash of every run of this length to `wanted`, until it returns true; return that run.
  async eachRun(letters, length, wanted) {
    for (let first = 0; first + length <= letters.length; first += TOGETHER) {
      const last = Math.min(first + TOGETHER, letters.length - length + 1);
      this.runs += last - first;
      if (this.runs > MOST_RUNS) {
        this.cut = true;
        return null;
      }
      const starts = Array.from({ length: last - first }, (_each, index) => first + index);
      const hashes = await Promise.all(starts.map((start) => letters.hash(start, start + length)));
      for (const [index, hash] of hashes.entries()) {
        if (wanted(starts[index], hash)) return { start: starts[index], hash };
      }
    }
    return null;
  }
}

// Passages by their length, the longest first.
function longestFirst(passages) {
  return [...groupBy(passages, ({ start, end }) => end - start)].sort(([one], [other]) => other - one);
}
