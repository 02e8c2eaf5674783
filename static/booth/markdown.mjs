// The small part of Markdown that questions need: paragraphs, lists, bold, italics and links. Read into
// a tree of plain values; whatever is not understood stays as the text it is. Nothing becomes HTML.

/** @typedef {{ kind: "text", text: string }} Text */
/** @typedef {{ kind: "strong" | "em", content: Inline[] }} Emphasis */
/** @typedef {{ kind: "link", address: string, content: Inline[] }} Link */
/** @typedef {{ kind: "break" }} Break */
/** @typedef {Text | Emphasis | Link | Break} Inline */
/** @typedef {{ kind: "paragraph", content: Inline[] }} Paragraph */
/** @typedef {{ kind: "list", ordered: boolean, items: Inline[][] }} List */
/** @typedef {Paragraph | List} Block */

const BULLET = /^ {0,3}[-*+] +(.*)$/;
const NUMBER = /^ {0,3}[0-9]{1,9}[.)] +(.*)$/;

/**
 * @param {string} source
 * @returns {Block[]}
 */
export function parseMarkdown(source) {
  const chunks = source.replaceAll("\r\n", "\n").split(/\n[ \t]*\n/);
  return chunks.filter((chunk) => chunk.trim() !== "").flatMap(parseChunk);
}

/**
 * @param {string} chunk lines without an empty one among them
 * @returns {Block[]}
 */
function parseChunk(chunk) {
  /** @type {{ kind: "paragraph" | "bullets" | "numbers", lines: string[] }[]} */
  const groups = [];
  for (const line of chunk.split("\n").filter((each) => each.trim() !== "")) {
    const last = groups.at(-1);
    const [kind, text] = classify(line);
    if (kind === "paragraph" && last !== undefined) {
      // A line that goes on with the paragraph, or with the list's last item.
      last.lines.push(`${last.lines.pop()}\n${text}`);
    } else if (last?.kind === kind) {
      last.lines.push(text);
    } else {
      groups.push({ kind, lines: [text] });
    }
  }
  return groups.map(({ kind, lines }) =>
    kind === "paragraph"
      ? { kind, content: parseInline(lines[0]) }
      : { kind: "list", ordered: kind === "numbers", items: lines.map(parseInline) },
  );
}

/**
 * @param {string} line
 * @returns {["paragraph" | "bullets" | "numbers", string]}
 */
function classify(line) {
  const bullet = BULLET.exec(line);
  if (bullet !== null) return ["bullets", bullet[1].trim()];
  const number = NUMBER.exec(line);
  if (number !== null) return ["numbers", number[1].trim()];
  const hardBreak = / {2,}$/.test(line) ? "\\" : "";
  return ["paragraph", line.trim() + hardBreak];
}

const LINK = /^\[([^\]\n]+)\]\(([^()\s]+)\)/;
const ADDRESS = /^(?:https?:\/\/|mailto:)/i;
const MARKS = ["**", "__", "*", "_"];
const WORD = /[\p{L}\p{N}]/u;

/**
 * @param {string} text
 * @returns {Inline[]}
 */
function parseInline(text) {
  /** @type {Inline[]} */
  const content = [];
  let plain = "";
  let position = 0;
  while (position < text.length) {
    const found = inlineAt(text, position);
    if (found === null) {
      plain += text[position];
      position += 1;
      continue;
    }
    if (found.inline.kind === "text") {
      plain += found.inline.text;
    } else {
      if (plain !== "") content.push({ kind: "text", text: plain });
      plain = "";
      content.push(found.inline);
    }
    position = found.end;
  }
  if (plain !== "") content.push({ kind: "text", text: plain });
  return content;
}

/**
 * @param {string} text
 * @param {number} position
 * @returns {{ inline: Inline, end: number } | null} what begins there, unless it is an ordinary letter
 */
function inlineAt(text, position) {
  const rest = text.slice(position);
  if (rest[0] === "\n") return { inline: { kind: "text", text: " " }, end: position + 1 };
  if (rest[0] === "\\") return escapeAt(rest, position);
  if (rest[0] === "[") return linkAt(rest, position);
  const mark = MARKS.find((each) => rest.startsWith(each));
  return mark === undefined ? null : emphasisAt(text, position, mark);
}

/**
 * @param {string} rest
 * @param {number} position
 * @returns {{ inline: Inline, end: number } | null}
 */
function escapeAt(rest, position) {
  if (rest[1] === "\n") return { inline: { kind: "break" }, end: position + 2 };
  if (rest.length === 1) return { inline: { kind: "text", text: "" }, end: position + 1 };
  if (!/[!-/:-@[-`{-~]/.test(rest[1])) return null;
  return { inline: { kind: "text", text: rest[1] }, end: position + 2 };
}

/**
 * @param {string} rest
 * @param {number} position
 * @returns {{ inline: Inline, end: number } | null}
 */
function linkAt(rest, position) {
  const [whole, label, address] = LINK.exec(rest) ?? [];
  if (whole === undefined || !ADDRESS.test(address)) return null;
  const inline = /** @type {Link} */ ({ kind: "link", address, content: parseInline(label) });
  return { inline, end: position + whole.length };
}

/**
 * @param {string} text
 * @param {number} position
 * @param {string} mark
 * @returns {{ inline: Inline, end: number } | null}
 */
function emphasisAt(text, position, mark) {
  const start = position + mark.length;
  const inWord = mark[0] === "_";
  if (/\s/.test(text[start] ?? " ") || (inWord && WORD.test(text[position - 1] ?? ""))) return null;
  for (let end = text.indexOf(mark, start + 1); end > 0; end = text.indexOf(mark, end + 1)) {
    const after = text[end + mark.length] ?? "";
    // A single mark beside another of its kind belongs to a double one.
    const doubled = mark.length === 1 && (after === mark || text[end - 1] === mark);
    if (doubled || /\s/.test(text[end - 1]) || (inWord && WORD.test(after))) continue;
    const kind = mark.length === 2 ? "strong" : "em";
    const content = parseInline(text.slice(start, end));
    return { inline: { kind, content }, end: end + mark.length };
  }
  return null;
}
