/** A text that runs something, asks for something, or becomes markup, where it is not shown as the text that it is. */
export interface Marker {
  readonly name: string;
  /** For the field with this number, which it names when it runs. */
  readonly text: (field: number) => string;
}

/** Asked for by nobody: a request to it says that a text became markup. */
const ELSEWHERE = "http://theorycheck.invalid";

export const MARKERS: readonly Marker[] = [
  { name: "script", text: (field) => `<script>alert(${field})</script>` },
  { name: "image that is not there", text: (field) => `<img src=x${field} onerror=alert(${field})>` },
  {
    name: "end of an attribute",
    text: (field) => `" autofocus tabindex=0 onfocus=alert(${field}) onmouseover='alert(${field})' x="'`,
  },
  {
    name: "end of a style, a title and a comment",
    text: (field) => `</style></title></textarea>--><svg onload=alert(${field})>`,
  },
  { name: "frame", text: (field) => `<iframe srcdoc="&lt;script&gt;parent.alert(${field})&lt;/script&gt;"></iframe>` },
  { name: "link that is a script", text: (field) => `[x](javascript:alert(${field})) javascript:alert(${field})` },
  {
    name: "picture and style from elsewhere",
    text: (field) => `<img src=${ELSEWHERE}/${field}><style>*{background:url(${ELSEWHERE}/${field})}</style>`,
  },
  {
    name: "TeX",
    text: (field) => `\\href{javascript:alert(${field})}{x}\\input{/etc/passwd}$\\url{${ELSEWHERE}/${field}}$`,
  },
];

/** Whether what was found names the field with this number. */
export function namesField(found: string, field: number): boolean {
  return new RegExp(`(?:alert\\(|theorycheck\\.invalid/|/x)${field}\\b`).test(found);
}

/** What of a page is a marker that became markup, as the page's own DOM says it; runs in the page. */
export function markersInDom(): readonly string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.tagName.toLowerCase();
    for (const { name: attribute, value } of element.attributes) {
      if (attribute.startsWith("on") && value.includes("alert(")) found.push(`${attribute} of ${name}: ${value}`);
      if (
        /^(?:xlink:)?href$|^src$|^action$/.test(attribute) &&
        /^\s*(?:javascript:|(?:https?:)?\/\/theorycheck\.invalid)/i.test(value)
      ) {
        found.push(`${attribute} of ${name}: ${value}`);
      }
      if (attribute === "srcdoc" && value.includes("alert(")) found.push(`a frame: ${value}`);
    }
    if (/^(?:script|style)$/.test(name) && /alert\(\d+\)<\/|theorycheck\.invalid/.test(element.textContent ?? ""))
      found.push(`in a ${name}`);
    if (name === "script" && /^alert\(\d+\)$/.test(element.textContent ?? ""))
      found.push(`a script: ${element.textContent}`);
  }
  return found;
}

/** What of a report in Markdown or TeX is a marker that is not escaped. */
export function markersInText(file: string, text: string): readonly string[] {
  const patterns = file.endsWith(".tex")
    ? [/(?<!\\)\\(?:input|href|url)\b/]
    : file.endsWith(".md")
      ? [/(?<!\\)(?:\\\\)*<(?:script|img|svg|iframe|style)\b/i, /(?<!\\)\[x\]\(javascript:/i]
      : [];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(
      ({ index }) => `${file} has ${text.slice(index, index + 50).split(/[\n|]/, 1)}`,
    ),
  );
}
