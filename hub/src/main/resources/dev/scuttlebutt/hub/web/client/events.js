import { Replica } from './replica.js'

/** An emitter whose events everybody hears once, latecomers too. `scuttlebutt/events` in the npm family. */
export class Events extends Replica {
  static type = 'events'

  /** Tells everybody: listeners of 'event' get (name, args, update). */
  say (name, ...args) {
    if (name === '__proto__') throw new TypeError('__proto__ cannot be the name of an event')
    this._write([name, ...args])
  }

  toJSON () {
    return this.history().map(update => update[0])
  }

  _merge (update) {
    const change = update[0]
    if (!Array.isArray(change) || typeof change[0] !== 'string' || change[0] === '__proto__') {
      throw new TypeError('an event is [name, argument, …]')
    }
    this._emitLater('event', change[0], change.slice(1), update)
    return true
  }
}
