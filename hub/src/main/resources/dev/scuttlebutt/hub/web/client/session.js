// The protocol with one peer: lines in, lines out. It has no socket and no timer.

/**
 * `send(line)` puts a line, with its line feed, on its way. `hasRoom()` tells whether the way is free: while it is not,
 * nothing is queued here; call `pump()` when it is again.
 */
export class Session {
  #replica
  #send
  #hasRoom
  #peer = null
  #syncDue = false
  #unsubscribe
  #behind = false
  sent = 0
  received = 0
  stale = 0
  /** The peer's first message. */
  header = null
  /** Called with 'header' and 'synced'. */
  onevent = () => {}

  constructor (replica, send, hasRoom = () => true, meta = undefined) {
    this.#replica = replica
    this.#send = send
    this.#hasRoom = hasRoom
    const header = { id: replica.id, clock: replica.clock() }
    if (meta !== undefined) header.meta = meta
    send(JSON.stringify(header) + '\n')
    this.#unsubscribe = replica.on('update', (update, from) => this.#onUpdate(update, from))
  }

  /** Whether both sides have exchanged what the handshakes asked for. */
  synced = false

  /** Takes one message in; throws a SyntaxError when it is not JSON. */
  receive (text) {
    for (const line of text.split('\n')) {
      if (line.trim() !== '') this.#message(JSON.parse(line))
    }
  }

  #message (message) {
    if (Array.isArray(message)) {
      this.received++
      if (this.#replica.apply(message, this) === 'stale') this.stale++
      const [, timestamp, source] = message
      if (this.#peer && timestamp > (this.#peer.get(source) ?? -Infinity)) this.#peer.set(source, timestamp)
    } else if (message === 'SYNC') {
      this.synced = true
      this.onevent('synced')
    } else if (message !== null && typeof message === 'object') {
      if (message.clock === null || typeof message.clock !== 'object') {
        throw new SyntaxError('a header needs a clock')
      }
      this.header = message
      this.#peer = new Map(Object.entries(message.clock).filter(([, timestamp]) => Number.isFinite(timestamp)))
      this.#syncDue = true
      this.#behind = true
      this.onevent('header')
      this.pump()
    }
  }

  #onUpdate (update, from) {
    if (!this.#peer) return
    if (from === this) {
      this.#note(update)
    } else if (this.#behind || !this.#hasRoom()) {
      // It is looked up when there is room; what is superseded until then is never sent.
      this.#behind = true
    } else {
      this.#sendUpdate(update)
    }
  }

  #note (update) {
    this.#peer.set(update[2], Math.max(update[1], this.#peer.get(update[2]) ?? -Infinity))
  }

  #sendUpdate (update) {
    if (update[1] <= (this.#peer.get(update[2]) ?? -Infinity)) return
    this.#note(update)
    this.sent++
    this.#send(JSON.stringify(update) + '\n')
  }

  /** Whether something waits for room. */
  get waiting () {
    return this.#behind
  }

  /** Sends what is due, as far as there is room. */
  pump () {
    if (!this.#peer || !this.#behind) return
    for (const update of this.#replica.history(this.#peer)) {
      if (!this.#hasRoom()) return
      this.#sendUpdate(update)
    }
    this.#behind = false
    if (this.#syncDue) {
      this.#syncDue = false
      this.#send('"SYNC"\n')
    }
  }

  close () {
    this.#unsubscribe()
  }
}
