// Keys that give items of a sequence their places: any string between two others, in the order of UTF-16 units.
//
// The originals can hang when a key is not of a certain kind (over 65 characters, not beginning with ~, not ending in !), so
// only such keys are made here. A run of items put in one after the other shares a root and counts, so that keys grow with
// the logarithm of the number of items and two people's runs do not mix.

const ALPHABET = '!0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~'
const RANK = new Map([...ALPHABET].map((char, rank) => [char, rank]))
const TOP = ALPHABET.length - 1
const DIGITS = TOP - 1
const ZERO = 32

/** The shortest string between two, as the original's library makes it; null where it would search for ever. */
export function between (a, b) {
  const limit = Math.max(a.length, b.length) + 3
  let s = ''
  for (let i = 0; i < limit; i++) {
    const x = RANK.get(a[i]) ?? 0
    const y = RANK.get(b[i]) ?? TOP
    s += ALPHABET[x + 1 < y ? Math.round((x + y) / 2) : x]
    if (a < s && s < b && !s.endsWith('!')) return s
  }
  return null
}

function tail () {
  const random = crypto.getRandomValues(new Uint32Array(4))
  return Array.from(random, value => ALPHABET[1 + value % DIGITS]).join('')
}

// An order-preserving code of a whole number: one character from -15 to 15, otherwise a character that tells how many
// digits follow.
export function encode (value) {
  if (value >= -15 && value <= 15) return ALPHABET[ZERO + value]
  const negative = value < 0
  let rest = negative ? -16 - value : value - 16
  let length = 1
  for (let room = DIGITS; rest >= room; room *= DIGITS) {
    rest -= room
    length++
  }
  let digits = ''
  for (let i = 0; i < length; i++) {
    const digit = rest % DIGITS
    digits = ALPHABET[1 + (negative ? DIGITS - 1 - digit : digit)] + digits
    rest = Math.floor(rest / DIGITS)
  }
  return ALPHABET[negative ? 17 - length : 47 + length] + digits
}

function rootBetween (low, high) {
  // Neighbours that are not of our kind may leave no room of our kind: then anything between must do.
  const middle = between(low ?? '!', high ?? '~')
  if (middle !== null) {
    const root = middle + tail()
    if ((low === null || low < root) && (high === null || root < high)) return root
  }
  for (const filler of ['', '!', '\u0000']) {
    const root = (low ?? '') + filler + tail()
    if ((low === null || low < root) && (high === null || root + '~' < high)) return root
  }
  throw new RangeError(`there is no key between ${low} and ${high}`)
}

/** One key between two others, null for an end. */
export function keyBetween (low, high) {
  return rootBetween(low, high) + encode(0)
}

/** Makes keys for one replica, which remembers where it is at work. */
export class KeyMaker {
  #root = null
  #first = 0
  #last = 0

  /** Makes `count` keys in ascending order between two; `taken(key)` tells which cannot be had. */
  make (low, high, count, taken) {
    const keys = []
    if (this.#root !== null && low?.startsWith(this.#root) && !high?.startsWith(this.#root)) {
      this.#upwards(low, high, count, taken, keys)
    } else if (this.#root !== null && high?.startsWith(this.#root) && !low?.startsWith(this.#root)) {
      this.#downwards(low, high, count, taken, keys)
    }
    if (keys.length < count) {
      const from = keys.at(-1) ?? low
      this.#root = rootBetween(from, high)
      this.#first = 0
      this.#last = -1
      this.#upwards(null, high, count - keys.length, taken, keys)
    }
    return keys
  }

  #upwards (low, high, count, taken, keys) {
    while (keys.length < count) {
      const key = this.#root + encode(++this.#last)
      if (high !== null && key >= high) return
      if ((low === null || key > low) && !taken(key)) keys.push(key)
    }
  }

  #downwards (low, high, count, taken, keys) {
    const made = []
    const before = this.#first
    while (made.length < count) {
      const key = this.#root + encode(--this.#first)
      if (low !== null && key <= low) {
        this.#first = before
        return
      }
      if (key < high && !taken(key)) made.unshift(key)
    }
    keys.push(...made)
  }
}
