// What makes one list of lines out of another.

// Beyond so many differences what lies between the first and the last is replaced as a whole.
const MAX_EDITS = 400

/**
 * Returns the parts to replace, as { at, count, values }, from the end to the beginning, so that each place is right when its
 * turn comes. Myers' algorithm: as few lines as possible are touched, in a time that grows with their number.
 */
export function hunks (before, after) {
  let start = 0
  const shorter = Math.min(before.length, after.length)
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const a = before.slice(start, before.length - end)
  const b = after.slice(start, after.length - end)
  if (a.length === 0 && b.length === 0) return []
  const common = a.length === 0 || b.length === 0 ? [] : pairs(a, b)
  const found = []
  let [i, j] = [0, 0]
  for (const [x, y] of [...common, [a.length, b.length]]) {
    if (x > i || y > j) found.unshift({ at: start + i, count: x - i, values: b.slice(j, y) })
    i = x + 1
    j = y + 1
  }
  return found
}

/** The places of what both have, in ascending order; nothing when they differ too much. */
function pairs (a, b) {
  // For each number of edits how far one gets on each diagonal; from the last one the way back is found.
  const trails = []
  let reach = new Map([[1, 0]])
  for (let edits = 0; edits <= Math.min(MAX_EDITS, a.length + b.length); edits++) {
    trails.push(reach)
    const next = new Map()
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(reach, diagonal, edits) ? reach.get(diagonal + 1) : reach.get(diagonal - 1) + 1
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++
      next.set(diagonal, x)
      if (x >= a.length && x - diagonal >= b.length) return wayBack(trails, a.length, b.length)
    }
    reach = next
  }
  return []
}

function isDown (reach, diagonal, edits) {
  return diagonal === -edits || (diagonal !== edits && reach.get(diagonal - 1) < reach.get(diagonal + 1))
}

function wayBack (trails, lengthA, lengthB) {
  const found = []
  let [x, y] = [lengthA, lengthB]
  for (let edits = trails.length - 1; edits >= 0; edits--) {
    const reach = trails[edits]
    const diagonal = x - y
    const from = isDown(reach, diagonal, edits) ? diagonal + 1 : diagonal - 1
    const startX = edits === 0 ? 0 : reach.get(from)
    const startY = edits === 0 ? 0 : startX - from
    while (x > startX && y > startY) found.unshift([--x, --y])
    x = startX
    y = startY
  }
  return found
}
