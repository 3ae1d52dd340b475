// Why a cell failed that only lacks what an earlier one makes.

/* The name that a NameError misses, or null. */
export function missing({ name, message }) {
  return name === "NameError" ? (/'([^']+)'/.exec(message)?.[1] ?? null) : null;
}

/* The last of `cells`, none of which has run, that makes `name`; null if none does. */
export function maker(name, cells) {
  return cells.findLast((cell) => makes(cell.text, name)) ?? null;
}

function makes(code, name) {
  const word = name.replace(/[$]/g, "\\$&");
  return [
    String.raw`^\s*(?:async\s+)?(?:def|class)\s+${word}\b`,
    String.raw`^\s*(?:from\s.*\s)?import\s(?:.*[\s,(])?${word}\s*(?:$|[,)#])`,
    String.raw`^\s+${word},?\s*$`,
    String.raw`^[^=#(]*(?<![.\w])${word}\b[^=#()]*=(?!=)`,
    String.raw`\bas\s+\(?(?:[\w, ]*[ ,])?${word}\b`,
    String.raw`\bfor\s(?:.*[\s,(])?${word}\b.*\bin\b`,
    String.raw`\b${word}\s*:=`,
  ].some((pattern) => new RegExp(pattern, "m").test(code));
}
