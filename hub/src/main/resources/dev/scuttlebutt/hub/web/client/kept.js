// Keeps what was changed here and the hub may not have yet, beyond the end of the page.
//
// Each replica has an entry of its own in the storage, with its updates that the hub has not been seen to have. They are
// written as they come and taken out when the clock of the hub covers them. Whoever opens the document next, in whichever
// window, hands in what it finds: an update that is known does no harm. A page that comes back takes a new id, as two windows
// with one id would write over each other.

const SOON = 150

export class Kept {
  #storage
  #prefix
  #key
  #replica
  #confirmed = -Infinity
  #timer = null
  #off
  #leaving = () => this.save()
  /** Why nothing is kept, such as a full storage; null while all is well. Until something has been written again. */
  failure = null
  /** Called after each attempt to write. */
  told = () => {}

  /** `storage` is like localStorage; `place` names the document, the hub included. */
  constructor (storage, place, replica) {
    this.#storage = storage
    this.#prefix = `scuttlebutt.kept ${place} `
    this.#key = this.#prefix + replica.id
    this.#replica = replica
    try {
      this.#restore()
    } catch (refused) {
      this.#fail(refused)
    }
    this.#off = replica.on('update', update => {
      if (update[2] === replica.id) this.#timer ??= setTimeout(() => this.save(), SOON)
    })
    globalThis.addEventListener?.('pagehide', this.#leaving)
  }

  #keys () {
    const keys = []
    for (let i = 0; i < this.#storage.length; i++) {
      const key = this.#storage.key(i)
      if (key.startsWith(this.#prefix)) keys.push(key)
    }
    return keys
  }

  #read (key) {
    try {
      const updates = JSON.parse(this.#storage.getItem(key))
      return Array.isArray(updates) ? updates : []
    } catch {
      return []
    }
  }

  #restore () {
    for (const key of this.#keys()) this.#read(key).forEach(update => this.#replica.apply(update))
  }

  /** How many updates of this replica the hub has not been seen to have. */
  get pending () {
    return this.#pending().length
  }

  #pending () {
    return this.#replica.history(new Map([[this.#replica.id, this.#confirmed]]))
      .filter(update => update[2] === this.#replica.id)
  }

  /** Writes what there is to keep, at once. */
  save () {
    clearTimeout(this.#timer)
    this.#timer = null
    const pending = this.#pending()
    try {
      if (pending.length > 0) {
        this.#storage.setItem(this.#key, JSON.stringify(pending))
        this.failure = null
      } else {
        this.#storage.removeItem(this.#key)
      }
    } catch (full) {
      this.#fail(full)
    }
    this.told()
  }

  #fail ({ name, message }) {
    this.failure = name === 'QuotaExceededError' ? 'the storage is full' : message
  }

  /** The hub has what this clock covers, an object: source → latest timestamp. */
  confirm (clock) {
    this.#confirmed = Math.max(this.#confirmed, clock[this.#replica.id] ?? -Infinity)
    this.save()
    try {
      for (const key of this.#keys()) {
        const last = this.#read(key).at(-1)
        if (key !== this.#key && (!last || last[1] <= (clock[last[2]] ?? -Infinity))) this.#storage.removeItem(key)
      }
    } catch {
      // What is refused now is taken out by whoever opens the document next.
    }
  }

  close () {
    if (this.#timer !== null) this.save()
    this.#off()
    globalThis.removeEventListener?.('pagehide', this.#leaving)
  }
}
