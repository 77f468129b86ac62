/** What JSON can carry. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** A change with its timestamp (milliseconds since 1970, fractional) and the id of the replica that made it. */
export type Update = [change: Json, timestamp: number, source: string, ...more: Json[]]

export type Off = () => void

export function randomId (): string

export class Emitter {
  on (name: string, listener: (...args: any[]) => void): Off
  emit (name: string, ...args: unknown[]): void
}

export interface ReplicaOptions {
  /** Must differ from that of every other replica of the same data. Default: random. */
  id?: string
  /** Milliseconds since 1970. Default: the clock of the machine. */
  now?: () => number
}

/** Events: `update` (update, session), `change`, `invalid` (update, reason). */
export abstract class Replica extends Emitter {
  constructor (options?: ReplicaOptions)
  readonly id: string
  readonly size: number
  clock (): { [source: string]: number }
  latest (source: string): number
  history (since?: Map<string, number>): Update[]
  apply (update: Update, session?: Session | null): 'applied' | 'ignored' | 'stale' | 'invalid'
  toJSON (): Json
}

export class Model extends Replica {
  static readonly type: 'model'
  set (key: string, value: Json): void
  delete (key: string): void
  get (key: string): Json | undefined
  keys (): string[]
  winner (key: string): Update | undefined
}

/** Besides those of a replica: `event` (name, args, update). */
export class Events extends Replica {
  static readonly type: 'events'
  say (name: string, ...args: Json[]): void
}

export interface Row { id: string, [field: string]: Json }

export class Doc extends Replica {
  static readonly type: 'doc'
  add (fields: { [field: string]: Json }, id?: string): string
  set (id: string, fields: { [field: string]: Json }): void
  rm (id: string): void
  get (id: string): Row | undefined
  ids (): string[]
  sequence (field: string, value: Json): Row[]
  push (field: string, value: Json, fields: { [field: string]: Json }): string
  /** @param otherId null for the first place */
  moveAfter (field: string, value: Json, id: string, otherId: string | null): void
}

export class RArray extends Replica {
  static readonly type: string
  readonly length: number
  keys (): string[]
  at (index: number): Json | undefined
  winner (key: string): Update | undefined
  set (key: string, value: Json): void
  unset (key: string): void
  push (...values: Json[]): void
  splice (index: number, count: number, ...values: Json[]): void
  move (from: number, to: number): void
  indexOfKey (key: string): number
}

/** Places are counted in UTF-16 units, as everywhere in JavaScript. */
export class RString extends RArray {
  text (): string
  insert (offset: number, text: string): void
  replace (offset: number, count: number, text: string): void
  update (wanted: string): void
  anchor (offset: number): string | null
  offsetOf (anchor: string | null): number
}

/** A text of lines, the items. Places in the text are counted in UTF-16 units. */
export class REdit extends RArray {
  text (): string
  insert (offset: number, text: string): void
  delete (offset: number, count: number): void
  replace (offset: number, count: number, text: string): void
  update (wanted: string): void
}

/** The protocol with one peer, for transports of one's own. */
export class Session {
  constructor (replica: Replica, send: (line: string) => void, hasRoom?: () => boolean, meta?: Json)
  readonly header: { id?: string, clock: { [source: string]: number }, meta?: Json } | null
  readonly synced: boolean
  readonly waiting: boolean
  readonly sent: number
  readonly received: number
  onevent: (event: 'header' | 'synced') => void
  receive (text: string): void
  pump (): void
  close (): void
}

export type LinkState = 'connecting' | 'syncing' | 'live' | 'offline' | 'refused'

/** Events: `state` (state); `kept` when `unsaved` or `unkept` may be others. */
export class Link<R extends Replica = Replica> extends Emitter {
  readonly replica: R
  readonly state: LinkState
  readonly reason: string
  readonly rights: 'read' | 'write' | 'admin' | null
  readonly session: Session | null
  readonly connections: number
  /** How many changes made here the hub has not been seen to have; 0 without `storage`. */
  readonly unsaved: number
  /** Why they are not kept beyond the end of the page, such as a full storage; null where they are, or need not be. */
  readonly unkept: string | null
  close (): void
}

/** Events: `change`. */
export class Presence extends Emitter {
  set (fields: { [field: string]: Json }): void
  people (): Array<{ me: boolean, [field: string]: Json }>
  close (): void
}

export interface HubOptions {
  token?: string | null
  /**
   * Where to keep changes that the hub may not have yet, until it has: such as localStorage. They are handed in when the
   * document is opened again. Default: nowhere.
   */
  storage?: Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'> | null
  /** A class like WebSocket, where there is none, as in older Node. */
  socket?: unknown
}

/** Events: `change` when it goes on or off line. */
export class Hub extends Emitter {
  constructor (address: string | URL, options?: HubOptions)
  readonly online: boolean
  open<R extends Replica = Replica> (name: string, type?: new (options?: ReplicaOptions) => R, options?: ReplicaOptions): Link<R>
  presence (name: string): Presence
  goOffline (): void
  goOnline (): void
}

export const types: Map<string, new (options?: ReplicaOptions) => Replica>

/** Without an address: the hub that the page came from. */
export function connect (address?: string | URL, options?: HubOptions): Hub
