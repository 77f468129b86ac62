import { Replica, References, isAfter } from './replica.js'
import { KeyMaker } from './keys.js'

/**
 * A sequence of values. `r-array` in the npm family: a map from keys, whose order is that of the items, to values; null
 * takes an item out.
 */
export class RArray extends Replica {
  static type = 'array'
  #winners = new Map()
  #keys = []
  #references = new References(update => this._forget(update))
  #maker = new KeyMaker()

  get length () {
    return this.#keys.length
  }

  /** The keys of the items, in their order. */
  keys () {
    return [...this.#keys]
  }

  at (index) {
    return this.#value(this.#keys[index])
  }

  toJSON () {
    return this.#keys.map(key => this.#value(key))
  }

  /** The update that wrote a key last, or undefined. */
  winner (key) {
    return this.#winners.get(key)
  }

  /** Writes a key, whose item keeps its place; null takes it out. */
  set (key, value) {
    if (typeof key !== 'string' || key === '__proto__') throw new TypeError(`${key} cannot be a key`)
    this._write({ [key]: value ?? null })
  }

  /** Takes the item at a key out, if there is one. */
  unset (key) {
    if (this.#keys[this.indexOfKey(key)] === key) this.set(key, null)
  }

  push (...values) {
    this.splice(this.length, 0, ...values)
  }

  /** Takes items out and puts others in at their place, all in one update. */
  splice (index, count, ...values) {
    const at = Math.max(0, Math.min(index, this.length))
    const gone = this.#keys.slice(at, at + Math.max(0, count))
    if (gone.length === 0 && values.length === 0) return
    if (values.some(value => value === null || value === undefined)) throw new TypeError('null cannot be an item')
    const low = this.#keys[at - 1] ?? null
    const high = this.#keys[at + gone.length] ?? null
    // Between the neighbours that stay. Those that go leave their keys behind, which are never used again.
    const keys = this.#maker.make(low, high, values.length, key => this.#winners.has(key))
    const change = {}
    for (const key of gone) change[key] = null
    keys.forEach((key, i) => { change[key] = values[i] })
    this._write(change)
  }

  /**
   * Moves an item so that it comes to be at an index, in one update. It gets another key: of two who move the same item at
   * the same time each gets one.
   */
  move (from, to) {
    if (!(from in this.#keys) || !(to in this.#keys)) throw new RangeError(`there is no item ${from} or no place ${to}`)
    if (from === to) return
    const key = this.#keys[from]
    const others = this.#keys.filter((other, i) => i !== from)
    const [target] = this.#maker.make(others[to - 1] ?? null, others[to] ?? null, 1, taken => this.#winners.has(taken))
    this._write({ [key]: null, [target]: this.#value(key) })
  }

  // Replaces items in their places, all in one update: parts as { at, count, values }, from the end to the beginning.
  _replaceAll (parts) {
    const change = {}
    for (const { at, count, values } of parts) {
      if (values.some(value => value === null || value === undefined)) throw new TypeError('null cannot be an item')
      const present = this.#keys.slice(at, at + count)
      present.forEach((key, i) => { change[key] = values[i] ?? null })
      const more = values.slice(count)
      const low = this.#keys[at + count - 1] ?? null
      const high = this.#keys[at + count] ?? null
      const keys = this.#maker.make(low, high, more.length, key => this.#winners.has(key) || key in change)
      keys.forEach((key, i) => { change[key] = more[i] })
    }
    if (Object.keys(change).length > 0) this._write(change)
  }

  /** How many items lie below a key. */
  indexOfKey (key) {
    let [from, to] = [0, this.#keys.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#keys[middle] < key) from = middle + 1
      else to = middle
    }
    return from
  }

  _merge (update) {
    const change = update[0]
    if (change === null || typeof change !== 'object' || Array.isArray(change)) {
      throw new TypeError('a change of a sequence is an object')
    }
    let won = false
    for (const key of Object.keys(change)) {
      const old = this.#winners.get(key)
      if (key === '__proto__' || (old && isAfter(old, update))) continue
      const was = old !== undefined && old[0][key] !== null
      this.#winners.set(key, update)
      this.#references.add(update)
      if (old) this.#references.release(old)
      this.#show(key, was, change[key] !== null)
      won = true
    }
    return won
  }

  #show (key, was, is) {
    const at = this.indexOfKey(key)
    if (is && !was) this.#keys.splice(at, 0, key)
    if (was && !is) this.#keys.splice(at, 1)
  }

  #value (key) {
    return this.#winners.get(key)?.[0][key]
  }
}

/** A text: a sequence of UTF-16 units. `r-string` in the npm family. */
export class RString extends RArray {
  static type = 'string'

  text () {
    return this.toJSON().join('')
  }

  toString () {
    return this.text()
  }

  /** Puts a string in at a place, counted in UTF-16 units. */
  insert (offset, string) {
    this.replace(offset, 0, string)
  }

  /** Takes units out and puts a string in at their place, in one update. */
  replace (offset, count, string) {
    const from = this.#itemAt(offset)
    const to = this.#itemAt(offset + count)
    this.splice(from, to - from, ...string.split(''))
  }

  /** Makes the text equal to this one, by changing what lies between the common beginning and the common end. */
  update (wanted) {
    const current = this.text()
    if (wanted === current) return
    let start = 0
    const shorter = Math.min(current.length, wanted.length)
    while (start < shorter && current[start] === wanted[start]) start++
    let end = 0
    while (end < shorter - start && current[current.length - 1 - end] === wanted[wanted.length - 1 - end]) end++
    // A pair of surrogates stays together.
    if (isHigh(current[start - 1]) || isHigh(wanted[start - 1])) start--
    if (end > 0 && isLow(current[current.length - end])) end--
    this.replace(start, current.length - start - end, wanted.slice(start, wanted.length - end))
  }

  /** The key right before a place, to find the place again after changes of others; null for the beginning. */
  anchor (offset) {
    const item = this.#itemAt(offset)
    return item === 0 ? null : this.keys()[item - 1]
  }

  /** The place right behind a key, or where it was. */
  offsetOf (anchor) {
    if (anchor === null) return 0
    let index = this.indexOfKey(anchor)
    if (this.keys()[index] === anchor) index++
    let offset = 0
    for (let i = 0; i < index; i++) offset += String(this.at(i)).length
    return offset
  }

  // Others may put in items of any length.
  #itemAt (offset) {
    let at = 0
    for (let item = 0; item < this.length; item++) {
      if (at >= offset) return item
      at += String(this.at(item)).length
    }
    return this.length
  }
}

function isHigh (char) {
  return char !== undefined && char >= '\ud800' && char < '\udc00'
}

function isLow (char) {
  return char !== undefined && char >= '\udc00' && char < '\ue000'
}
