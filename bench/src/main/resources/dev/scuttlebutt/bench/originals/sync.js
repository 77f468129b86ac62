'use strict'
const net = require('net')
const Model = require('scuttlebutt/model')
const { work, isPeer, Stopwatch, report, startPeer, answer } = require('./harness')

async function main () {
  const ask = startPeer()
  const port = await ask({ listen: true })
  const watch = new Stopwatch(() => ask({ cpu: true }))
  let first = 0
  let bytes = 0
  while (watch.running()) {
    const model = new Model('client')
    await watch.start()
    const start = process.hrtime.bigint()
    const stream = model.createStream()
    const socket = net.connect(port, '127.0.0.1')
    socket.pipe(stream).pipe(socket)
    await new Promise(resolve => stream.once('synced', resolve))
    await watch.stop(work.keys)
    first = first || work.keys * 1e9 / Number(process.hrtime.bigint() - start)
    const count = model.keys().length
    if (count !== work.keys) throw new Error(`received ${count} updates instead of ${work.keys}`)
    bytes = socket.bytesRead
    await new Promise(resolve => { socket.once('close', resolve).destroy() })
  }
  report(watch.rate({ 'first in a new process': first, bytes }))
}

function peer () {
  const model = new Model('server')
  for (let i = 0; i < work.keys; i++) model.set('key' + i, i)
  const server = net.createServer(socket => {
    const stream = model.createStream()
    socket.on('error', () => {}).on('close', () => stream.destroy())
    socket.pipe(stream).pipe(socket)
  })
  answer({
    listen: () => new Promise(resolve => {
      server.listen(0, '127.0.0.1', () => resolve(server.address().port))
    })
  })
}

if (isPeer) peer(); else main()
