'use strict'
const Model = require('scuttlebutt/model')
const { work, Stopwatch, report } = require('./harness')

const ROUND_NANOS = 10000000n

async function main () {
  const model = new Model('server')
  for (let i = 0; i < work.keys; i++) model.set('key' + i, i)
  const hello = JSON.stringify({ id: 'client', clock: model.sources }) + '\n"SYNC"\n'
  let out = 0
  const watch = new Stopwatch()
  while (watch.running()) {
    let connects = 0
    await watch.start()
    const until = process.hrtime.bigint() + ROUND_NANOS
    do {
      out = connect(model, hello)
      connects++
    } while (process.hrtime.bigint() < until)
    await watch.stop(connects)
    // Streams have work of their own left for the next tick.
    await new Promise(resolve => setImmediate(resolve))
  }
  report(watch.micros({ 'bytes in': hello.length, 'bytes out': out }))
}

function connect (model, hello) {
  let out = 0
  let synced = false
  const stream = model.createStream()
  stream.on('data', line => { out += line.length })
  stream.on('synced', () => { synced = true })
  stream.resume()
  stream.write(hello)
  if (!synced) throw new Error('not synced')
  stream.destroy()
  return out
}

main()
