// The booth's own reasoning, without a browser: codes as typed, Markdown, the order of names, papers.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { NetworkError, RefusedError, withRetries } from "../../static/booth/api.mjs";
import { encrypt } from "../../static/booth/ballot.mjs";
import { readCode } from "../../static/booth/code.mjs";
import { toHex, toUtf8 } from "../../static/booth/encoding.mjs";
import { parseMarkdown } from "../../static/booth/markdown.mjs";
import { drawnOrder } from "../../static/booth/order.mjs";
import * as papers from "../../static/booth/paper.mjs";
import { groups, verifyReceipt } from "../../static/booth/receipt.mjs";
import { sha256 } from "../../static/booth/sodium.mjs";
import { VerifierKey } from "../../static/booth/tlog/note.mjs";
import { Words } from "../../static/booth/words.mjs";

const CODE = "AAAAA-BBBBBB-CCCCC-DDDDDD";

describe("a code as people type it", () => {
  for (const typed of [
    CODE,
    ` ${CODE}\n`,
    "AAAAABBBBBBCCCCCDDDDDD",
    "AAAAA BBBBBB CCCCC DDDDDD",
    "AAAAA–BBBBBB—CCCCC−DDDDDD",
    "AAAAA.BBBBBB_CCCCC\u00a0DDDDDD",
  ]) {
    test(`is read: ${JSON.stringify(typed)}`, () => {
      assert.deepEqual(readCode(typed), { code: CODE });
    });
  }
  test("is explained when it is wrong", () => {
    assert.deepEqual(readCode(" - "), { fault: "empty" });
    assert.deepEqual(readCode("AAAAA"), { fault: "length", count: 5 });
    assert.deepEqual(readCode(`${CODE}0Ol0`), { fault: "letters", letters: "0 O l" });
    assert.deepEqual(readCode("é"), { fault: "letters", letters: "é" });
    assert.deepEqual(readCode("😀"), { fault: "letters", letters: "😀" });
  });
});

describe("Markdown", () => {
  const text = (/** @type {string} */ of) => ({ kind: "text", text: of });
  const paragraph = (/** @type {any[]} */ ...content) => ({ kind: "paragraph", content });
  /** @type {[string, string, unknown[]][]} */
  const cases = [
    ["paragraphs", "One\ntwo\n\nthree", [paragraph(text("One two")), paragraph(text("three"))]],
    [
      "bold and italics",
      "a **b** *c* _d_ __e__",
      [
        paragraph(
          text("a "),
          { kind: "strong", content: [text("b")] },
          text(" "),
          { kind: "em", content: [text("c")] },
          text(" "),
          { kind: "em", content: [text("d")] },
          text(" "),
          { kind: "strong", content: [text("e")] },
        ),
      ],
    ],
    [
      "italics in bold",
      "**a *b* c**",
      [
        paragraph({
          kind: "strong",
          content: [text("a "), { kind: "em", content: [text("b")] }, text(" c")],
        }),
      ],
    ],
    [
      "signs that mean themselves",
      "2 * 3 * 4, snake_case_name, 5*",
      [paragraph(text("2 * 3 * 4, snake_case_name, 5*"))],
    ],
    ["escapes", "\\*a\\* \\q", [paragraph(text("*a* \\q"))]],
    ["a hard break", "a  \nb", [paragraph(text("a"), { kind: "break" }, text("b"))]],
    [
      "a list after a line",
      "Why:\n- **For:** x\n- y\n  goes on",
      [
        paragraph(text("Why:")),
        {
          kind: "list",
          ordered: false,
          items: [[{ kind: "strong", content: [text("For:")] }, text(" x")], [text("y goes on")]],
        },
      ],
    ],
    [
      "a numbered list",
      "1. a\n2. b",
      [{ kind: "list", ordered: true, items: [[text("a")], [text("b")]] }],
    ],
    [
      "links of the safe kinds",
      "[a](https://example.org/x) [b](mailto:a@example.org)",
      [
        paragraph(
          { kind: "link", address: "https://example.org/x", content: [text("a")] },
          text(" "),
          { kind: "link", address: "mailto:a@example.org", content: [text("b")] },
        ),
      ],
    ],
    [
      "other links as text",
      "[a](javascript:alert(1)) [b](data:text/html,x) [c](/console)",
      [paragraph(text("[a](javascript:alert(1)) [b](data:text/html,x) [c](/console)"))],
    ],
    [
      "HTML as text",
      "<b>a</b><img src=x onerror=alert(1)>",
      [paragraph(text("<b>a</b><img src=x onerror=alert(1)>"))],
    ],
    ["nothing", " \n\n ", []],
  ];
  for (const [name, source, expected] of cases) {
    test(name, () => assert.deepEqual(parseMarkdown(source), expected));
  }
  test("anything at all is read in time", () => {
    const rubbish = `${"*".repeat(2000)}${"[".repeat(2000)}${"_a".repeat(2000)}`;
    const start = performance.now();
    parseMarkdown(rubbish);
    assert.ok(performance.now() - start < 2000);
  });
});

test("names are sorted by their hash with the definition and the question", () => {
  const people = ["ada", "bo", "cy", "di"].map((id) => ({ id }));
  const order = drawnOrder(people, "00ff", "board").map(({ id }) => id);
  const keys = order.map((id) => toHex(sha256(`00ff|board|${id}`)));
  assert.deepEqual(keys, [...keys].sort());
  assert.deepEqual([...order].sort(), ["ada", "bo", "cy", "di"]);
  assert.deepEqual(
    drawnOrder([...people].reverse(), "00ff", "board").map(({ id }) => id),
    order,
  );
});

describe("a ballot paper", () => {
  const vectors = JSON.parse(
    readFileSync(new URL("../vectors/election.json", import.meta.url), "utf8"),
  );
  const definition = toUtf8(
    JSON.stringify({
      ballots: [{ id: "main", title: { en: "Main" } }, { id: "other" }],
      questions: [
        { id: "accounts", ballot: "main", type: "resolution", title: { en: "Accounts" } },
        { id: "later", ballot: "other", type: "resolution", title: { en: "Later" } },
        {
          id: "board",
          ballot: "main",
          type: "election",
          title: { en: "Board" },
          seats: 1,
          max_choices: 2,
          candidates: [
            { id: "a", name: "A" },
            { id: "b", name: "B" },
            { id: "c", name: "C" },
          ],
        },
      ],
    }),
  );
  const hash = toHex(sha256(definition));
  const template = JSON.parse(vectors.election.election);
  const election = (/** @type {object} */ changes = {}) =>
    toUtf8(
      JSON.stringify({
        ...template,
        description: `sha256:${hash}`,
        questions: [
          { answers: ["for", "against", "abstain"], min: 1, max: 1, question: "accounts" },
          { answers: ["a", "b", "c"], blank: true, min: 0, max: 2, question: "board" },
        ],
        ...changes,
      }),
    );
  const entitlement = /** @type {const} */ ({
    ballot: "main",
    uuid: template.uuid,
    state: "open",
    voted: false,
  });
  const times = { opens: "2026-01-01T00:00:00Z", closes: "2026-01-02T00:00:00Z" };
  const paper = papers.joinPaper(definition, entitlement, times, election());

  test("joins the agenda and the election", () => {
    assert.deepEqual(
      paper.questions.map(({ id, type, max, blank }) => ({ id, type, max, blank })),
      [
        { id: "accounts", type: "resolution", max: 1, blank: false },
        { id: "board", type: "election", max: 2, blank: true },
      ],
    );
    assert.deepEqual(paper.title, { en: "Main" });
  });

  /** @type {[string, object][]} */
  const others = [
    ["another agenda", { description: `sha256:${"0".repeat(64)}` }],
    ["another election", { uuid: "AnotherELection" }],
    ["a question left out", { questions: template.questions.slice(0, 1) }],
    [
      "answers in another order",
      {
        questions: [
          { answers: ["against", "for", "abstain"], min: 1, max: 1, question: "accounts" },
          { answers: ["a", "b", "c"], blank: true, min: 0, max: 2, question: "board" },
        ],
      },
    ],
    [
      "another candidate",
      {
        questions: [
          { answers: ["for", "against", "abstain"], min: 1, max: 1, question: "accounts" },
          { answers: ["a", "b", "d"], blank: true, min: 0, max: 2, question: "board" },
        ],
      },
    ],
  ];
  for (const [defect, changes] of others) {
    test(`is refused: ${defect}`, () => {
      assert.throws(() => papers.joinPaper(definition, entitlement, times, election(changes)), {
        code: "other-agenda",
      });
    });
  }

  test("becomes the ballot's answers, in the order of the election", () => {
    /** @type {papers.Choices} */
    const choices = new Map([
      ["accounts", new Set(["against"])],
      ["board", new Set(["c", "a"])],
    ]);
    assert.deepEqual(papers.unanswered(paper, choices), []);
    assert.deepEqual(papers.answersOf(paper, choices), [
      [0, 1, 0],
      [0, 1, 0, 1],
    ]);
    assert.ok(encrypt(election(), CODE, papers.answersOf(paper, choices)));
  });

  test("left open is abstained from, or blank", () => {
    /** @type {papers.Choices} */
    const choices = new Map();
    assert.equal(papers.unanswered(paper, choices).length, 2);
    papers.abstainFromTheRest(paper, choices);
    assert.deepEqual(papers.answersOf(paper, choices), [
      [0, 0, 1],
      [1, 0, 0, 0],
    ]);
    const board = paper.questions[1];
    assert.equal(papers.spare(board, papers.chosen(choices, board)), 0);
    assert.equal(papers.spare(board, new Set(["a"])), 1);
  });
});

describe("a receipt", () => {
  const vectors = JSON.parse(
    readFileSync(new URL("../vectors/tlog.json", import.meta.url), "utf8"),
  );
  const key = VerifierKey.parse(vectors.log.vkey);

  test("that is genuine, but of an entry that is no ballot, is refused", () => {
    const accepted = vectors.proofs.accepted.filter((/** @type {any} */ item) => item.entry !== "");
    for (const { proof } of accepted) {
      assert.throws(() => verifyReceipt(Buffer.from(proof, "base64"), toUtf8("ballot"), key));
    }
  });

  test("is shown in groups", () => {
    assert.deepEqual(groups("abcdefghij"), ["abcd", "efgh", "ij"]);
    assert.deepEqual(groups(""), []);
  });
});

describe("words", () => {
  const strings = {
    hello: "Good day, {name}",
    count: ["{n} of {max} chosen (one)", "{n} of {max} chosen (more)"],
  };
  test("fill in and agree in number, as each language does", () => {
    const english = new Words("en", ["fr"], strings);
    const french = new Words("fr", ["fr"], strings);
    assert.equal(english.t("hello", { name: "{n} $& Ada" }), "Good day, {n} $& Ada");
    assert.match(english.n("count", 0, { max: 5 }), /^0 of 5 chosen \(more\)$/);
    assert.match(french.n("count", 0, { max: 5 }), /\(one\)$/);
    assert.match(french.n("count", 1234, { max: 5000 }), /^1.234 of 5.000/);
    assert.throws(() => english.t("missing"));
  });
  test("say a text in the reader's language, or name the language it is in", () => {
    const dutch = new Words("nl", ["fr", "en"], strings);
    assert.deepEqual(dutch.say({ fr: "a", nl: "b" }), { text: "b", lang: null });
    assert.deepEqual(dutch.say({ en: "c", fr: "a" }), { text: "a", lang: "fr" });
  });
  test("tell the time where the assembly is", () => {
    const english = new Words("en", ["en"], strings);
    const time = "2026-11-26T15:45:00+00:00";
    const said = "Thursday, 26 November 2026 at 16:45";
    assert.equal(english.moment(time, "Europe/Brussels", "Europe/Paris"), said);
    assert.equal(
      english.moment(time, "Europe/Brussels", "Asia/Tokyo"),
      `${said} (Central European Time)`,
    );
  });
});

describe("the network", () => {
  test("is tried again while it is away, and no longer", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    let attempts = 0;
    let retries = 0;
    const failing = withRetries(
      async () => {
        attempts += 1;
        throw attempts === 2 ? new RefusedError(503, "busy", "Busy.") : new NetworkError("away");
      },
      () => {
        retries += 1;
        setImmediate(() => context.mock.timers.runAll());
      },
    );
    await assert.rejects(failing, { name: "NetworkError" });
    assert.deepEqual([attempts, retries], [3, 2]);
  });
  test("is not asked again when the answer is no", async () => {
    let attempts = 0;
    const refused = withRetries(
      async () => {
        attempts += 1;
        throw new RefusedError(403, "closed", "Closed.");
      },
      () => assert.fail("tried again"),
    );
    await assert.rejects(refused, { code: "closed" });
    assert.equal(attempts, 1);
  });
});

/**
 * @param {string} folder
 * @returns {string} the source of every module in it, and in its folders
 */
function sources(folder) {
  const place = fileURLToPath(new URL(`../../static/${folder}/`, import.meta.url));
  const names = readdirSync(place, { recursive: true, encoding: "utf8" });
  const modules = names.filter((name) => name.endsWith(".mjs"));
  return modules.map((name) => readFileSync(join(place, name), "utf8")).join("\n");
}

for (const folder of ["booth", "trustee"]) {
  test(`the strings of templates/${folder} are those that static/${folder} asks for`, () => {
    const files = folder === "booth" ? ["_strings", "_proxies"] : ["_strings"];
    const read = (/** @type {string} */ name) =>
      readFileSync(new URL(`../../templates/${folder}/${name}.html`, import.meta.url), "utf8");
    const template = files.map(read).join("\n");
    const keys = [...template.matchAll(/^ {2}"(\w+)":/gm)].map(([, key]) => key);
    const own = sources(folder);
    // The trustee's page shows messages, and turns into other languages, as the booth does.
    const all = folder === "booth" ? own : own + sources("booth");
    const made = [...all.matchAll(/`(\w*_)\$\{\w+\}`/g)].map(([, prefix]) => prefix);
    for (const key of keys) {
      const isMade = made.some((prefix) => key.startsWith(prefix)) || key.endsWith("_note");
      assert.ok(all.includes(`"${key}"`) || isMade, `"${key}" is not used`);
    }
    for (const [, key] of own.matchAll(/words\.[tn]\(\s*"(\w+)"/g)) {
      assert.ok(keys.includes(key), `"${key}" is missing`);
    }
  });
}
