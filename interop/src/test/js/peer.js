// A replica of the original packages, driven by JSON lines on standard input; each command is answered by one line.
// usage: node peer.js PACKAGE TYPE ID     PACKAGE: scuttlebutt or scuttlebutt-5.5; TYPE: model, events, value, doc,
// expiry-model, object, bucket, boat, array, edit, string
'use strict'
const fs = require('fs')
const net = require('net')
const readline = require('readline')

const [pkg, type, id] = process.argv.slice(2)
const named = made => { made.setId(id); return made }
const types = {
  array: () => named(new (require('r-array'))()),
  edit: () => named(new (require('r-edit'))()),
  // The package r-string was never published; it is an r-array of UTF-16 code units.
  string: () => named(new (require('r-array'))()),
  model: () => new (require(pkg + '/model'))(id),
  events: () => new (require(pkg + '/events'))(id),
  value: () => new (require('r-value'))(id),
  doc: () => new (require('crdt').Doc)(id),
  'expiry-model': () => { const model = require('expiry-model')({ max: 0 }); model.setId(id); return model },
  object: () => new (require('gossip-object'))(id),
  bucket: () => {
    const Bucket = require('scuttlebucket')
    const Model = require(pkg + '/model')
    return new Bucket(id)
      .add('model', new Model())
      .add('value', new (require('r-value'))())
      .add('sub', new Bucket().add('model', new Model()).add('object', new (require('gossip-object'))()))
  },
  boat: () => new (require('scuttleboat'))({
    id,
    constructors: {
      Model: () => new (require(pkg + '/model'))(),
      Value: () => new (require('r-value'))(),
      Doc: () => new (require('crdt').Doc)()
    }
  })
}
const replica = types[type]()
if (replica.setMaxListeners) replica.setMaxListeners(0)

const heard = []
if (type === 'events') replica.on('heard', (...args) => heard.push(args))

// An item is an object for a new row, or the id of one that may be here. Rows that joined without a change of their sort
// key are out of order until asArray sorts them.
const seq = (field, value) => {
  const made = replica.createSeq(field, value)
  made.asArray()
  return made
}
const item = it => typeof it !== 'string' ? it : replica.rows[it] ? it : { id: it }
const docOperations = {
  add: row => replica.add(row),
  set: (row, changes) => replica.set(row, changes),
  rm: row => replica.rm(row),
  push: (field, value, it) => seq(field, value).push(item(it)),
  unshift: (field, value, it) => seq(field, value).unshift(item(it)),
  before: (field, value, it, ref) => seq(field, value).before(item(it), ref),
  after: (field, value, it, ref) => seq(field, value).after(item(it), ref),
  pop: (field, value) => { if (seq(field, value).length()) seq(field, value).pop() },
  take: (field, value, row) => seq(field, value).remove(row)
}
if (type === 'doc') for (const list of ['todo', 'done']) seq('list', list)

// Places are any numbers; what they mean depends on how long the sequence is by then.
const text = () => replica.toJSON().join('')
const sequenceOperations = {
  push: value => replica.push(value),
  unshift: value => replica.unshift(value),
  pop: () => replica.pop(),
  shift: () => replica.shift(),
  insert: (place, value) => {
    const i = place % (replica.keys.length + 1)
    replica.insert(replica.keys[i - 1], value, replica.keys[i])
  },
  set: (place, value) => { if (replica.keys.length) replica.set(replica.keys[place % replica.keys.length], value) },
  unset: place => { if (replica.keys.length) replica.unset(replica.keys[place % replica.keys.length]) },
  splice: (place, deleted, ...values) => replica.splice(place % (replica.keys.length + 1), deleted, ...values),
  text: (place, deleted, inserted) => {
    const old = text()
    const at = place % (old.length + 1)
    replica.text(old.slice(0, at) + inserted + old.slice(at + deleted))
  },
  // insertString and remove of r-string
  type: (place, inserted) => {
    const at = place % (replica.keys.length + 1)
    for (let i = inserted.length - 1; i >= 0; i--) replica.splice(at, 0, inserted[i])
  },
  erase: (place, deleted) => replica.splice(place % (replica.keys.length + 1), deleted)
}
const isSequence = ['array', 'edit', 'string'].includes(type)

const sockets = new Set()
const streams = new Map()
const servers = []
let attached = 0

// Applications of the original have to pass on the death of a socket, and to decode characters that are cut by chunks;
// it does neither itself.
function attach (socket, opts) {
  socket.setEncoding('utf8')
  const stream = replica.createStream(Object.assign({}, opts))
  const seen = { header: 0, sync: 0, errors: [] }
  stream.on('header', () => seen.header++)
  stream.on('sync', () => seen.sync++)
  stream.on('error', e => { seen.errors.push(String(e)); socket.destroy() })
  socket.on('error', () => {})
  socket.on('close', () => { sockets.delete(socket); streams.delete(socket); stream.destroy() })
  attached++
  sockets.add(socket)
  streams.set(socket, seen)
  // Every line reaches the stream, also one that is not writable, as over a plain socket.
  socket.on('data', chunk => stream.write(chunk))
  socket.on('end', () => stream.end())
  stream.on('data', line => socket.write(line))
  stream.on('end', () => socket.end())
}

const commands = {
  listen: ({ opts }) => new Promise(resolve => {
    const server = net.createServer({ allowHalfOpen: true }, socket => attach(socket, opts))
    servers.push(server)
    server.listen(0, '127.0.0.1', () => resolve(server.address().port))
  }),
  connect: ({ port, opts }) => new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    socket.once('error', reject)
    socket.once('connect', () => { attach(socket, opts); resolve(true) })
  }),
  // As a page with the originals does it: each message is a piece of the stream.
  websocket: ({ url }) => new Promise((resolve, reject) => {
    const socket = new (require('ws'))(url)
    socket.once('error', reject)
    socket.once('open', () => {
      const stream = replica.createStream()
      stream.on('error', () => socket.terminate())
      stream.on('data', line => socket.send(line))
      stream.on('end', () => socket.close())
      socket.on('message', line => stream.write(String(line)))
      socket.on('close', () => { sockets.delete(socket); stream.destroy() })
      socket.on('error', () => {})
      socket.destroy = socket.terminate
      sockets.add(socket)
      attached++
      resolve(true)
    })
  }),
  cut: () => { for (const s of sockets) s.destroy(); return true },
  set: ({ key, value }) => { if (type === 'value') replica.set(value); else replica.set(key, value); return true },
  emit: ({ args }) => { replica.emit(...args); return true },
  call: ({ part, method, args }) => {
    const target = (part || []).reduce((whole, name) => whole.get(name), replica)
    target[method](...args)
    return true
  },
  many: ({ updates }) => {
    for (const u of updates) {
      if (type === 'model') replica.set(u[0], u[1])
      else if (type === 'events') replica.emit(...u)
      else if (type === 'doc') docOperations[u[0]](...u.slice(1))
      else if (isSequence) sequenceOperations[u[0]](...u.slice(1))
      else replica.set(u)
    }
    return updates.length
  },
  // The recipe of the original's README: streams from and to a file.
  load: ({ file }) => new Promise((resolve, reject) => {
    const errors = []
    const input = fs.createReadStream(file, { encoding: 'utf8' })
    const stream = replica.createWriteStream()
    stream.on('error', e => errors.push(String(e)))
    input.on('error', reject)
    input.on('data', text => stream.write(text))
    input.on('end', () => { stream.end(); resolve(errors) })
  }),
  save: ({ file }) => new Promise((resolve, reject) => {
    const output = fs.createWriteStream(file)
    output.on('error', reject)
    output.on('finish', () => resolve(true))
    replica.createReadStream({ tail: false }).pipe(output)
  }),
  json: () => type === 'events' ? heard : replica.toJSON(),
  keys: () => replica.keys,
  text,
  // An original whose clock is behind a stamp it has seen writes what loses everywhere but with itself.
  after: ({ time }) => { while (Date.now() <= time); return true },
  ids: ({ field, value }) => seq(field, value).asArray().map(row => row.id),
  clock: () => replica.sources,
  history: () => replica.history(),
  attached: () => attached,
  streams: () => replica._streams || 0,
  seen: () => [...streams.values()],
  raw: ({ text }) => { for (const s of sockets) s.write(text); return sockets.size }
}

// One after the other, so that answers come in the order of the commands.
let last = Promise.resolve()
readline.createInterface({ input: process.stdin }).on('line', line => {
  last = last.then(async () => {
    let answer
    try {
      const command = JSON.parse(line)
      const result = await commands[command.do](command)
      answer = { ok: result === undefined ? null : result }
    } catch (e) {
      answer = { error: String((e && e.stack) || e) }
    }
    process.stdout.write(JSON.stringify(answer) + '\n')
  })
}).on('close', () => process.exit(0))

process.stdout.write(JSON.stringify({ ok: 'ready' }) + '\n')
