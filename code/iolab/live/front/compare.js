// How two texts differ, line by line.

const MOST = 2000; // lines; the table of the longest common subsequence grows with the square

/* [[line, common], …] for each of both texts, where `common` says whether the other has the line too. */
export function differing(left, right) {
  const a = lines(left),
    b = lines(right);
  if (a.length > MOST || b.length > MOST) return [a.map((line) => [line, false]), b.map((line) => [line, false])];
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i][j] = a[i] === b[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const common = [new Set(), new Set()];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) (common[0].add(i++), common[1].add(j++));
    else if (longest[i + 1][j] >= longest[i][j + 1]) i++;
    else j++;
  }
  return [a.map((line, at) => [line, common[0].has(at)]), b.map((line, at) => [line, common[1].has(at)])];
}

export function same(left, right) {
  return lines(left).join("\n") === lines(right).join("\n");
}

function lines(text) {
  return text
    .replace(/\x1b\[[\d;]*m/g, "")
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}
