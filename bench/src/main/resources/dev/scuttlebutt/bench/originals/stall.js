'use strict'
const net = require('net')
const v8 = require('v8')
const vm = require('vm')
const Model = require('scuttlebutt/model')
const { work, report, keys, nextTurn } = require('./harness')

const TURN = 100
const MB = 1 << 20

v8.setFlagsFromString('--expose-gc')
const gc = vm.runInNewContext('gc')

async function write (model, names, sets) {
  for (let i = 0; i < sets; i++) {
    model.set(names[i % names.length], i)
    if (i % TURN === TURN - 1) await nextTurn()
  }
}

function memory () {
  for (let i = 0; i < 3; i++) gc()
  return process.memoryUsage()
}

async function main () {
  const model = new Model('server')
  const names = keys(work.keys)
  await write(model, names, names.length)
  let header
  const greeted = new Promise(resolve => { header = resolve })
  const server = net.createServer(socket => {
    const stream = model.createStream()
    stream.once('header', header)
    socket.pipe(stream).pipe(socket)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const peer = net.connect(server.address().port, '127.0.0.1')
  peer.write('{"id":"peer","clock":{}}\n')
  await greeted
  const before = memory()
  await write(model, names, work.sets)
  await nextTurn()
  const after = memory()
  report({
    value: (after.heapUsed - before.heapUsed) / MB,
    byCpu: null,
    'buffers MB': (after.external - before.external) / MB,
    'updates held': model.history().length
  })
}

main()
