'use strict'
const Model = require('scuttlebutt/model')
const { work, Stopwatch, report, keys, nextTurn } = require('./harness')

async function main () {
  const model = new Model('bench')
  const peers = []
  for (let i = 0; i < work.peers; i++) {
    const peer = new Model('peer' + i)
    const there = model.createStream()
    const back = peer.createStream()
    there.pipe(back).pipe(there)
    peers.push(peer)
  }
  await nextTurn()
  const names = keys(work.keys)
  const watch = new Stopwatch()
  while (watch.running()) {
    await watch.start()
    for (let i = 0; i < work.sets; i++) model.set(names[i % names.length], i)
    await watch.stop(work.sets)
    for (const peer of peers) {
      if (peer.sources.bench !== model.sources.bench) throw new Error(peer.id + ' has not got what was set')
    }
  }
  report(watch.rate())
}

main()
