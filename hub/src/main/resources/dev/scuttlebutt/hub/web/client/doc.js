import { Replica, References, isAfter, randomId } from './replica.js'
import { keyBetween } from './keys.js'

// Names that every object of JavaScript has: the originals cannot hold them as fields or rows.
const RESERVED = new Set([...Object.getOwnPropertyNames(Object.prototype)])

/**
 * Rows with fields: each field is a register in which the latest write wins. `crdt` in the npm family.
 *
 * A deletion is kept as a tombstone: fields written later than it live, others do not.
 */
export class Doc extends Replica {
  static type = 'doc'
  #rows = new Map()
  #references = new References(update => this._forget(update))

  /** Makes a row and returns its id. */
  add (fields, id = fields.id ?? randomId()) {
    this.set(id, Object.keys(fields).length ? fields : { id })
    return id
  }

  /** Writes fields of a row, which is made if it is not there, all at once. */
  set (id, fields) {
    if (typeof id !== 'string' || RESERVED.has(id)) throw new TypeError(`${id} cannot be the id of a row`)
    for (const field of Object.keys(fields)) {
      if (RESERVED.has(field) || field === 'error') throw new TypeError(`${field} cannot be the name of a field`)
    }
    if (fields.id !== undefined && fields.id !== id) throw new TypeError('the id of a row cannot be changed')
    this._write([id, fields])
  }

  /** Deletes a row. */
  rm (id) {
    this._write([id, null])
  }

  /** The fields of a row with its id, or undefined. */
  get (id) {
    const row = this.#rows.get(id)
    if (!row || !isVisible(row)) return undefined
    return { id, ...Object.fromEntries([...row.fields].map(([field, update]) => [field, update[0][1][field]])) }
  }

  ids () {
    return [...this.#rows.keys()].filter(id => isVisible(this.#rows.get(id)))
  }

  toJSON () {
    return Object.fromEntries(this.ids().map(id => [id, this.get(id)]))
  }

  /** The rows in which a field has this value, in the order of their place in the sequence, then by id. */
  sequence (field, value) {
    const place = row => typeof row._sort === 'string' ? row._sort : null
    return this.ids().map(id => this.get(id)).filter(row => row[field] === value).sort((a, b) => {
      const [x, y] = [place(a), place(b)]
      if (x !== y) return x === null ? 1 : y === null ? -1 : x < y ? -1 : 1
      return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
    })
  }

  /** Adds a row at the end of a sequence and returns its id. */
  push (field, value, fields) {
    const last = this.sequence(field, value).filter(row => typeof row._sort === 'string').at(-1)
    return this.add({ ...fields, [field]: value, _sort: keyBetween(last?._sort ?? null, null) })
  }

  /** Moves a row of a sequence so that it comes right behind another, or first. */
  moveAfter (field, value, id, otherId) {
    const others = this.sequence(field, value).filter(row => row.id !== id && typeof row._sort === 'string')
    const at = otherId === null ? -1 : others.findIndex(row => row.id === otherId)
    const low = at < 0 ? null : others[at]._sort
    const high = others.slice(at + 1).find(row => row._sort !== low)?._sort ?? null
    this.set(id, { _sort: keyBetween(low, high) })
  }

  _merge (update) {
    const change = update[0]
    if (!Array.isArray(change) || typeof change[0] !== 'string' || RESERVED.has(change[0])) {
      throw new TypeError('a change of a document is [row, fields] or [row, null]')
    }
    const [id, fields] = change
    if (fields === null) return this.#merge(id, update)
    if (typeof fields !== 'object' || Array.isArray(fields)) throw new TypeError('fields are an object')
    const row = this.#row(id)
    let won = false
    for (const field of Object.keys(fields)) {
      const old = row.fields.get(field)
      if (RESERVED.has(field) || (row.deleted && isAfter(row.deleted, update)) || (old && isAfter(old, update))) continue
      row.fields.set(field, update)
      this.#references.add(update)
      if (old) this.#references.release(old)
      won = true
    }
    return won
  }

  #merge (id, update) {
    const row = this.#row(id)
    if (row.deleted && isAfter(row.deleted, update)) return false
    if (row.deleted) this._forget(row.deleted)
    row.deleted = update
    for (const [field, old] of row.fields) {
      if (isAfter(update, old)) {
        row.fields.delete(field)
        this.#references.release(old)
      }
    }
    return true
  }

  #row (id) {
    if (!this.#rows.has(id)) this.#rows.set(id, { fields: new Map(), deleted: null })
    return this.#rows.get(id)
  }
}

// What is left of a row after its deletion, when all of it is null, is no row: the originals leave such ghosts.
function isVisible (row) {
  if (row.fields.size === 0) return false
  return !row.deleted || [...row.fields].some(([field, update]) => update[0][1][field] !== null)
}
