// One copy of a data type: the part that all types share.
//
// An update is the array [change, timestamp, source] as it stands on the wire. A replica applies an update once, in
// ascending order per source, and keeps those that others may still need.

/** Returns a new random id for a replica. */
export function randomId () {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('').toUpperCase()
}

const DAY = 86400000
// Doubles of today's size lie 2^-12 apart until 2039 and 2^-11 after; this step is visible in both.
const STEP = 2 ** -11

function now () {
  return performance.timeOrigin + performance.now()
}

/** Tells whether update a wins over update b: later, or as late and from the greater source. */
export function isAfter (a, b) {
  return a[1] !== b[1] ? a[1] > b[1] : a[2] > b[2]
}

function byTime (a, b) {
  return a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0)
}

function isUpdate (message) {
  return Array.isArray(message) && Number.isFinite(message[1]) && typeof message[2] === 'string' &&
    message[2] !== '__proto__'
}

/** A set of listeners by name. */
export class Emitter {
  #listeners = new Map()

  /** Calls the listener whenever this happens; returns a function that ends it. */
  on (name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set())
    this.#listeners.get(name).add(listener)
    return () => this.#listeners.get(name).delete(listener)
  }

  emit (name, ...args) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(...args)
      } catch (failure) {
        // A listener must not keep an update from the others.
        queueMicrotask(() => { throw failure })
      }
    }
  }
}

/**
 * The base of all types. A type implements `_merge(update)`, which returns true to keep the update, and throws when the
 * change is malformed, before it has changed anything. It calls `_forget` for what was superseded.
 *
 * Events: `update` (update, session) after each that was applied, `change` when the visible state may have changed,
 * `invalid` (update, reason).
 */
export class Replica extends Emitter {
  #clock = new Map()
  #kept = new Set()
  #floor = 0
  #queue = []
  #telling = false

  /** @param {{id?: string, now?: () => number}} [options] */
  constructor (options = {}) {
    super()
    this.id = options.id ?? randomId()
    if (this.id === '__proto__') throw new TypeError('__proto__ cannot be an id')
    this._now = options.now ?? now
  }

  /** What has been seen, as an object: source → latest timestamp. */
  clock () {
    return Object.fromEntries(this.#clock)
  }

  /** The latest timestamp seen from a source, or -Infinity. */
  latest (source) {
    return this.#clock.get(source) ?? -Infinity
  }

  /** The updates kept that a replica with this clock (a Map) lacks, by timestamp, then source. */
  history (since = new Map()) {
    const lacking = []
    for (const update of this.#kept) {
      if (update[1] > (since.get(update[2]) ?? -Infinity)) lacking.push(update)
    }
    return lacking.sort(byTime)
  }

  /** How many updates are kept. */
  get size () {
    return this.#kept.size
  }

  /** Hands in an update from elsewhere; returns 'applied', 'ignored', 'stale' or 'invalid'. */
  apply (update, session = null) {
    if (!isUpdate(update)) return 'invalid'
    const [, timestamp, source] = update
    if (timestamp <= this.latest(source)) return 'stale'
    let keep
    try {
      keep = this._merge(update)
    } catch (malformed) {
      this.#tell('invalid', update, malformed.message)
      return 'invalid'
    }
    this.#clock.set(source, timestamp)
    // What is above the clock of this machine by more than a day was not written by an honest one.
    if (timestamp > this.#floor && timestamp < this._now() + DAY) this.#floor = timestamp
    if (!keep) return 'ignored'
    this.#kept.add(update)
    this.#tell('update', update, session)
    this.#tell('change')
    return 'applied'
  }

  /** Makes a change here. */
  _write (change) {
    // A copy: what the caller does with its objects later must not change what was said.
    const copy = JSON.parse(JSON.stringify(change))
    const update = [copy, Math.max(this._now(), this.#floor + STEP, this.latest(this.id) + STEP), this.id]
    const outcome = this.apply(update)
    if (outcome === 'invalid') throw new TypeError('the change is malformed')
    return update
  }

  _forget (update) {
    this.#kept.delete(update)
  }

  // A listener that writes is told of its own change after everybody has heard of the one before it.
  #tell (...event) {
    this.#queue.push(event)
    if (this.#telling) return
    this.#telling = true
    try {
      while (this.#queue.length) this.emit(...this.#queue.shift())
    } finally {
      this.#telling = false
    }
  }

  _emitLater (...event) {
    this.#tell(...event)
  }
}

/** Counts which updates still matter: an update goes when the last thing it says has been overwritten. */
export class References {
  #counts = new Map()
  #forget

  constructor (forget) {
    this.#forget = forget
  }

  add (update) {
    this.#counts.set(update, (this.#counts.get(update) ?? 0) + 1)
  }

  release (update) {
    const left = this.#counts.get(update) - 1
    if (left > 0) {
      this.#counts.set(update, left)
    } else {
      this.#counts.delete(update)
      this.#forget(update)
    }
  }
}
