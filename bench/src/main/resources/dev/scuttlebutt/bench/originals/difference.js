'use strict'
const net = require('net')
const Model = require('scuttlebutt/model')
const { work, isPeer, Stopwatch, report, startPeer, answer } = require('./harness')

async function main () {
  const ask = startPeer()
  const port = await ask({ listen: true })
  const model = new Model('client')
  let received = 0
  model.on('_update', () => { received++ })
  let bytes = {}

  async function catchUp (updates, synced) {
    received = 0
    const stream = model.createStream()
    const socket = net.connect(port, '127.0.0.1')
    socket.pipe(stream).pipe(socket)
    await new Promise(resolve => stream.once('synced', resolve))
    await synced()
    if (received !== updates) throw new Error(`received ${received} updates instead of ${updates}`)
    bytes = { 'bytes in': socket.bytesRead, 'bytes out': socket.bytesWritten }
    await new Promise(resolve => { socket.once('close', resolve).destroy() })
    stream.destroy()
  }

  await catchUp(work.keys, () => {})
  const watch = new Stopwatch(() => ask({ cpu: true }))
  while (watch.running()) {
    await ask({ write: true })
    await watch.start()
    await catchUp(work.changed, () => watch.stop(1))
  }
  report(watch.micros(bytes))
}

function peer () {
  const model = new Model('server')
  for (let i = 0; i < work.keys; i++) model.set('key' + i, i)
  const server = net.createServer(socket => {
    const stream = model.createStream()
    socket.on('error', () => {}).on('close', () => stream.destroy())
    socket.pipe(stream).pipe(socket)
  })
  let round = 0
  answer({
    listen: () => new Promise(resolve => {
      server.listen(0, '127.0.0.1', () => resolve(server.address().port))
    }),
    write: () => {
      round++
      const step = Math.floor(work.keys / work.changed)
      for (let i = 0; i < work.changed; i++) model.set('key' + (i * step + round) % work.keys, -round)
      return true
    }
  })
}

if (isPeer) peer(); else main()
