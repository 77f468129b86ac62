import { Replica, isAfter } from './replica.js'

/** A map: the latest write of a key wins. `scuttlebutt/model` in the npm family. */
export class Model extends Replica {
  static type = 'model'
  #latest = new Map()

  /** Writes a key; null deletes it. */
  set (key, value) {
    if (key === '__proto__') throw new TypeError('__proto__ cannot be a key')
    this._write([key, value ?? null])
  }

  delete (key) {
    this.set(key, null)
  }

  /** The value, or undefined. */
  get (key) {
    return this.#latest.get(key)?.[0][1] ?? undefined
  }

  /** The update that wrote a key last, deletions too, or undefined. */
  winner (key) {
    return this.#latest.get(key)
  }

  keys () {
    return [...this.#latest.keys()].filter(key => this.get(key) !== undefined)
  }

  toJSON () {
    return Object.fromEntries(this.keys().map(key => [key, this.get(key)]))
  }

  _merge (update) {
    const change = update[0]
    if (!Array.isArray(change) || typeof change[0] !== 'string' || change[0] === '__proto__') {
      throw new TypeError('a change of a model is [key, value]')
    }
    const old = this.#latest.get(change[0])
    if (old && isAfter(old, update)) return false
    this.#latest.set(change[0], update)
    if (old) this._forget(old)
    return true
  }
}
