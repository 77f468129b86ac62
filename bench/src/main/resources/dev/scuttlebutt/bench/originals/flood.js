'use strict'
const net = require('net')
const Model = require('scuttlebutt/model')
const { work, isPeer, Stopwatch, report, startPeer, answer } = require('./harness')

async function main () {
  const ask = startPeer()
  const watch = new Stopwatch()
  while (watch.running()) {
    const model = new Model('server')
    let received
    const done = new Promise(resolve => { received = resolve })
    const server = net.createServer(socket => {
      const stream = model.createStream()
      stream.once('syncRecieved', received)
      socket.on('error', () => {}).on('close', () => stream.destroy())
      socket.pipe(stream).pipe(socket)
    })
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    await ask({ port: server.address().port })
    await watch.start()
    await ask({ send: true })
    await done
    await watch.stop(work.updates)
    const held = model.keys().length
    if (held !== work.keys || model.sources.flood !== timestamp(work.updates - 1)) {
      throw new Error(`${held} keys are held, up to ${model.sources.flood}`)
    }
    await ask({ close: true })
    await new Promise(resolve => server.close(resolve))
  }
  report(watch.rate())
}

const timestamp = i => 1700000000000 + i / 8

function peer () {
  const lines = ['{"id":"flood","clock":{}}']
  for (let i = 0; i < work.updates; i++) {
    lines.push(JSON.stringify([['key' + i % work.keys, i], timestamp(i), 'flood']))
  }
  lines.push('"SYNC"')
  const flood = Buffer.from(lines.join('\n') + '\n')
  let socket
  answer({
    port: port => new Promise(resolve => {
      socket = net.connect(port, '127.0.0.1', () => resolve(true))
      // The original sends everything back.
      socket.resume()
    }),
    send: () => {
      socket.write(flood)
      return true
    },
    close: () => new Promise(resolve => { socket.once('close', () => resolve(true)).destroy() })
  })
}

if (isPeer) peer(); else main()
