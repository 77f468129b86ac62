// A model of the original with its security, driven by JSON lines on standard input; each command is answered by one
// line. usage: node signed-peer.js [PRIVATE PUBLIC]     file names of keys; without them it neither signs nor verifies
'use strict'
const crypto = require('crypto')
const fs = require('fs')
const net = require('net')
const readline = require('readline')
const Model = require('scuttlebutt/model')

const files = process.argv.slice(2)
const keys = {}
const security = files.length
  ? require('scuttlebutt/security')(keys, fs.readFileSync(files[0]), fs.readFileSync(files[1]))
  : undefined
const replica = security ? new Model(security) : new Model()
const unverified = []
replica.on('unverified_data', update => unverified.push(update))

const sockets = new Set()

function attach (socket) {
  const stream = replica.createStream()
  sockets.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => { sockets.delete(socket); stream.destroy() })
  stream.on('error', () => socket.destroy())
  socket.pipe(stream).pipe(socket)
}

const commands = {
  listen: () => new Promise(resolve => {
    const server = net.createServer(attach)
    server.listen(0, '127.0.0.1', () => resolve(server.address().port))
  }),
  connect: ({ port }) => new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1' })
    socket.once('error', reject)
    socket.once('connect', () => { attach(socket); resolve(true) })
  }),
  id: () => replica.id,
  trust: ({ file }) => {
    const pem = fs.readFileSync(file)
    const id = crypto.createHash('SHA1').update(pem).digest('base64')
    keys[id] = pem
    return id
  },
  set: ({ key, value }) => { replica.set(key, value); return true },
  json: () => replica.toJSON(),
  clock: () => replica.sources,
  history: () => replica.history().map(update => JSON.stringify(update)),
  unverified: () => unverified.length,
  raw: ({ text }) => { for (const socket of sockets) socket.write(text); return sockets.size }
}

let last = Promise.resolve()
readline.createInterface({ input: process.stdin }).on('line', line => {
  last = last.then(async () => {
    let answer
    try {
      const command = JSON.parse(line)
      answer = { ok: await commands[command.do](command) }
    } catch (e) {
      answer = { error: String((e && e.stack) || e) }
    }
    process.stdout.write(JSON.stringify(answer) + '\n')
  })
}).on('close', () => process.exit(0))
