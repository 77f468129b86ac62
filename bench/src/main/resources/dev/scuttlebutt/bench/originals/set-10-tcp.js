'use strict'
const net = require('net')
const Model = require('scuttlebutt/model')
const { work, isPeer, Stopwatch, report, startPeer, answer, keys, nextTurn } = require('./harness')

// So many writes before the event loop may write to its sockets.
const TURN = 100

async function main () {
  const model = new Model('bench')
  const server = net.createServer(socket => {
    socket.pipe(model.createStream()).pipe(socket)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const ask = startPeer()
  await ask({ port: server.address().port })
  const names = keys(work.keys)
  const watch = new Stopwatch(() => ask({ cpu: true }))
  let all = 0
  while (watch.running()) {
    await watch.start()
    for (let i = 0; i < work.sets; i++) {
      model.set(names[i % names.length], i)
      if (i % TURN === TURN - 1) await nextTurn()
    }
    await ask({ until: model.sources.bench })
    await watch.stop(work.sets)
    all += work.sets
  }
  report(watch.rate({ 'delivered of written': await ask({ received: true }) / work.peers / all }))
}

function peer () {
  const peers = []
  let received = 0
  answer({
    port: port => Promise.all(Array.from({ length: work.peers }, (_, i) => {
      const model = new Model('peer' + i)
      model.on('_update', () => { received++ })
      const stream = model.createStream()
      const socket = net.connect(port, '127.0.0.1')
      socket.pipe(stream).pipe(socket)
      peers.push(model)
      return new Promise(resolve => stream.once('synced', () => resolve(true)))
    })),
    until: async timestamp => {
      while (peers.some(model => !(model.sources.bench >= timestamp))) await nextTurn()
      return true
    },
    received: () => received
  })
}

if (isPeer) peer(); else main()
