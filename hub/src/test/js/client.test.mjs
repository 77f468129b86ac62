// The browser client against recordings of the originals. Run with: node --test client.test.mjs
import test from 'node:test'
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Doc, Events, Kept, Model, RArray, REdit, RString, Session } from '../../main/resources/dev/scuttlebutt/hub/web/client/index.js'
import { KeyMaker, between, encode, keyBetween } from '../../main/resources/dev/scuttlebutt/hub/web/client/keys.js'
import { shift } from '../../main/resources/dev/scuttlebutt/hub/web/page/text.js'

const folder = process.env.SCUTTLEBUTT_VECTORS
const vectors = folder ? new URL(`file://${folder}/`) : new URL('../../../../core/src/test/resources/vectors/', import.meta.url)

function recording (name) {
  const path = fileURLToPath(new URL(name, vectors))
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

function lines (name) {
  return recording(name)?.split('\n').filter(Boolean).map(line => JSON.parse(line)) ?? null
}

const sorted = value => JSON.parse(JSON.stringify(value), (key, inner) =>
  inner && typeof inner === 'object' && !Array.isArray(inner)
    ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1))
    : inner)

/** Applies each order in which a replica of the original, or a shuffle, applied the updates. */
function checkOrders (t, file, make, look, withHistory = true) {
  const records = lines(file)
  if (!records) return t.skip(`${file} is not there`)
  let checked = 0
  for (const record of records) {
    const orders = [...Object.values(record.orders), ...(record.shuffles ?? [])]
    for (const order of orders) {
      const replica = make()
      for (const index of order) replica.apply(record.updates[index])
      assert.deepEqual(sorted(look(replica)), sorted(look(record)), record.name)
      if (withHistory) {
        assert.deepEqual(replica.history(), record.history.map(index => record.updates[index]), `${record.name}, history`)
      }
      checked++
    }
  }
  assert.ok(checked > 0)
}

const stateOf = subject => subject instanceof Doc ? subject.toJSON() : subject.final.json
const itemsOf = subject => subject instanceof RArray
  ? { values: subject.toJSON(), keys: subject.keys() }
  : { values: subject.final.values, keys: subject.final.keys }

test('doc: any recorded order gives the recorded state and history', t =>
  checkOrders(t, 'crdt/doc-multi.jsonl', () => new Doc(), stateOf))

test('doc: deletions give the state on which the originals agreed', t =>
  checkOrders(t, 'crdt/doc-rm-convergent.jsonl', () => new Doc(), stateOf, false))

test('doc: where the originals differ, the recommended state', t => {
  const records = lines('crdt/doc-divergent.jsonl')
  if (!records) return t.skip('the recording is not there')
  for (const record of records) {
    const doc = new Doc()
    record.updates.forEach(update => doc.apply(update))
    assert.deepEqual(sorted(doc.toJSON()), sorted(record.recommended.json), record.name)
  }
})

test('sequences of a doc: recorded order', t => checkOrders(t, 'crdt/seq-multi.jsonl', () => new Doc(),
  subject => subject instanceof Doc ? subject.sequence('list', 'todo').map(row => row.id) : subject.final.seq))

test('array: any recorded order gives the recorded items and history', t =>
  checkOrders(t, 'sequences/rarray-multi.jsonl', () => new RArray(), itemsOf))

test('edit: any recorded order gives the recorded lines and history', t =>
  checkOrders(t, 'sequences/redit-multi.jsonl', () => new REdit(), itemsOf))

test('edit: the texts that the original was told to hold', t => {
  const records = lines('sequences/redit-single.jsonl')
  if (!records) return t.skip('the recording is not there')
  let checked = 0
  for (const { name, ops } of records) {
    const edit = new REdit()
    for (const { op, text, result, values, updates } of ops) {
      if (op !== 'text' || text === undefined) break
      const before = edit.history().length
      edit.update(text)
      assert.equal(edit.text(), text, name)
      // Where the original itself got it right, the lines are the same.
      if (result === text) assert.deepEqual(edit.toJSON(), values, name)
      if (updates.length === 0) assert.equal(edit.history().length, before, name)
      checked++
    }
  }
  assert.ok(checked > 20, checked)
})

test('string: any recorded order gives the recorded items and history', t =>
  checkOrders(t, 'sequences/rstring-multi.jsonl', () => new RString(), itemsOf))

test('between: the recorded results', t => {
  const records = lines('sequences/between.jsonl')
  if (!records) return t.skip('the recording is not there')
  for (const { kind, a, b, out } of records) {
    if (kind === 'between') assert.equal(between(a, b), out, `${a} and ${b}`)
    if (kind === 'hang') assert.equal(between(a, b), null, `${a} and ${b}`)
  }
})

test('recorded conversations of models and events: the same lines go out', t => {
  const files = ['core/exchange-model.json', 'core/exchange-events.json']
  let played = 0
  for (const file of files) {
    const records = JSON.parse(recording(file) ?? '[]')
    // Where the original is weak, such as with writes inside of listeners, the client is meant to differ.
    for (const record of records.filter(({ description }) => !description.includes('weakness'))) played += playBothSides(record)
  }
  if (played === 0) t.skip('the recordings are not there')
})

/** Plays each side whose streams are ordinary two-way ones, with the recorded other side as its peer. */
function playBothSides (record) {
  let played = 0
  for (const [name, { type, id }] of Object.entries(record.replicas)) {
    const opens = record.log.filter(entry => entry.k === 'open' && entry.on === name)
    const plain = opens.length === 1 && Object.keys(opens[0].opts ?? {}).length === 0
    const odd = record.log.some(entry => entry.on === name && entry.k === 'local' && !['set', 'emit'].includes(entry.op))
    const ends = record.log.some(entry => ['end', 'endCall', 'input', 'note', 'close'].includes(entry.k))
    if (!plain || odd || ends || !['model', 'events'].includes(type)) continue
    play(record, name, type, id, opens[0].stream)
    played++
  }
  return played
}

function play (record, name, type, id, stream) {
  const replica = type === 'model' ? new Model({ id }) : new Events({ id })
  const sent = []
  const lineBySeq = new Map(record.log.filter(entry => entry.k === 'line').map(entry => [entry.seq, entry.line]))
  const expected = []
  let session = null
  for (let i = 0; i < record.log.length; i++) {
    const entry = record.log[i]
    if (entry.k === 'local' && entry.on === name) {
      const made = record.log.slice(i + 1).find(later => later.k === 'replica' && later.on === name && later.event === '_update')
      if (made) replica.apply(JSON.parse(made.update))
    } else if (entry.k === 'open' && entry.on === name) {
      session = new Session(replica, line => sent.push(line))
    } else if (entry.k === 'line' && entry.from === stream && !entry.echo) {
      expected.push(entry.line)
    } else if (entry.k === 'recv' && entry.to === stream) {
      session.receive(lineBySeq.get(entry.seq))
    }
  }
  const kinds = all => all.map(line => JSON.parse(line)).map(message =>
    message.clock ? { ...message, clock: sorted(message.clock) } : message)
  // When the header leaves, the original's clock may have moved on; the updates must be the same, in the same order.
  assert.deepEqual(kinds(sent).slice(1), kinds(expected).slice(1), `${record.name}, ${name}`)
  const final = record.final[name]
  assert.deepEqual(replica.history(), final.history.map(update => typeof update === 'string' ? JSON.parse(update) : update))
}

// What has no recording

function link (a, b) {
  const queue = []
  const sessions = []
  let busy = false
  const run = () => {
    if (busy) return
    busy = true
    while (queue.length) { const [to, line] = queue.shift(); sessions[to].receive(line) }
    busy = false
  }
  const send = to => line => { queue.push([to, line]); if (sessions.length === 2) run() }
  sessions.push(new Session(a, send(1)), new Session(b, send(0)))
  run()
  return () => sessions.forEach(session => session.close())
}

test('texts changed apart are equal when they meet, and nobody is mixed into another', () => {
  for (let round = 0; round < 30; round++) {
    const [a, b] = [new RString({ id: 'a' }), new RString({ id: 'b' })]
    const part = link(a, b)
    a.insert(0, 'start end')
    part()
    for (let i = 0; i < 10; i++) {
      a.insert(6 + i, 'x')
      b.insert(6 + i, 'y')
    }
    link(a, b)
    assert.equal(a.text(), b.text())
    assert.match(a.text(), /^start (x{10}y{10}|y{10}x{10})end$/)
  }
})

test('update makes a text equal to any other, in one update', () => {
  const text = new RString()
  let seed = 5
  const random = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n }
  for (let i = 0; i < 300; i++) {
    const wanted = Array.from({ length: random(12) }, () => 'ab😀\n'[random(5)] ?? 'z').join('')
    const before = text.clock()[text.id]
    text.update(wanted)
    assert.equal(text.text(), wanted)
    assert.ok(before === undefined || text.clock()[text.id] >= before)
  }
  assert.deepEqual(text.keys(), [...text.keys()].sort((x, y) => x < y ? -1 : 1))
})

test('keys are of the kind with which the originals do not hang, and stay short', () => {
  const safe = /^(?!~)[!0-9A-Z_a-z~]*[0-9A-Z_a-z~]$/
  const maker = new KeyMaker()
  const keys = []
  for (let i = 0; i < 5000; i++) keys.push(...maker.make(keys.at(-1) ?? null, null, 1, () => false))
  assert.ok(keys.every(key => safe.test(key)))
  assert.ok(keys.every((key, i) => i === 0 || keys[i - 1] < key))
  assert.ok(keys.at(-1).length < 12, keys.at(-1))
  for (let i = 0; i < 2000; i++) {
    const at = Math.floor(i * 7919 % (keys.length - 1))
    const key = keyBetween(keys[at], keys[at + 1])
    assert.ok(keys[at] < key && key < keys[at + 1] && safe.test(key))
    keys.splice(at + 1, 0, key)
  }
})

test('the code of whole numbers keeps their order', () => {
  assert.deepEqual([0, 15, 16, 78, 79, 10000, -1, -15, -16].map(encode), ['V', 'j', 'k0', 'kz', 'l00', 'm1VU', 'U', 'G', 'Fz'])
  for (let i = -20000; i < 20000; i++) assert.ok(encode(i) < encode(i + 1), i)
})

test('what a peer without room does not take is not queued, and what was superseded is never sent', () => {
  const model = new Model()
  let room = true
  const sent = []
  const session = new Session(model, line => sent.push(line), () => room)
  session.receive('{"id":"peer","clock":{}}\n')
  room = false
  for (let i = 0; i < 1000; i++) model.set('k', i)
  room = true
  session.pump()
  assert.equal(sent.filter(line => line.startsWith('[')).length, 1)
  assert.equal(JSON.parse(sent.at(-1))[0][1], 999)
})

test('a listener that writes is heard after the change it heard of', () => {
  const model = new Model()
  const heard = []
  model.on('update', ([[key]]) => { heard.push(key); if (key === 'a') model.set('b', 1) })
  model.on('update', ([[key]]) => heard.push(key))
  model.set('a', 1)
  assert.deepEqual(heard, ['a', 'a', 'b', 'b'])
})

test('malformed updates change nothing', () => {
  for (const replica of [new Model(), new Events(), new Doc(), new RArray(), new REdit()]) {
    for (const bad of [null, 7, [], [1, 2], [{}, 'x', 'a'], ['x', 1, '__proto__'], [null, 1, 'a'], [5, 1, 'a']]) {
      assert.equal(replica.apply(bad), 'invalid')
    }
    assert.deepEqual(replica.clock(), {})
  }
})

test('local writes win over what was seen, also when the clock is behind', () => {
  const model = new Model({ id: 'a', now: () => 1000 })
  model.apply([['k', 1], 5000, 'z'])
  model.set('k', 2)
  assert.equal(model.get('k'), 2)
})

test('a caret stays where its neighbours are', () => {
  assert.equal(shift('hello', 'oh hello', 2), 5)
  assert.equal(shift('hello', 'hello you', 2), 2)
  assert.equal(shift('hello', 'ho', 3), 1)
})

/** As localStorage. */
function memory (limit = Infinity) {
  const entries = new Map()
  return {
    get length () { return entries.size },
    key: i => [...entries.keys()][i],
    getItem: key => entries.get(key) ?? null,
    setItem: (key, text) => {
      if (text.length > limit) throw new Error('full')
      entries.set(key, text)
    },
    removeItem: key => entries.delete(key)
  }
}

test('kept: what the hub may lack is there for whoever opens the document next', () => {
  const storage = memory()
  const first = new Model()
  const keeping = new Kept(storage, 'hub model/a', first)
  first.set('k', 1)
  first.set('k', 2)
  first.set('other', 3)
  keeping.save()
  const elsewhere = new Model()
  assert.equal(new Kept(storage, 'hub model/b', elsewhere).pending, 0)
  assert.deepEqual(elsewhere.toJSON(), {})
  const second = new Model()
  const again = new Kept(storage, 'hub model/a', second)
  assert.deepEqual(second.toJSON(), { k: 2, other: 3 })
  assert.equal(again.pending, 0, 'what others wrote is theirs')

  // The hub has seen the first two; then all.
  again.confirm({ [first.id]: first.winner('k')[1] })
  assert.equal(storage.length, 1)
  again.confirm({ [first.id]: first.latest(first.id) })
  assert.equal(storage.length, 0)
})

test('kept: a clock that covers some takes out those; a full storage is told', () => {
  const storage = memory(100)
  const model = new Model()
  const keeping = new Kept(storage, 'hub model/a', model)
  model.set('a', 1)
  const [update] = model.history()
  keeping.save()
  model.set('b', 2)
  keeping.confirm({ [model.id]: update[1] })
  assert.equal(keeping.pending, 1)
  assert.equal(keeping.failure, null)
  model.set('c', 'x'.repeat(200))
  keeping.save()
  assert.equal(keeping.failure, 'full')
  keeping.close()
})

test('kept: a storage that refuses everything takes nothing away, and each attempt is told', () => {
  const refuse = () => { throw Object.assign(new Error('no room'), { name: 'QuotaExceededError' }) }
  const model = new Model()
  const keeping = new Kept({ get length () { return refuse() }, key: refuse, getItem: refuse, setItem: refuse, removeItem: refuse }, 'hub model/a', model)
  let told = 0
  keeping.told = () => told++
  model.set('a', 1)
  keeping.save()
  assert.equal(keeping.failure, 'the storage is full')
  assert.equal(keeping.pending, 1)
  keeping.confirm({})
  assert.equal(keeping.pending, 1)
  keeping.confirm({ [model.id]: model.latest(model.id) })
  assert.equal(keeping.pending, 0)
  assert.equal(keeping.failure, 'the storage is full', 'nothing has been written since')
  assert.equal(told, 3)
  assert.deepEqual(model.toJSON(), { a: 1 })
  keeping.close()
})

test('kept: once there is room again, that is told too', () => {
  let full = true
  const storage = memory()
  const model = new Model()
  const keeping = new Kept({
    get length () { return storage.length },
    key: storage.key,
    getItem: storage.getItem,
    setItem: (...entry) => { if (full) throw new Error('full'); storage.setItem(...entry) },
    removeItem: storage.removeItem
  }, 'hub model/a', model)
  model.set('a', 1)
  keeping.save()
  assert.equal(keeping.failure, 'full')
  full = false
  model.set('b', 1)
  keeping.save()
  assert.equal(keeping.failure, null)
  const next = new Model()
  assert.equal(new Kept(storage, 'hub model/a', next).failure, null)
  assert.deepEqual(next.toJSON(), { a: 1, b: 1 })
  keeping.close()
})

test('kept: entries that are none are passed over', () => {
  const storage = memory()
  storage.setItem('scuttlebutt.kept hub model/a X', '{broken')
  storage.setItem('scuttlebutt.kept hub model/a Y', '[1, [["k", 5], 9, "z"], [[], 1, "z"]]')
  const model = new Model()
  const keeping = new Kept(storage, 'hub model/a', model)
  assert.deepEqual(model.toJSON(), { k: 5 })
  keeping.confirm({ z: 9 })
  assert.equal(storage.length, 0)
})
