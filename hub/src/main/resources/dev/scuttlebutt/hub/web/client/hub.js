import { Emitter, randomId } from './replica.js'
import { Session } from './session.js'
import { Kept } from './kept.js'
import { Model } from './model.js'
import { Events } from './events.js'
import { Doc } from './doc.js'
import { RArray, RString } from './text.js'
import { REdit } from './edit.js'

/** The types by the first part of a document's name. */
export const types = new Map([Model, Events, Doc, RArray, RString, REdit].map(type => [type.type, type]))

const MIN_WAIT = 250
const MAX_WAIT = 15000
const ROOM = 1 << 18
const ASK = 1500
// Codes after which to come back makes no sense: the same would happen.
const isFinal = code => [1002, 1003, 1007, 1008, 1009, 1010].includes(code) ||
  (code >= 4400 && code < 4500 && code !== 4408 && code !== 4429)

/** Returns a hub. Without an address it is the one that the page came from. */
export function connect (address = location.href, options = {}) {
  return new Hub(address, options)
}

/** Where documents are. While it is offline, by `goOffline()` or by fate, documents can be changed all the same. */
export class Hub extends Emitter {
  #address
  #token
  #storage
  #links = new Set()
  #online = true

  constructor (address, { token = null, storage = null, socket = globalThis.WebSocket } = {}) {
    super()
    this.#address = new URL(address)
    this.#token = token
    this.#storage = storage
    this._socket = socket
  }

  /** Opens a document. `type` may be left out where the name begins with it. */
  open (name, type = types.get(name.split('/')[0]), options = {}) {
    if (!type) throw new TypeError(`no type belongs to ${name}; the first part of a name is the type`)
    const replica = new type(options)
    const path = encodePath(name)
    const kept = this.#storage && new Kept(this.#storage, `${this.#address.host} ${path}`, replica)
    return new Link(this, `replicate/${path}`, replica, null, kept && { kept, clock: () => this.#clock(path) })
  }

  /** Opens who is there at a document: a model in which each puts what it likes under its own id. Never stored. */
  presence (name) {
    return new Presence(this, name)
  }

  get online () {
    return this.#online
  }

  goOffline () {
    this.#online = false
    this.#links.forEach(link => link._changed())
    this.emit('change')
  }

  goOnline () {
    this.#online = true
    this.#links.forEach(link => link._changed())
    this.emit('change')
  }

  async #clock (path) {
    const url = new URL(`/api/documents/${path}?state=false`, this.#address)
    url.protocol = url.protocol.replace('ws', 'http')
    const answer = await fetch(url, { headers: this.#token ? { authorization: `Bearer ${this.#token}` } : {} })
    if (!answer.ok) throw new Error(`the hub says ${answer.status}`)
    return (await answer.json()).clock
  }

  _url (path) {
    const url = new URL(path, new URL('/', this.#address))
    url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:'
    if (this.#token) url.searchParams.set('token', this.#token)
    return url
  }

  _add (link) {
    this.#links.add(link)
  }

  _remove (link) {
    this.#links.delete(link)
  }
}

function encodePath (name) {
  return name.split('/').map(encodeURIComponent).join('/')
}

/**
 * A replica and its connection, which is made anew whenever it is lost.
 *
 * `state`: 'connecting', 'syncing', 'live', 'offline' or 'refused'; `reason` tells why it is refused. Events: `state`, and `kept`
 * when `unsaved` or `unkept` may be others.
 */
export class Link extends Emitter {
  #hub
  #path
  #socket = null
  #wait = MIN_WAIT
  #timer = null
  #pumping = null
  #closed = false
  #renew
  #keeping
  #asking = null
  #off = () => {}
  state = 'offline'
  reason = ''
  session = null
  /** Counts connections that were made. */
  connections = 0

  constructor (hub, path, replica, renew = null, keeping = null) {
    super()
    this.#hub = hub
    this.#path = path
    this.#renew = renew
    this.#keeping = keeping
    this.replica = replica
    if (keeping) keeping.kept.told = () => this.emit('kept')
    if (keeping) this.#off = replica.on('update', update => { if (update[2] === replica.id) this.#askSoon() })
    hub._add(this)
    this.#connect()
  }

  /** What the hub lets us do: 'read', 'write' or 'admin'; null before it has said so. */
  get rights () {
    return this.session?.header?.meta?.rights ?? null
  }

  /** How many changes made here the hub has not been seen to have; 0 where none are kept. */
  get unsaved () {
    return this.#keeping?.kept.pending ?? 0
  }

  /** Why changes made here are not kept beyond the end of the page; null where they are, or need not be. Event: `kept`. */
  get unkept () {
    return this.#keeping?.kept.failure ?? null
  }

  close () {
    this.#closed = true
    this.#off()
    this.#keeping?.kept.close()
    clearTimeout(this.#asking)
    this.#hub._remove(this)
    this._changed()
  }

  // The protocol has no receipt. So the hub is asked for its clock a while after a change, and again while it lacks some.
  #askSoon () {
    if (!this.#keeping || this.#closed || this.#asking !== null || this.state !== 'live') return
    this.#asking = setTimeout(async () => {
      try {
        this.#keeping.kept.confirm(await this.#keeping.clock())
      } catch {
        // It is asked again.
      }
      this.#asking = null
      if (this.#keeping.kept.pending > 0) this.#askSoon()
    }, ASK)
  }

  /** The hub went on or off line. */
  _changed () {
    clearTimeout(this.#timer)
    if (this.#closed || !this.#hub.online) {
      this.#drop()
      this.#enter('offline')
    } else if (!this.#socket) {
      this.#wait = MIN_WAIT
      this.#connect()
    }
  }

  #drop () {
    this.session?.close()
    this.session = null
    clearInterval(this.#pumping)
    const socket = this.#socket
    this.#socket = null
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null
      socket.close()
    }
  }

  #connect () {
    if (this.#closed || !this.#hub.online) return
    this.#enter('connecting')
    let socket
    try {
      socket = new this.#hub._socket(this.#hub._url(this.#path))
    } catch (failure) {
      this.#refuse(failure.message)
      return
    }
    this.#socket = socket
    socket.onopen = () => this.#onOpen(socket)
    socket.onmessage = event => this.#onMessage(event.data)
    socket.onclose = event => this.#onClose(event)
  }

  #onOpen (socket) {
    this.connections++
    if (this.#renew) this.replica = this.#renew()
    this.session = new Session(this.replica, line => socket.send(line), () => socket.bufferedAmount < ROOM)
    this.session.onevent = event => {
      if (event === 'header') {
        this.#keeping?.kept.confirm(this.session.header.clock)
        this.#enter('syncing')
      }
      if (event === 'synced') {
        this.#wait = MIN_WAIT
        this.#enter('live')
        if (this.unsaved > 0) this.#askSoon()
      }
    }
    this.#pumping = setInterval(() => this.session?.pump(), 50)
  }

  #onMessage (data) {
    try {
      this.session.receive(data)
    } catch (broken) {
      this.#drop()
      this.#refuse(`the hub broke the protocol: ${broken.message}`)
    }
  }

  #onClose ({ code, reason }) {
    this.#drop()
    if (isFinal(code)) {
      this.#refuse(reason || `closed with code ${code}`)
      return
    }
    this.reason = reason
    this.#enter('offline')
    // Half of the wait is left to chance, so that not everybody comes back at the same moment.
    this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random() / 2))
    this.#wait = Math.min(MAX_WAIT, this.#wait * 2)
  }

  #refuse (reason) {
    this.reason = reason
    this.#enter('refused')
  }

  #enter (state) {
    if (this.state !== state) {
      this.state = state
      this.emit('state', state)
    }
  }
}

/** Who is there. Events: `change`. */
export class Presence extends Emitter {
  #link
  #mine = null
  #key = randomId()

  constructor (hub, name) {
    super()
    // A new replica for each connection: what was said before the last one was lost is over.
    const make = () => {
      const model = new Model()
      model.on('change', () => this.emit('change'))
      if (this.#mine) model.set(this.#key, this.#mine)
      return model
    }
    this.#link = new Link(hub, `presence/${encodePath(name)}`, make(), make)
    this.#link.on('state', () => this.emit('change'))
  }

  /** Says something about oneself, such as a name. */
  set (fields) {
    this.#mine = { ...this.#mine, ...fields }
    this.#link.replica.set(this.#key, this.#mine)
  }

  /** What everybody says about themselves, oneself first: objects with `me`. */
  people () {
    if (this.#link.state !== 'live') return this.#mine ? [{ ...this.#mine, me: true }] : []
    const all = Object.entries(this.#link.replica.toJSON())
    return all.map(([key, fields]) => ({ ...fields, me: key === this.#key }))
      .sort((a, b) => Number(b.me) - Number(a.me) || String(a.name).localeCompare(String(b.name)))
  }

  close () {
    this.#link.close()
  }
}
